using System.Runtime.InteropServices;
using Conformance.Cli.Shared;
using Conformance.Engine.Checkpoints;
using Conformance.Engine.Networks;
using Conformance.Tests.Cli.Compare;

namespace Conformance.Tests.Cli.Shared;

/// <summary>
/// Weights as other programs leave them fit, with a line that says what was done; those that compute nothing are refused by all commands.
/// </summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ForeignWeightsTests : IDisposable
{
    private const string Model = "batchnorm-004";

    private static readonly IReadOnlyDictionary<string, SafeTensor> _state = StateDict.FromModule(NamedNetworks.Resolve(Model).Build(1));
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Test]
    public void WrappersAreTakenOffAndSaid() => Bulk.Check(
        new (string Name, Func<string, string> Rename, string Note)[]
        {
            ("DataParallel", name => $"module.{name}", "contain 'module.', which"),
            ("torch.compile", name => $"_orig_mod.{name}", "contain '_orig_mod.', which"),
            ("Lightning", name => $"model.{name}", "contain 'model.', which"),
            ("one behind the other", name => $"model._orig_mod.module.{name}", "contain '_orig_mod.' and 'model.' and 'module.', which"),
            ("in the middle", name => name.Replace("bn1.", "bn1._orig_mod.", StringComparison.Ordinal), "contain '_orig_mod.', which"),
            ("a name of one's own", name => $"net.{name}", "contain 'net.', which"),
            ("two names of one's own", name => $"student.net.{name}", "contain 'student.net.', which"),
            ("both", name => $"module.net.{name}", "contain 'module.' and 'net.', which"),
        },
        one => one.Name,
        one =>
        {
            var notes = Load(_state.ToDictionary(pair => one.Rename(pair.Key), pair => pair.Value)).Notes;
            return notes.Count == 1 && notes[0].Contains(one.Note, StringComparison.Ordinal) ? null : $"got {string.Join(" | ", notes)}";
        });

    [Test]
    public void WhatNeedsNothingIsNotSaid()
    {
        Assert.That(Load(_state).Notes, Is.Empty);
        Assert.That(Load(_state.Where(pair => !pair.Key.EndsWith("num_batches_tracked", StringComparison.Ordinal)).ToDictionary()).Notes, Is.Empty);
    }

    [Test]
    public void AveragedModelsCounterIsLeftOut()
    {
        var averaged = Wrapped(_state);
        averaged.Add("n_averaged", new("I64", [], new byte[sizeof(long)]));
        Assert.That(Load(averaged).Notes, Has.Count.EqualTo(1));
    }

    [Test]
    public void ANetworkWhoseOwnNameIsAWrappersKeepsIt()
    {
        File.WriteAllText(_directory.File("own.json"), """
            { "conformance": 1, "name": "own", "input": [1, 2, 2], "layers": [
                { "name": "flatten", "type": "flatten" }, { "name": "model", "type": "linear", "out_features": 3 } ] }
            """);
        var state = StateDict.FromModule(NamedNetworks.Resolve(_directory.File("own.json")).Build(1));
        Assert.That(Load(state, _directory.File("own.json")).Notes, Is.Empty);
        Assert.That(Load(Wrapped(state), _directory.File("own.json")).Notes, Has.Count.EqualTo(1));
    }

    [Test]
    public void TheWeightsOfAnotherNetworkAreNotMadeToFit() => Assert.That(
        () => Load(Wrapped(StateDict.FromModule(NamedNetworks.Resolve("c8c8").Build(1)))),
        Throws.TypeOf<UserError>().With.Message.Contains("Is it the state of another network?"));

    [TestCase("F16"), TestCase("BF16")]
    public void NumbersOf16BitsAreWidened(string type)
    {
        var narrow = _state.ToDictionary(
            pair => pair.Key,
            pair => pair.Value.Dtype == "F32" ? pair.Value with { Dtype = type, Data = Narrowed(pair.Value, type) } : pair.Value);
        var weights = Load(narrow);
        Assert.That(weights.Notes, Is.EqualTo(new[] { $"7 of 8 tensors have numbers of type {type}; they are widened to float32" }));
        var read = weights.Network.Parameters[0].Value.ToArray();
        var exact = MemoryMarshal.Cast<byte, float>(_state["conv1.weight"].Data.Span).ToArray();
        for (int i = 0; i < exact.Length; i++)
            Assert.That(read[i], Is.EqualTo(exact[i]).Within(0.8).Percent); // of eight bits, seven after the point
        Assert.That(read, Is.EqualTo(Array.ConvertAll(exact, value => type == "F16" ? (float)(Half)value : Cut(value))));
    }

    /// <summary>In all commands that take weights, by the same words and with exit code 2.</summary>
    [Test]
    public void WeightsThatComputeNothingAreRefused() => Bulk.Check(
        from wrong in new (string Tensor, float Value, string Message)[]
        {
            ("bn1.running_var", -0.5f, "bn1.running_var: expected a variance of 0 or more, got -0.5"),
            ("bn1.running_mean", float.NaN, "bn1.running_mean: expected finite numbers, got NaN"),
            ("fc.bias", float.PositiveInfinity, "fc.bias: expected finite numbers, got Infinity"),
            ("fc.weight", 3e38f, "expected weights that give finite outputs, got "),
        }
        from command in new[] { "predict", "evaluate", "export" }
        select (wrong, command),
        one => $"{one.command} {one.wrong.Tensor}",
        one =>
        {
            var state = _state.ToDictionary();
            state[one.wrong.Tensor] = Filled(state[one.wrong.Tensor], one.wrong.Value);
            var path = Write(state);
            File.WriteAllBytes(_directory.File("digit.png"), Png.Write(new byte[784], 28, 28));
            string[] arguments = one.command switch
            {
                "predict" => ["predict", _directory.File("digit.png")],
                "evaluate" => ["evaluate", "--out", _directory.File("out")],
                _ => ["export", "--out", _directory.File("out.onnx")],
            };
            var (exit, output, error) = Shell.Run(new FakeSides(), [.. arguments, "--weights", path, "--model", Model]);
            var message = $"error: {path}: {one.wrong.Message}";
            return (exit, output) == (2, "") && error.StartsWith(message, StringComparison.Ordinal) ? null : $"{exit}: {error}";
        });

    [Test]
    public void TheCommandSaysWhatWasChanged()
    {
        var path = Write(Wrapped(_state));
        var (exit, _, error) = Shell.Run(new FakeSides(), "export", "--weights", path, "--model", Model, "--out", _directory.File("out.safetensors"));
        var note = "the tensors' names contain 'module.', which a wrapper around the network put there; it is taken off";
        Assert.That((exit, error), Is.EqualTo((0, $"note: {path}: {note}\n")));
    }

    private static Dictionary<string, SafeTensor> Wrapped(IReadOnlyDictionary<string, SafeTensor> state) =>
        state.ToDictionary(pair => $"module.{pair.Key}", pair => pair.Value);

    private WeightsFile Load(IReadOnlyDictionary<string, SafeTensor> state, string model = Model) => WeightsFile.Load(Write(state), model);

    private string Write(IReadOnlyDictionary<string, SafeTensor> state)
    {
        File.WriteAllBytes(_directory.File("w.safetensors"), new Safetensors(state, new Dictionary<string, string>()).ToBytes());
        return _directory.File("w.safetensors");
    }

    private static SafeTensor Filled(SafeTensor tensor, float value)
    {
        var numbers = new float[tensor.Data.Length / sizeof(float)];
        Array.Fill(numbers, value);
        return tensor with { Data = MemoryMarshal.AsBytes(numbers.AsSpan()).ToArray() };
    }

    private static byte[] Narrowed(SafeTensor tensor, string type)
    {
        var floats = MemoryMarshal.Cast<byte, float>(tensor.Data.Span).ToArray();
        return type == "F16"
            ? MemoryMarshal.AsBytes(Array.ConvertAll(floats, value => (Half)value).AsSpan()).ToArray()
            : MemoryMarshal.AsBytes(Array.ConvertAll(floats, value => (ushort)(BitConverter.SingleToUInt32Bits(value) >> 16)).AsSpan()).ToArray();
    }

    private static float Cut(float value) => BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(value) & 0xffff0000);
}
