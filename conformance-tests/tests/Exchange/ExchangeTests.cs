using Conformance.Cli.Shared;
using Conformance.Engine.Checkpoints;
using Conformance.Engine.Networks;
using Conformance.Oracle;
using Conformance.Tests.Cli.Shared;
using Conformance.Tests.Examples;

namespace Conformance.Tests.Exchange;

/// <summary>
/// Exchanges weights with PyTorch and ONNX Runtime, in both directions. The logits for images of MNIST agree within the limits of
/// <see cref="Models.StepLimits"/>.
/// </summary>
internal sealed class ExchangeTests
{
    /// <summary>Below this lead of the largest logit, rounding may decide.</summary>
    private const double LeastLead = 1e-4;

    private static readonly NetworkDefinition EveryLayer = Definition("every-layer", """
        { "name": "conv1", "type": "conv2d", "out_channels": 8, "kernel_size": [3, 5], "stride": [2, 1], "padding": [1, 0, 2, 1], "dilation": [1, 2] },
        { "name": "bn1", "type": "batch_norm2d", "affine": false, "eps": 0.01 },
        { "name": "leaky", "type": "leaky_relu", "negative_slope": 0.2 },
        { "name": "conv2", "type": "conv2d", "out_channels": 12, "kernel_size": 3, "padding": 1, "groups": 4, "bias": false },
        { "name": "tanh", "type": "tanh" },
        { "name": "pool1", "type": "avg_pool2d", "kernel_size": [3, 2], "stride": 2, "padding": 1, "ceil_mode": true },
        { "name": "pool2", "type": "max_pool2d", "kernel_size": 2, "stride": 3, "dilation": 3, "ceil_mode": true },
        { "name": "bn2", "type": "batch_norm2d", "momentum": null },
        { "name": "sigmoid", "type": "sigmoid" },
        { "name": "pool3", "type": "avg_pool2d", "kernel_size": 2, "stride": 1, "padding": 1, "count_include_pad": false },
        { "name": "pool4", "type": "adaptive_avg_pool2d", "output_size": [3, 2] },
        { "name": "images", "type": "flatten", "start_dim": 2 },
        { "name": "bn3", "type": "batch_norm1d" },
        { "name": "flatten", "type": "flatten" },
        { "name": "dropout", "type": "dropout" },
        { "name": "fc1", "type": "linear", "out_features": 20, "bias": false },
        { "name": "bn4", "type": "batch_norm1d" },
        { "name": "relu", "type": "relu" },
        { "name": "logits", "type": "linear", "out_features": 10 },
        { "name": "log_softmax", "type": "log_softmax", "dim": -1 }
        """);

    private static readonly NetworkDefinition EveryPool = Definition("every-pool", """
        { "name": "conv1", "type": "conv2d", "out_channels": 6, "kernel_size": 3 },
        { "name": "softmax", "type": "softmax", "dim": 1 },
        { "name": "pool1", "type": "max_pool2d", "kernel_size": [3, 2], "stride": 2, "padding": [1, 0, 0, 1] },
        { "name": "pool2", "type": "avg_pool2d", "kernel_size": 2, "stride": 1, "padding": [0, 1] },
        { "name": "pool3", "type": "avg_pool2d", "kernel_size": 3, "stride": 2, "padding": 1, "ceil_mode": true, "count_include_pad": false },
        { "name": "pool4", "type": "adaptive_avg_pool2d", "output_size": 1 },
        { "name": "flatten", "type": "flatten" },
        { "name": "fc", "type": "linear", "out_features": 10 },
        { "name": "dropout", "type": "dropout" }
        """);

    private static readonly string[] Models = ["lenet", "lenet-batchnorm", "conv3x3", "c16pc16", "lenet-1998", EveryPool.Name, EveryLayer.Name];

    [TestCaseSource(nameof(Models)), Category("Long")]
    public void FirstWeightsGiveTheSameLogitsEverywhere(string model) => Agree(model, images: 200, trainedOn: 0);

    /// <summary>On the whole test set; of the large net, whose float64 logits take PyTorch a minute and a half, on a part.</summary>
    [TestCase("lenet", 10_000)]
    [TestCase("lenet-batchnorm", 10_000)]
    [TestCase("c16pc16", 10_000)]
    [TestCase("conv3x3", 1_000)]
    [Category("Long")]
    public void TrainedWeightsGiveTheSameLogitsOnTestImages(string model, int images) => Agree(model, images, trainedOn: 6_000);

    /// <summary>The limits are narrow enough to see one number of any tensor a tenth off.</summary>
    [Test, Category("Long")]
    public void AMistakeIsSeen()
    {
        using var exchanged = ExchangedNetwork.Fresh(Read("lenet-batchnorm"), images: 200, trainedOn: 0);
        var (_, limits) = exchanged.Torch();
        var network = exchanged.Weights.Network;
        var buffers = network.Buffers.Where(buffer => !buffer.Name.EndsWith("tracked", StringComparison.Ordinal));
        foreach (var tensor in network.Parameters.Select(parameter => (parameter.Name, parameter.Value))
            .Concat(buffers.Select(buffer => (buffer.Name, buffer.Value))))
        {
            var (at, before) = (tensor.Value.Length / 2, tensor.Value.Span[tensor.Value.Length / 2]);
            tensor.Value.Span[at] = before == 0 ? 0.1f : before * 1.1f;
            Assert.That(ExchangedNetwork.Error(limits, exchanged.Ours()), Is.GreaterThan(1), tensor.Name);
            tensor.Value.Span[at] = before;
        }
        Assert.That(ExchangedNetwork.Error(limits, exchanged.Ours()), Is.InRange(0.0, 1.0));
    }

    /// <summary>A network that PyTorch trained and saved.</summary>
    [TestCase("lenet-batchnorm", Category = "Long")]
    [TestCase("c4rpc4", Category = "Long")]
    public void PyTorchsStateIsOurs(string model)
    {
        using var directory = new TemporaryDirectory();
        var (definition, theirs, again) = (directory.File("model.json"), directory.File("theirs.safetensors"), directory.File("again.safetensors"));
        File.WriteAllText(definition, NamedNetworks.Resolve(model).ToJson());
        var data = Path.GetDirectoryName(LiveMnist.Require().TestImages)!;
        ExchangedNetwork.RequireGood(
            Programs.Run(Programs.Torch(), [ExchangedNetwork.TorchExchange, "train", definition, theirs, data, "--images", "300"]));

        var (exit, _, error) = Programs.Conformance("export", "--weights", theirs, "--model", definition, "--out", again);
        Assert.That(exit, Is.Zero, error);
        var (before, after) = (Safetensors.Load(theirs).Tensors, Safetensors.Load(again).Tensors);
        Assert.That(after.Keys, Is.EquivalentTo(before.Keys));
        foreach (var (name, tensor) in before)
            Assert.That((after[name].Dtype, after[name].Data.ToArray()), Is.EqualTo((tensor.Dtype, tensor.Data.ToArray())), name);

        using var exchanged = new ExchangedNetwork(WeightsFile.Load(again), images: 200);
        var (_, limits) = exchanged.Torch();
        Assert.That(ExchangedNetwork.Error(limits, exchanged.Ours()), Is.InRange(0.0, 1.0));
    }

    private static void Agree(string model, int images, int trainedOn)
    {
        using var exchanged = ExchangedNetwork.Fresh(Read(model), images, trainedOn);
        exchanged.CheckOnnx();
        var (expected, limits) = exchanged.Torch();
        var (ours, runtime) = (exchanged.Ours(), exchanged.OnnxRuntime());
        double engine = ExchangedNetwork.Error(limits, ours), onnx = ExchangedNetwork.Error(limits, runtime);
        TestContext.Out.WriteLine($"of the limit: ours {engine:F3}, ONNX Runtime {onnx:F3}");
        Assert.Multiple(() =>
        {
            Assert.That(engine, Is.InRange(0.0, 1.0), "our engine and PyTorch");
            Assert.That(onnx, Is.InRange(0.0, 1.0), "ONNX Runtime and PyTorch");
        });
        var decided = Enumerable.Range(0, images)
            .Where(image => Ranked(expected, image) is [var first, var second, ..] && first.Value - second.Value > LeastLead)
            .ToList();
        Assert.That(decided, Has.Count.GreaterThan(images * 99 / 100));
        Assert.That(decided.Where(image => Ranked(ours, image)[0].Class != Ranked(runtime, image)[0].Class), Is.Empty, "predictions");
    }

    private static (int Class, double Value)[] Ranked(Tensor64 logits, int image) =>
        [.. Enumerable.Range(0, 10).Select(c => (c, logits[image * 10 + c])).OrderByDescending(logit => logit.Item2)];

    private static NetworkDefinition Read(string model) =>
        Array.Find([EveryLayer, EveryPool], definition => definition.Name == model) ?? NamedNetworks.Resolve(model);

    private static NetworkDefinition Definition(string name, string layers) =>
        NetworkReader.Parse($$"""{ "conformance": 1, "name": "{{name}}", "input": [1, 28, 28], "layers": [ {{layers}} ] }""");
}
