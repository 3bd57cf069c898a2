using Conformance.Oracle;
using Conformance.Torch;

namespace Conformance.Tests.Torch;

/// <summary>Small cases for the oracle's own tests, and readable expectations.</summary>
internal static class Cases
{
    public static LayerCase Make(
        string op, Attributes attributes, Dictionary<string, Tensor64> inputs, Tensor64? cotangent = null) =>
        new(
            $"{op}/test", op, attributes, Tier.Exact, inputs,
            cotangent is null ? new() : new Dictionary<string, Tensor64> { ["output"] = cotangent }, []);

    public static Tensor64 T(int[] shape, params double[] data) => new(shape, data);

    /// <summary>A case with the one input <c>input</c>.</summary>
    public static LayerCase OfInput(string op, Attributes attributes, Tensor64 input, Tensor64? cotangent = null) =>
        Make(op, attributes, new() { ["input"] = input }, cotangent);

    public static LayerResult Evaluate(LayerCase layerCase) => new TorchOracle().Evaluate(layerCase);

    public static void Equal(Tensor64 actual, int[] shape, params double[] data)
    {
        Assert.That(actual.Shape.ToArray(), Is.EqualTo(shape));
        Assert.That(actual.Data.ToArray(), Is.EqualTo(data));
    }

    /// <summary>Equal but for float64's last bits.</summary>
    public static void Close(Tensor64 actual, int[] shape, params double[] data)
    {
        Assert.That(actual.Shape.ToArray(), Is.EqualTo(shape));
        Assert.That(actual.Data.ToArray(), Is.EqualTo(data).Within(1e-14));
    }

    /// <summary>Pseudo-random values in [−1, 1], the same every time.</summary>
    public static Tensor64 Noise(int seed, params int[] shape)
    {
        var random = new Random(seed);
        return Tensor64.Zeros(shape).Select(_ => (random.NextDouble() * 2) - 1);
    }

    public static Attributes Conv2d(int stride = 1, int[]? padding = null, int dilation = 1, int groups = 1) =>
        Attributes.FromPairs(("stride", stride), ("padding", padding ?? [0, 0, 0, 0]), ("dilation", dilation), ("groups", groups));

    public static Attributes MaxPool2d(int kernelSize = 2, int stride = 2, int padding = 0, bool ceilMode = false) =>
        Attributes.FromPairs(("kernel_size", kernelSize), ("stride", stride), ("padding", padding), ("dilation", 1), ("ceil_mode", ceilMode));
}
