using System.Runtime.InteropServices;
using Conformance.Oracle;

namespace Conformance.Torch;

/// <summary>
/// Asks torch for convolutions of small integers, whose float32 answer is exact, and compares the output and all gradients with the oracle's taps.
/// libtorch's float32 convolution is wrong on some machines (README.md says on which). There oneDNN is switched off.
/// </summary>
internal static class SelfTest
{
    private static readonly int[] Channels = [1, 6, 8, 17, 20, 24];

    /// <summary>
    /// Channels that fill a vector and channels that don't, on both sides, with stride 1; some with stride 2; and the convolutions of the LeNet that
    /// <c>compare</c> trains. On a machine that hides its caches 45 of them are wrong; with one image of 4×5 instead of two of 5×6 only 1 would be.
    /// </summary>
    public static IReadOnlyList<LayerCase> Cases { get; } =
    [
        .. from input in Channels from output in Channels select Case($"n2c{input}h5w6-o{output}-k3"),
        .. Channels.Zip([.. Channels[1..], Channels[0]], (input, output) => Case($"n2c{input}h5w6-o{output}-k3-s2")),
        .. Channels.Zip([.. Channels[2..], .. Channels[..2]], (input, output) => Case($"n2c{input}h5w6-o{output}-k3-s2")),
        Case("n2c1h28w28-o6-k5-p2"),
        Case("n2c6h14w14-o16-k5"),
    ];

    /// <summary>Tests whether oneDNN is correct, and leaves it enabled or disabled accordingly.</summary>
    /// <param name="float32">Torch in float32.</param>
    /// <param name="enable">Switches oneDNN on or off.</param>
    /// <param name="forced">The user's setting; null if there is none.</param>
    public static Float32Health Run(IOracle float32, Action<bool> enable, bool? forced)
    {
        enable(forced ?? true);
        var right = Cases.AsParallel().AsOrdered().Select(question => AllOperations.Named(question.Op).Evaluate(question)).ToArray();
        var wrong = Wrong(float32, right);
        if (forced is not null || wrong == 0)
            return new(forced ?? true, forced, wrong, 0, Cases.Count);
        enable(false);
        return new(false, null, wrong, Wrong(float32, right), Cases.Count);
    }

    private static int Wrong(IOracle float32, LayerResult[] right) => Cases.Zip(right).Count(pair => !IsRight(float32, pair.First, pair.Second));

    private static bool IsRight(IOracle float32, LayerCase question, LayerResult right)
    {
        try
        {
            var answers = float32.Evaluate(question).Tensors.ToDictionary();
            return right.Tensors.All(pair => answers.TryGetValue(pair.Key, out var tensor) && tensor.HasShape(pair.Value.Shape)
                && pair.Value.Data.ToArray().Zip(tensor.Data.ToArray()).All(element => element.First == element.Second));
        }
        catch (ExternalException) // torch threw it
        {
            return false;
        }
    }

    private static LayerCase Case(string geometry) => AllOperations.Draw("conv2d/" + geometry);
}
