using System.Globalization;
using Conformance.Engine.Data;
using Conformance.Engine.Networks;
using Conformance.Engine.Tensors;

namespace Conformance.Cli.Shared;

/// <summary>Refuses weights with which a network computes nothing: a result of NaN would look like an answer.</summary>
internal static class SoundNetwork
{
    /// <param name="network">With its weights, in evaluation.</param>
    /// <param name="input">The shape of one image.</param>
    /// <param name="path">Named in messages: the file of the weights.</param>
    /// <exception cref="UserError">A number is not finite, a variance is negative, or an image gives an output that is not finite.</exception>
    public static void Check(Sequential network, IReadOnlyList<int> input, string path)
    {
        var values = network.Parameters.Select(one => (one.Name, one.Value)).Concat(network.Buffers.Select(one => (one.Name, one.Value)));
        foreach (var (name, value) in values)
        {
            bool isVariance = name.EndsWith("running_var", StringComparison.Ordinal);
            foreach (float number in value.ToArray())
                if (!float.IsFinite(number))
                    throw new UserError($"{path}: {name}: expected finite numbers, got {Text(number)}");
                else if (isVariance && number < 0)
                    throw new UserError($"{path}: {name}: expected a variance of 0 or more, got {Text(number)}");
        }
        byte[] greys = [0, 255]; // each image is a network's input at an end of its range
        foreach (byte grey in greys)
        {
            var image = Tensor.Zeros([1, .. input]);
            image.Span.Fill(Normalization.FromByte(grey));
            foreach (float output in network.Forward(image).ToArray())
                if (!float.IsFinite(output))
                    throw new UserError($"{path}: expected weights that give finite outputs, got {Text(output)} for an image "
                        + $"whose pixels are all {grey}: the weights are too large for float32, or damaged");
        }
    }

    private static string Text(float number) => number.ToString(CultureInfo.InvariantCulture);
}
