using System.Text.RegularExpressions;
using Conformance.Tests.Cli.Shared;
using Conformance.Tests.Examples;
using Conformance.Torch;

namespace Conformance.Tests.Cli.Compare;

/// <summary>
/// Runs with the float32 of this machine's libtorch, and with that of a machine whose convolutions are wrong (<see cref="StartupHook"/>). The tests
/// say what the commands find and print, and what does not depend on it. Each run has its own process.
/// </summary>
[Platform("Linux")]
public sealed partial class OneDnnTests : IDisposable
{
    private const string Cases = """
        { "conformance": 1, "op": "OP", "aspects": { "narrow": "a sentence" },
          "cases": [ { "case": "CASE", "why": "a reason", "aspects": ["narrow"], "catches": [] } ] }
        """;

    private static readonly Lazy<bool> IsWrong = new(() =>
    {
        using var directory = new TemporaryDirectory();
        return !NoneWrong().IsMatch(Run(wrong: true, "on", "check", "--engine", "torch", "--op", "relu", "--out", directory.Path).Said);
    });

    private readonly TemporaryDirectory _directory = new();

    [OneTimeSetUp]
    public void Torch() => LiveTorch.Require();

    public void Dispose() => _directory.Dispose(); // NUnit calls it when all is done

    [Test, Category("Long")]
    public void AWrongOneIsFoundAndSwitchedOff()
    {
        RequireWrong();
        var (exit, said) = Run(wrong: true, "", "check", "--engine", "torch", "--op", "conv2d", "--out", _directory.File("off"));
        Assert.That(said, Does.Match(@"note: oneDNN switched off: [1-9]\d* of 50 convolutions wrong on this machine"));
        Assert.That((exit, said), Is.EqualTo((0, said)));
    }

    [Test, Category("Long")]
    public void ForcedOnItFailsTheSuite()
    {
        RequireWrong();
        var (exit, said) = Run(wrong: true, "on", "check", "--engine", "torch", "--op", "conv2d", "--out", _directory.File("on"));
        Assert.That((exit, said), Is.EqualTo((1, said)));
        Assert.That(
            File.ReadAllText(_directory.File("on/results.json")),
            Does.Match(@"""note"": ""oneDNN on by CONFORMANCE_ONEDNN: [1-9]\d* of 50 convolutions wrong on this machine"""));
    }

    /// <summary>
    /// Regenerates convolutions that such a machine computes wrongly, and the limits of a network, with three kinds of float32: sound, without
    /// oneDNN, and garbage. The stored files stay the same.
    /// </summary>
    [TestCase("conv2d", "n2c6h5w6-o8-k3-float", Category = "Long")]
    [TestCase("conv2d", "n2c17h5w6-o20-k3", Category = "Long")]
    [TestCase("lenet", "n1-h12-c2x3-u5x4x3-layers", Category = "Long")]
    public void RegenerationGivesTheSameBytesWithEachFloat32(string op, string geometry)
    {
        var file = _directory.File($"{op}.cases.json");
        File.WriteAllText(file, Cases.Replace("OP", op, StringComparison.Ordinal).Replace("CASE", geometry, StringComparison.Ordinal));

        var (sound, without, garbage) = (Stored(false, "on"), Stored(false, "off"), Stored(true, "on"));

        Assert.That(without, Is.EqualTo(sound));
        Assert.That(garbage, Is.EqualTo(sound));

        string Stored(bool wrong, string oneDnn)
        {
            var output = _directory.File($"{wrong} {oneDnn}");
            var (exit, said) = Run(wrong, oneDnn, "fixtures", "regenerate", "--cases", file, "--out", output);
            Assert.That(exit, Is.Zero, said);
            return File.ReadAllText(Path.Combine(output, op, geometry + ".json"));
        }
    }

    /// <summary>A processor for which oneDNN takes another way would be right all the same, and prove nothing.</summary>
    private static void RequireWrong()
    {
        if (!IsWrong.Value)
            Assert.Ignore("this machine's oneDNN is right whatever it is told of caches");
    }

    private static (int Exit, string Said) Run(bool wrong, string oneDnn, params string[] arguments)
    {
        var tests = TestContext.CurrentContext.TestDirectory;
        var (exit, output, error) = Programs.Run("dotnet", [Path.Combine(tests, "Conformance.Cli.Torch.dll"), .. arguments], "",
            (TorchRuntime.OneDnnVariable, oneDnn), ("DOTNET_STARTUP_HOOKS", wrong ? Path.Combine(tests, "Conformance.Tests.dll") : ""));
        return (exit, output + error);
    }

    [GeneratedRegex(" 0 of 50 convolutions wrong")]
    private static partial Regex NoneWrong();
}
