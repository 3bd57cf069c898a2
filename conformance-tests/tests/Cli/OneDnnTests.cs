using Conformance.Tests.Examples;
using Conformance.Torch;
using NUnit.Framework;

namespace Conformance.Tests.Cli;

/// <summary>What is stored does not depend on how torch computes convolutions in float32, right or wrong.</summary>
public sealed class OneDnnTests
{
    private const string Cases = """
        { "conformance": 1, "op": "OP", "aspects": { "narrow": "a sentence" },
          "cases": [ { "case": "CASE", "why": "a reason", "aspects": ["narrow"], "catches": [] } ] }
        """;

    /// <summary>Convolutions that oneDNN gets wrong in float32 on some machines, and a network's limits: the same bytes, each from a process of its own.</summary>
    [TestCase("conv2d", "n2c6h5w6-o8-k3-float")]
    [TestCase("conv2d", "n2c17h5w6-o20-k3")]
    [TestCase("lenet", "n1-h12-c2x3-u5x4x3-layers")]
    public void RegenerationGivesTheSameBytesWithOneDnnOnAndOff(string op, string geometry)
    {
        LiveTorch.Require();
        using var directory = new TemporaryDirectory();
        var file = directory.File($"{op}.cases.json");
        File.WriteAllText(file, Cases.Replace("OP", op, StringComparison.Ordinal).Replace("CASE", geometry, StringComparison.Ordinal));

        var texts = Array.ConvertAll(["on", "off"], state =>
        {
            var output = directory.File(state);
            var program = Path.Combine(TestContext.CurrentContext.TestDirectory, "Conformance.Cli.Torch.dll");
            var (exit, _, error) = Programs.Run("dotnet", [program, "fixtures", "regenerate", "--cases", file, "--out", output], "", (TorchRuntime.OneDnnVariable, state));
            Assert.That(exit, Is.Zero, error);
            return File.ReadAllText(Path.Combine(output, op, geometry + ".json"));
        });
        Assert.That(texts[0], Is.EqualTo(texts[1]));
    }
}
