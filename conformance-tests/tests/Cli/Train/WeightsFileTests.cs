using Conformance.Cli.Shared;
using Conformance.Engine.Checkpoints;
using Conformance.Engine.Networks;
using Conformance.Tests.Cli.Shared;

namespace Conformance.Tests.Cli.Train;

/// <summary>Weights that say which network they belong to, and what is refused.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class WeightsFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [TestCase("lenet-batchnorm")]
    [TestCase("c4rpc2")]
    public void AFileSaysItsNetworkAndGivesTheSameNumbers(string model)
    {
        var definition = NamedNetworks.Resolve(model);
        var network = definition.Build(seed: 3);
        var images = Tests.Engine.Fill.Normals(1, [5, 1, 28, 28]);
        network.Forward(images); // running statistics that are no longer those of the beginning
        network.Training = false;
        var read = WeightsFile.Load(Written("w.safetensors", WeightsFile.ToBytes(definition, network)));
        Assert.That(read.Model.ToJson(), Is.EqualTo(definition.ToJson()));
        Assert.That(read.Network.Forward(images).ToArray(), Is.EqualTo(network.Forward(images).ToArray()), "in evaluation, to the bit");
    }

    [Test]
    public void TheModelThatIsGivenCountsMoreThanTheFiles()
    {
        var path = Written("w.safetensors", WeightsFile.ToBytes(NamedNetworks.Resolve("lenet"), NamedNetworks.Resolve("lenet").Build(1)));
        Assert.That(WeightsFile.Load(path, "lenet-000").Model.Name, Is.EqualTo("lenet-000"));
        Assert.That(
            () => WeightsFile.Load(path, "c8"),
            Throws.TypeOf<UserError>()
                .With.Message.EqualTo($"{path}: conv2.weight: the network has no such tensor. Is it the state of another network?"));
        Assert.That(() => WeightsFile.Load(path, "c"), Throws.TypeOf<UserError>().With.Message.StartsWith("configuration 'c': expected"));
    }

    [Test]
    public void AStateOfPyTorchNeedsAModel()
    {
        var state = new Safetensors(StateDict.FromModule(NamedNetworks.Resolve("c8").Build(1)), new Dictionary<string, string> { ["format"] = "pt" });
        var path = Written("w.safetensors", state.ToBytes());
        Assert.That(
            () => WeightsFile.Load(path),
            Throws.TypeOf<UserError>()
                .With.Message.EqualTo($"{path}: the file does not say which network its weights belong to; say it with --model"));
        Assert.That(WeightsFile.Load(path, "c8").Model.Name, Is.EqualTo("c8"));
        Assert.That(
            () => WeightsFile.Load(path, "c4"),
            Throws.TypeOf<UserError>().With.Message.Contains("w.safetensors: conv1.weight: expected the shape [4, 1, 3, 3], got [8, 1, 3, 3]"));
    }

    [Test]
    public void WhatIsNoFileOfWeightsIsSaidInALine()
    {
        Refuses(_directory.File("none.safetensors"), "there is no such file");
        Refuses(_directory.Path, "got a directory");
        Refuses(Written("short.safetensors", [1, 2]), "expected a safetensors file");
        var state = StateDict.FromModule(NamedNetworks.Resolve("c8").Build(1));
        Refuses(
            Written("other.safetensors", new Safetensors(state, new Dictionary<string, string> { ["model"] = "{}" }).ToBytes()),
            "other.safetensors: model: expected a field 'conformance'");
        Refuses(
            Written("checkpoint.safetensors", new Safetensors(state, new Dictionary<string, string> { ["optimizer_steps"] = "1" }).ToBytes()),
            "its weights are in weights.safetensors beside it");
    }

    private static void Refuses(string path, string message) =>
        Assert.That(() => WeightsFile.Load(path), Throws.TypeOf<UserError>().With.Message.Contains(message).And.Message.Not.Contain('\n'));

    private string Written(string name, byte[] bytes)
    {
        File.WriteAllBytes(_directory.File(name), bytes);
        return _directory.File(name);
    }
}
