using Conformance.Engine.Layers;
using Conformance.Engine.Networks;

namespace Conformance.Tests.Engine.Networks;

/// <summary>A network's figures, against those counted by hand.</summary>
internal sealed class SummaryTests
{
    [Test]
    public void LeNetsSummaryIsTheWellKnownOne()
    {
        var summary = NetworkSummary.FromDefinition(NamedNetworks.Resolve("lenet"));
        Assert.That((summary.Parameters, summary.MultiplyAdds), Is.EqualTo((61_706L, 416_520L)));
        Assert.That(summary.ToString(), Does.Contain("conv2          conv2d              [16, 10, 10]           2,416         240,000\n"));
        Assert.That(summary.ToString().Split('\n').Max(line => line.Length), Is.LessThanOrEqualTo(80));
    }

    /// <summary>
    /// Computed by hand. A filter of conv has one channel of 2·3 numbers, and each of the four filters has 3·3 places; fc sums 12 numbers five
    /// times.
    /// </summary>
    private static readonly (string Layer, string Output, long Parameters, long MultiplyAdds)[] ByHand =
    [
        (
            """{ "name": "conv", "type": "conv2d", "out_channels": 4, "kernel_size": [2, 3], "stride": 2, "groups": 2 }""",
            "4 3 3", 4 * 6 + 4, 4 * 9 * 6),
        (
            """{ "name": "bare", "type": "conv2d", "out_channels": 3, "kernel_size": 3, "padding": [1, 2, 1, 1], "dilation": 1, "bias": false }""",
            "3 4 3", 3 * 4 * 9, 3 * 4 * 3 * 4 * 9),
        ("""{ "name": "norm", "type": "batch_norm2d" }""", "3 4 3", 2 * 3, 0),
        ("""{ "name": "fixed", "type": "batch_norm2d", "affine": false }""", "3 4 3", 0, 0),
        ("""{ "name": "relu", "type": "relu" }""", "3 4 3", 0, 0),
        ("""{ "name": "leaky", "type": "leaky_relu" }""", "3 4 3", 0, 0),
        ("""{ "name": "tanh", "type": "tanh" }""", "3 4 3", 0, 0),
        ("""{ "name": "sigmoid", "type": "sigmoid" }""", "3 4 3", 0, 0),
        ("""{ "name": "max", "type": "max_pool2d", "kernel_size": 2, "stride": 1 }""", "3 3 2", 0, 0),
        ("""{ "name": "average", "type": "avg_pool2d", "kernel_size": 2, "ceil_mode": true }""", "3 2 1", 0, 0),
        ("""{ "name": "adaptive", "type": "adaptive_avg_pool2d", "output_size": [2, 2] }""", "3 2 2", 0, 0),
        ("""{ "name": "softmax", "type": "softmax", "dim": 1 }""", "3 2 2", 0, 0),
        ("""{ "name": "flatten", "type": "flatten" }""", "12", 0, 0),
        ("""{ "name": "dropout", "type": "dropout" }""", "12", 0, 0),
        ("""{ "name": "fc", "type": "linear", "out_features": 5 }""", "5", 12 * 5 + 5, 12 * 5),
        ("""{ "name": "vectors", "type": "batch_norm1d" }""", "5", 2 * 5, 0),
        ("""{ "name": "last", "type": "linear", "out_features": 4, "bias": false }""", "4", 20, 20),
        ("""{ "name": "log", "type": "log_softmax", "dim": 1 }""", "4", 0, 0),
    ];

    [Test]
    public void EveryTypesFiguresAreThoseCountedByHand()
    {
        var json =
            $$"""{ "conformance": 1, "name": "all", "input": [2, 7, 7], "layers": [{{string.Join(", ", ByHand.Select(row => row.Layer))}}] }""";
        var summary = NetworkSummary.FromDefinition(NetworkReader.Parse(json));

        Assert.That(
            summary.Layers.Select(layer => (string.Join(' ', layer.OutputShape), layer.Parameters, layer.MultiplyAdds)),
            Is.EqualTo(ByHand.Select(row => (row.Output, row.Parameters, row.MultiplyAdds))));
        Assert.That(summary.Parameters, Is.EqualTo(28 + 108 + 6 + 65 + 10 + 20));
        Assert.That(summary.MultiplyAdds, Is.EqualTo(216 + 1296 + 60 + 20));
        Assert.That(summary.Layers.Select(layer => layer.Type).Distinct(), Is.EquivalentTo(NetworkBuilder.Types), "each type");
    }

    /// <summary>Two cores train it: what its description says, and no more than that.</summary>
    [Test]
    public void TheNetForAccuracyCostsNineLeNets()
    {
        long Count(string name) => NetworkSummary.FromDefinition(NamedNetworks.Resolve(name)).MultiplyAdds;
        Assert.That(NamedNetworks.Resolve("conv3x3").Description, Does.Contain("nine times LeNet's multiply-adds"));
        Assert.That(Count("conv3x3") / (double)Count("lenet"), Is.InRange(8.5, 9.5));
    }

    [Test]
    public void ANetworkMadeByHandHasASummaryForAShape()
    {
        var net = new Sequential(
            ("block", new Sequential(("conv", new Conv2d(2, 4, 3)), ("relu", new ReLU()))), ("flatten", new Flatten()), ("fc", new Linear(36, 5)));
        var summary = NetworkSummary.FromNetwork("mine", net, 2, 5, 5);
        Assert.That(summary.Layers.Select(layer => layer.Name), Is.EqualTo(new[] { "block.conv", "block.relu", "flatten", "fc" }));
        Assert.That(summary.MultiplyAdds, Is.EqualTo(4 * 9 * 18 + 180));
        Assert.That(() => NetworkSummary.FromNetwork("mine", net, 1, 5, 5), Throws.ArgumentException.With.Message.Contains("[N, 2, H, W]"));
    }
}
