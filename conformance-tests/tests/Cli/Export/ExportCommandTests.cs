using Conformance.Cli.Shared;
using Conformance.Engine.Checkpoints;
using Conformance.Engine.Networks;
using Conformance.Tests.Cli.Shared;
using Conformance.Tests.Examples;
using Onnx;

namespace Conformance.Tests.Cli.Export;

/// <summary>
/// Tests of <c>export</c>: the metadata of the files, and what is refused. <see cref="Exchange.ExchangeTests"/> checks that the files compute the
/// right logits.
/// </summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ExportCommandTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Test]
    public void AnOnnxFileSaysWhatGoesInAndWhatComesOut()
    {
        var (exit, output, error) = Export(Weights("lenet"), "a/lenet.onnx");
        Assert.That((exit, error), Is.EqualTo((0, "")));
        Assert.That(output, Is.EqualTo(
            $"lenet: 12 layers, 61,706 parameters\ninput    [N, 1, 28, 28], normalised: (pixel / 255 - 0.1307) / 0.3081\n"
                + $"written  {_directory.File("a/lenet.onnx")} ({new FileInfo(_directory.File("a/lenet.onnx")).Length:N0} bytes)\n"));
        var model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(_directory.File("a/lenet.onnx")));
        Assert.Multiple(() =>
        {
            Assert.That(Signature(model.Graph.Input.Single()), Is.EqualTo("images [N, 1, 28, 28]"));
            Assert.That(Signature(model.Graph.Output.Single()), Is.EqualTo("logits [N, 10]"));
            Assert.That(model.DocString, Does.Contain("(pixel / 255 - 0.1307) / 0.3081"));
            Assert.That(
                model.MetadataProps.ToDictionary(entry => entry.Key, entry => entry.Value),
                Is.EqualTo(WeightsFile.Metadata(NamedNetworks.Resolve("lenet"))));
            Assert.That(
                model.Graph.Initializer.Select(tensor => tensor.Name),
                Is.EquivalentTo(NamedNetworks.Resolve("lenet").Build(1).Parameters.Select(parameter => parameter.Name)));
        });
    }

    [Test]
    public void WhatPyTorchWroteGetsItsModel()
    {
        var state = StateDict.FromModule(NamedNetworks.Resolve("c8").Build(1));
        File.WriteAllBytes(_directory.File("theirs.safetensors"), new Safetensors(state, new Dictionary<string, string>()).ToBytes());
        Assert.That(Export(_directory.File("theirs.safetensors"), "ours.safetensors").Error, Does.Contain("say it with --model"));
        Assert.That(Export(_directory.File("theirs.safetensors"), "ours.safetensors", "--model", "c8").Exit, Is.Zero);
        Assert.That(WeightsFile.Load(_directory.File("ours.safetensors")).Model.Name, Is.EqualTo("c8"));
    }

    [TestCase("""{ "name": "d", "type": "dropout" }""", "", Description = "nothing is left to compute")]
    [TestCase("""{ "name": "f", "type": "flatten", "start_dim": 2, "end_dim": 2 }""", "")]
    [TestCase(
        """{ "name": "f", "type": "flatten", "start_dim": 0, "end_dim": 1 }""",
        "error: export: layer 'f': expected a flatten that leaves the first axis, the images, as it is, got start_dim 0\n")]
    public void AnOddNetworkIsWrittenOrRefused(string layer, string message)
    {
        File.WriteAllText(_directory.File("odd.json"), $$"""{ "conformance": 1, "name": "odd", "input": [1, 4, 4], "layers": [{{layer}}] }""");
        var (exit, _, error) = Export(Weights(_directory.File("odd.json")), "odd.onnx");
        Assert.That((exit, error), Is.EqualTo((message.Length > 0 ? 2 : 0, message)));
        if (message.Length == 0)
            Assert.That(
                ModelProto.Parser.ParseFrom(File.ReadAllBytes(_directory.File("odd.onnx"))).Graph.Node
                    .Select(node => (node.OpType, node.Output.Single())),
                Is.EqualTo(new[] { ("Identity", "logits") }));
    }

    [Test]
    public void WhatIsWrongIsSaidInALineAndWhatWasThereStays()
    {
        var weights = Weights("c8");
        File.WriteAllText(_directory.File("there.onnx"), "old");
        Refuses("expected a file ending in .onnx or .safetensors", weights, "there.pt");
        Refuses("there is no such file", _directory.File("none"), "there.onnx");
        Refuses("conv1.weight: expected the shape [4, 1, 3, 3], got [8, 1, 3, 3]", weights, "there.onnx", "--model", "c4");
        Refuses("model: expected a name", weights, "there.onnx", "--model", "nope");
        Directory.CreateDirectory(_directory.File("folder.onnx"));
        Refuses("a directory is in its place", weights, "folder.onnx");
        Assert.That(File.ReadAllText(_directory.File("there.onnx")), Is.EqualTo("old"));
        Assert.That(
            Programs.Conformance("export", "--out", "x.onnx"),
            Is.EqualTo((2, "", "error: --weights: expected a value, got none. See 'tools/conformance export --help'.\n")));
    }

    private static string Signature(ValueInfoProto value)
    {
        var extents = value.Type.TensorType.Shape.Dim.Select(dim => dim.DimParam.Length > 0 ? dim.DimParam : $"{dim.DimValue}");
        return $"{value.Name} [{string.Join(", ", extents)}]";
    }

    private void Refuses(string message, string weights, string name, params string[] more)
    {
        var (exit, _, error) = Export(weights, name, more);
        Assert.That((exit, error.Count(c => c == '\n')), Is.EqualTo((2, 1)), error);
        Assert.That(error, Does.StartWith("error: ").And.Contain(message));
    }

    private string Weights(string model)
    {
        var definition = NamedNetworks.Resolve(model);
        File.WriteAllBytes(_directory.File("w.safetensors"), WeightsFile.ToBytes(definition, definition.Build(1)));
        return _directory.File("w.safetensors");
    }

    private (int Exit, string Output, string Error) Export(string weights, string name, params string[] more) =>
        Programs.Conformance(["export", "--weights", weights, "--out", _directory.File(name), .. more]);
}
