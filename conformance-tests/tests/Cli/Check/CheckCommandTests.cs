using System.Text.Json;
using Conformance.Cli;

namespace Conformance.Tests.Cli.Check;

/// <summary>The suite from the command line: what it prints, what it writes, and what it says of wrong use.</summary>
internal sealed class CheckCommandTests
{
    private string _out = "";

    [SetUp]
    public void MakeOutputDirectory() => _out = Directory.CreateTempSubdirectory("conformance-check").FullName;

    [TearDown]
    public void RemoveOutputDirectory() => Directory.Delete(_out, recursive: true);

    [Test]
    public void AStoredCaseIsJudgedWithEveryKernel()
    {
        var (exit, output, _) = Run("check", "--case", "conv2d/n1c1h5w7-o1-k3", "--out", _out);
        using var results = JsonDocument.Parse(File.ReadAllText(Path.Combine(_out, "results.json")));
        var root = results.RootElement;
        Assert.Multiple(() =>
        {
            Assert.That(exit, Is.Zero);
            Assert.That(output, Does.Contain("2 of 2 pass"));
            Assert.That(root.GetProperty("conformance").GetInt32(), Is.EqualTo(1));
            Assert.That(root.GetProperty("suiteHash").GetString(), Has.Length.EqualTo(64));
            Assert.That(root.GetProperty("engine").GetString(), Is.EqualTo("scratch"));
            Assert.That(root.GetProperty("summary").GetProperty("pass").GetInt32(), Is.EqualTo(2));
            Assert.That(
                root.GetProperty("cases").EnumerateArray().Select(item => item.GetProperty("kernel").GetString()),
                Is.EquivalentTo(new[] { "clear", "fast" }));
        });
    }

    [TestCase("check", "--case", "conv2d/n1c2h9w8-o3-k5x4-p2", "--kernel", "fast")]
    [TestCase("check", "--case", "linear/n3-i5-o4", "--seed", "7")]
    [TestCase("check", "--op", "relu")]
    public void AnyGeometryAndSeedCanBeAskedFor(params string[] args) => Assert.That(Run([.. args, "--out", _out]).Exit, Is.Zero);

    [TestCase("unknown operation 'conv9d'", "check", "--op", "conv9d")]
    [TestCase("can't read 'z8'", "check", "--case", "conv2d/n2c3h9w8-o4-k3-z8")]
    [TestCase("expected clear or fast, got 'slow'", "check", "--kernel", "slow")]
    [TestCase("none of the cases asked for is one of conv2d", "check", "--op", "conv2d", "--case", "relu/n1c1h1w7")]
    [TestCase("See 'tools/conformance fixtures regenerate --help'", "fixtures", "regenerate", "--into", "x")]
    [TestCase("--seed: expected a whole number", "check", "--seed", "x")]
    [TestCase("unknown option '--color'", "check", "--color")]
    public void WrongUseIsOneLineAndExitCode2(string message, params string[] args)
    {
        var (exit, _, error) = Run(args);
        Assert.Multiple(() =>
        {
            Assert.That(exit, Is.EqualTo(2));
            Assert.That(error, Does.Contain(message));
            Assert.That(error.TrimEnd().Split('\n'), Has.Length.EqualTo(1));
        });
    }

    private static (int Exit, string Output, string Error) Run(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exit = CommandLine.Run(args, new(output, error, Interactive: false, Color: false), new NoReference(), CancellationToken.None);
        return (exit, output.ToString(), error.ToString());
    }
}
