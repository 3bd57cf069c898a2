using System.Text.Json;
using Conformance.Engine.Layers;
using Conformance.Engine.Networks;
using Conformance.Engine.Tensors;

namespace Conformance.Tests.Engine.Networks;

/// <summary>Networks as data: names, files, the notation, and what is wrong with one.</summary>
internal sealed class DefinitionTests
{
    private static readonly string[] Named = [.. NamedNetworks.Names];

    [Test]
    public void LeNetIsTheNetItAlwaysWas()
    {
        var net = NamedNetworks.Resolve("lenet").Build(seed: 3);
        var byHand = new Sequential(
            ("conv1", new Conv2d(1, 6, 5, padding: 2)), ("relu1", new ReLU()), ("pool1", new MaxPool2d(2)),
            ("conv2", new Conv2d(6, 16, 5)), ("relu2", new ReLU()), ("pool2", new MaxPool2d(2)), ("flatten", new Flatten()),
            ("fc1", new Linear(400, 120)), ("relu3", new ReLU()), ("fc2", new Linear(120, 84)), ("relu4", new ReLU()), ("fc3", new Linear(84, 10)));
        Initialization.HeNormal().Fill(byHand.Parameters, 3);

        Assert.That(net.Children.Select(child => child.Name), Is.EqualTo(byHand.Children.Select(child => child.Name)));
        foreach (var (parameter, expected) in net.Parameters.Zip(byHand.Parameters))
            Assert.That(parameter.Value.ToArray(), Is.EqualTo(expected.Value.ToArray()), parameter.Name);
        var images = Engine.Fill.Normals(1, 4, 1, 28, 28);
        Assert.That(net.Forward(images).ToArray(), Is.EqualTo(byHand.Forward(images).ToArray()));
    }

    [TestCaseSource(nameof(Named))]
    public void ANamedNetworkIsReadAndWrittenWithoutLoss(string name)
    {
        var definition = NamedNetworks.Resolve(name);
        Assert.That(definition.Name, Is.EqualTo(name));
        Assert.That(definition.Description, Is.Not.Empty);
        Assert.That(NetworkReader.Parse(definition.ToJson()).ToJson(), Is.EqualTo(definition.ToJson()));
        Assert.That(
            File.ReadAllText(Path.Combine(Repository.Root, "engine", "Networks", name + ".json")),
            Is.EqualTo(definition.ToJson()),
            "the file is as ToJson writes it");
        var net = definition.Build(1);
        Assert.That(net.Forward(Tensor.Zeros([2, .. definition.Input])).Shape.ToArray(), Is.EqualTo(new[] { 2, 10 }));
    }

    [Test]
    public void WhatASourceLeavesOpenIsMarked() => Assert.That(
        Named.Where(name => char.IsAsciiDigit(name[^1]) && name.Contains("-0", StringComparison.Ordinal))
            .Select(name => NamedNetworks.Resolve(name).Assumed.Count),
        Has.Exactly(5).Items.And.All.Positive);

    [Test]
    public void TheStateNamesArePyTorchs()
    {
        var net = NamedNetworks.Resolve("lenet-batchnorm").Build(1);
        Assert.That(net.Parameters.Select(parameter => parameter.Name), Is.EqualTo(new[]
        {
            "conv1.weight", "bn1.weight", "bn1.bias", "conv2.weight", "bn2.weight", "bn2.bias",
            "fc1.weight", "bn3.weight", "bn3.bias", "fc2.weight", "bn4.weight", "bn4.bias", "fc3.weight", "fc3.bias",
        }));
        Assert.That(
            net.Buffers.Take(3).Select(buffer => buffer.Name),
            Is.EqualTo(new[] { "bn1.running_mean", "bn1.running_var", "bn1.num_batches_tracked" }));
        Assert.That(net.Parameters.Single(parameter => parameter.Name == "bn1.weight").Value.ToArray(), Is.All.EqualTo(1));
    }

    [TestCase("c16pc16", "conv1 pool1 conv2 flatten fc")]
    [TestCase("c8pc8p", "conv1 pool1 conv2 pool2 flatten fc")]
    [TestCase("c16r", "conv1 relu1 flatten fc")]
    [TestCase("pc4rp", "pool1 conv1 relu1 pool2 flatten fc")]
    public void TheNotationNamesItsLayers(string text, string layers) =>
        Assert.That(NamedNetworks.Resolve(text).Layers.Select(layer => layer.Name), Is.EqualTo(layers.Split(' ')));

    [Test]
    public void TheNotationsNetIsThatOfItsFile() => Assert.That(
        NetworkSummary.FromDefinition(NamedNetworks.Resolve("c16pc16")).Layers,
        Is.EqualTo(NetworkSummary.FromDefinition(NamedNetworks.Resolve("configurations-001")).Layers).Using<LayerSummary, LayerSummary>(
            (a, b) => (a.Name, a.Type, a.Parameters, a.MultiplyAdds) == (b.Name, b.Type, b.Parameters, b.MultiplyAdds)
                && a.OutputShape.SequenceEqual(b.OutputShape)));

    [TestCase("c16pcp", "configuration 'c16pcp': expected a number of filters, 1 or more, after c, got 'p' at character 6")]
    [TestCase("c0", "expected a number of filters, 1 or more, after c, got '0' at character 2")]
    [TestCase("c", "after c, got the end at character 2")]
    [TestCase("c8rr", "expected cN, cNr or p, got 'r' at character 4")]
    [TestCase("c8xp", "expected cN, cNr or p, got 'x' at character 3")]
    [TestCase("8", "expected cN, cNr or p, got '8' at character 1")]
    [TestCase("c8ppppp", "layer 'pool5': max_pool2d: expected an input height of at least 2")]
    [TestCase("c8pppc8c8", "layer 'conv3': conv2d: expected an input height of at least 3")]
    [TestCase("c2000000000", "layer 'conv1': expected a network of at most 134217728 parameters, got 18000000000 up to here")]
    [TestCase("c8 p", "expected cN, cNr or p, got ' ' at character 3")]
    [TestCase("lenet5", "model: expected a name (lenet, lenet-batchnorm,")]
    [TestCase("", "model: expected a name")]
    [TestCase("no/such.json", "no/such.json: ")]
    public void AWrongModelIsNamed(string model, string message) =>
        Assert.That(() => NamedNetworks.Resolve(model), Throws.InstanceOf<NetworkException>().With.Message.Contains(message));

    private static IEnumerable<TestCaseData> WrongFiles()
    {
        const string Relu = """{ "name": "a", "type": "relu" }""";
        TestCaseData File(string name, string json, string message) => new TestCaseData(json, message).SetArgDisplayNames(name);
        string Layers(string layers) => $$"""{ "conformance": 1, "name": "mine", "input": [1, 8, 8], "layers": [{{layers}}] }""";
        return
        [
            File("no JSON", "{", "my.json: "),
            File("a list", "[]", "my.json: expected an object, got []"),
            File("no version", """{ "name": "a" }""", "my.json: expected a field 'conformance', got none"),
            File("another version", """{ "conformance": 2 }""", "my.json: conformance: expected 1, got 2"),
            File("an unknown field", """{ "conformance": 1, "layer": [] }""", "my.json: unknown field 'layer': expected conformance, name,"),
            File("a field twice", """{ "conformance": 1, "conformance": 1 }""", "my.json: "),
            File("no layers", Layers(""), "my.json: layers: expected a list of at least one layer, got []"),
            File("an input of two numbers", """{ "conformance": 1, "name": "a", "input": [1, 8], "layers": [1] }""",
                "my.json: input: expected [C, H, W] (or [features]) of whole numbers above 0, got [1, 8]"),
            File("an input of none", """{ "conformance": 1, "name": "a", "input": [1, 0, 8], "layers": [1] }""",
                "my.json: input: expected [C, H, W]"),
            File("an input on several lines", "{ \"conformance\": 1, \"name\": \"a\", \"input\": [\n  1,\n  8\n], \"layers\": [1] }",
                "my.json: input: expected [C, H, W] (or [features]) of whole numbers above 0, got [ 1, 8 ]"),
            File(
                "an input that is too large",
                """{ "conformance": 1, "name": "a", "input": [65536, 65537, 1], "layers": [{ "name": "a", "type": "flatten" }] }""",
                "my.json: input: expected a shape that one array can hold, got [65536, 65537, 1]"),
            File("a layer that is a number", Layers("1"), "my.json: layers[0]: expected an object, got 1"),
            File("a layer without a type", Layers("""{ "name": "a" }"""), "my.json: layers[0]: expected a field 'type', got none"),
            File("a name that is a number", Layers("""{ "name": 1, "type": "relu" }"""), "my.json: layers[0].name: expected a text, got 1"),
            File("a name twice", Layers($"{Relu}, {Relu}"), "my.json: layer 'a': expected a name of its own"),
            File("a name with a dot", Layers("""{ "name": "a.b", "type": "relu" }"""), "my.json: layer 'a.b': expected a name without a dot"),
            File("an unknown layer", Layers("""{ "name": "a", "type": "conv3d" }"""), "my.json: layer 'a': expected a type of conv2d, linear,"),
            File("an unknown option", Layers("""{ "name": "a", "type": "conv2d", "out_channels": 1, "kernel_size": 3, "filters": 8 }"""),
                "my.json: layer 'a': unknown field 'filters': conv2d has out_channels, kernel_size, stride"),
            File("an option of a layer that has none", Layers("""{ "name": "a", "type": "relu", "inplace": true }"""),
                "my.json: layer 'a': unknown field 'inplace': relu has none"),
            File("a missing option", Layers("""{ "name": "a", "type": "conv2d", "kernel_size": 3 }"""),
                "my.json: layer 'a': expected a field 'out_channels', a whole number, got none"),
            File("a text for a number", Layers("""{ "name": "a", "type": "conv2d", "out_channels": "8", "kernel_size": 3 }"""),
                "my.json: layer 'a'.out_channels: expected a whole number, got \"8\""),
            File("a fraction for a size", Layers("""{ "name": "a", "type": "max_pool2d", "kernel_size": 2.5 }"""),
                "my.json: layer 'a'.kernel_size: expected a whole number or [height, width], got 2.5"),
            File("three sides of padding", Layers("""{ "name": "a", "type": "conv2d", "out_channels": 1, "kernel_size": 3, "padding": [1, 1, 1] }"""),
                "my.json: layer 'a'.padding: expected a whole number, [height, width] or [top, bottom, left, right], got [1, 1, 1]"),
            File("a number that no float64 is", Layers("""{ "name": "a", "type": "leaky_relu", "negative_slope": 1e400 }"""),
                "my.json: layer 'a'.negative_slope: expected a number, got 1e400"),
            File("a number for a flag", Layers("""{ "name": "a", "type": "conv2d", "out_channels": 1, "kernel_size": 3, "bias": 0 }"""),
                "my.json: layer 'a'.bias: expected true or false, got 0"),
            File("no features", Layers("""{ "name": "f", "type": "flatten" }, { "name": "a", "type": "linear", "out_features": 0 }"""),
                "my.json: layer 'a': linear: expected out_features of 1 or more, got 0"),
            File(
                "more weights than a network may have", Layers("""{ "name": "a", "type": "conv2d", "out_channels": 2000000000, "kernel_size": 3 }"""),
                "my.json: layer 'a': expected a network of at most 134217728 parameters, got 18000000000 up to here"),
            File("an output that is too large", Layers("""{ "name": "a", "type": "conv2d", "out_channels": 100000000, "kernel_size": 1 }"""),
                "my.json: layer 'a': tensor: shape [N, 100000000, 8, 8] has more elements than one array can hold"),
            File("groups that don't divide", Layers("""{ "name": "a", "type": "conv2d", "out_channels": 3, "kernel_size": 3, "groups": 2 }"""),
                "my.json: layer 'a': conv2d: expected groups that divide 1 input and 3 output channels, got 2"),
            File("a kernel larger than the image", Layers("""{ "name": "a", "type": "conv2d", "out_channels": 3, "kernel_size": 9 }"""),
                "my.json: layer 'a': conv2d: expected an input height of at least 9"),
            File("a linear layer on images", Layers("""{ "name": "a", "type": "linear", "out_features": 3 }"""),
                "my.json: layer 'a': linear: expected input [N, features] (a flatten before it makes them), got [N, 1, 8, 8]"),
            File(
                "a convolution behind flatten",
                Layers("""{ "name": "f", "type": "flatten" }, { "name": "a", "type": "conv2d", "out_channels": 3, "kernel_size": 1 }"""),
                "my.json: layer 'a': conv2d: expected input [N, C, H, W], got [N, 64]"),
            File("batch norm of vectors on images", Layers("""{ "name": "a", "type": "batch_norm1d" }"""),
                "my.json: layer 'a': batch_norm1d: expected input [N, 1] or [N, 1, L], got [N, 1, 8, 8]"),
            File("a momentum above one", Layers("""{ "name": "a", "type": "batch_norm2d", "momentum": 2 }"""),
                "my.json: layer 'a': batch_norm2d: expected a momentum from 0 to 1"),
            File("a probability above one", Layers("""{ "name": "a", "type": "dropout", "p": 1.5 }"""),
                "my.json: layer 'a': dropout: expected p from 0 to 1, got 1.5"),
            File(
                "an unknown initialisation",
                """{ "conformance": 1, "name": "a", "input": [1, 8, 8], "initialization": "zeros", "layers": [{ "name": "a", "type": "relu" }] }""",
                "my.json: initialization: expected "),
        ];
    }

    [TestCaseSource(nameof(WrongFiles))]
    public void AWrongFileIsNamedWithLayerAndField(string json, string message) =>
        Assert.That(
            () => NetworkReader.Parse(json, "my.json"),
            Throws.InstanceOf<NetworkException>().With.Message.StartWith(message).And.Message.Not.Contain("\n"));

    [Test]
    public void EachDropoutDrawsMasksOfItsOwnFromStep0()
    {
        const string Json = """
            { "conformance": 1, "name": "two", "input": [1, 10, 10], "layers": [
              { "name": "first", "type": "dropout" }, { "name": "flatten", "type": "flatten" }, { "name": "second", "type": "dropout" } ] }
            """;
        var net = NetworkReader.Parse(Json).Build(1);
        NetworkSummary.FromNetwork("two", net, 1, 10, 10);
        var dropouts = net.Children.Select(child => child.Module).OfType<Dropout>().ToArray();
        Assert.That(dropouts.Select(dropout => dropout.Step), Is.EqualTo(new long[] { 0, 0 }), "to look at shapes is no step");
        var ones = Tensor.From([.. Enumerable.Repeat(1f, 100)], 1, 100);
        Assert.That(dropouts[0].Forward(ones).ToArray(), Is.Not.EqualTo(dropouts[1].Forward(ones).ToArray()));
    }

    [Test]
    public void EveryTypeCanBeWritten()
    {
        const string Json = """
            { "conformance": 1, "name": "all", "input": [2, 12, 12], "layers": [
              { "name": "conv", "type": "conv2d", "out_channels": 4, "kernel_size": [3, 2], "stride": [1, 2], "padding": [1, 0, 2, 1], "dilation": 1, "groups": 2, "bias": false },
              { "name": "bn", "type": "batch_norm2d", "momentum": null, "eps": 0.001, "affine": false },
              { "name": "leaky", "type": "leaky_relu", "negative_slope": 0.1 },
              { "name": "max", "type": "max_pool2d", "kernel_size": 2, "stride": 1, "padding": 1, "dilation": 1, "ceil_mode": true },
              { "name": "avg", "type": "avg_pool2d", "kernel_size": [2, 1], "stride": [1, 2], "padding": 0, "ceil_mode": true, "count_include_pad": false },
              { "name": "adaptive", "type": "adaptive_avg_pool2d", "output_size": [3, 2] },
              { "name": "sigmoid", "type": "sigmoid" }, { "name": "tanh", "type": "tanh" }, { "name": "relu", "type": "relu" },
              { "name": "softmax", "type": "softmax", "dim": 1 },
              { "name": "some", "type": "flatten", "start_dim": 2, "end_dim": 3 }, { "name": "rest", "type": "flatten" },
              { "name": "bn1", "type": "batch_norm1d" },
              { "name": "drop", "type": "dropout", "p": 0.25 },
              { "name": "fc", "type": "linear", "out_features": 10, "bias": false },
              { "name": "log", "type": "log_softmax", "dim": -1 }
            ] }
            """;
        var definition = NetworkReader.Parse(Json);
        Assert.That(definition.Layers.Select(layer => layer.Type).Distinct(), Is.EquivalentTo(NetworkBuilder.Types));
        Assert.That(NetworkSummary.FromDefinition(definition).Layers[^1].OutputShape, Is.EqualTo(new[] { 10 }));
        var options = definition.Layers[0].Options;
        Assert.That(options["padding"].ValueKind, Is.EqualTo(JsonValueKind.Array));
    }
}
