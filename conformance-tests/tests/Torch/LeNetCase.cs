using Conformance.Oracle;

namespace Conformance.Tests.Torch;

/// <summary>LeNet at its full size on four images, for comparing the oracle with the baseline.</summary>
internal static class LeNetCase
{
    public const double LearningRate = 0.05;
    public const double Momentum = 0.9;

    private static readonly (string Name, int[] Shape)[] Parameters =
    [
        ("conv1.weight", [6, 1, 5, 5]), ("conv1.bias", [6]),
        ("conv2.weight", [16, 6, 5, 5]), ("conv2.bias", [16]),
        ("fc1.weight", [120, 400]), ("fc1.bias", [120]),
        ("fc2.weight", [84, 120]), ("fc2.bias", [84]),
        ("fc3.weight", [10, 84]), ("fc3.bias", [10]),
    ];

    public static byte[] Pixels { get; } = [.. Enumerable.Range(0, 4 * 784).Select(i => (byte)(i * 31 % 251))];

    public static byte[] Labels { get; } = [7, 0, 9, 7];

    /// <summary>Float32 values within ±1/√(inputs of one output), the same every time.</summary>
    public static Dictionary<string, float[]> Weights() => Parameters.Index().ToDictionary(
        item => item.Item.Name,
        item =>
        {
            var bound = 1 / Math.Sqrt(item.Item.Shape.Skip(1).Aggregate(1, (product, extent) => product * extent));
            return Array.ConvertAll(Cases.Noise(item.Index, item.Item.Shape).Data.ToArray(), value => (float)(value * bound));
        });

    public static LayerCase Create(int steps)
    {
        var weights = Weights();
        var inputs = Parameters.ToDictionary(
            parameter => parameter.Name,
            parameter => new Tensor64(parameter.Shape, Array.ConvertAll(weights[parameter.Name], value => (double)value)));
        inputs["input"] = new([4, 1, 28, 28], [.. Pixels.Select(p => (double)(float)((p / 255.0 - 0.1307) / 0.3081))]);
        inputs["target"] = new([4], Array.ConvertAll(Labels, label => (double)label));
        var attributes = Attributes.FromPairs(("padding", 2), ("steps", steps), ("lr", LearningRate), ("momentum", Momentum));
        return new("lenet/test", "lenet", attributes, Tier.Bounded, inputs, new Dictionary<string, Tensor64>(), []);
    }
}
