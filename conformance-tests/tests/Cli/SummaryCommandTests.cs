using System.Text.Json.Nodes;
using Conformance.Cli;
using Conformance.Engine;

namespace Conformance.Tests.Cli;

/// <summary><c>summary</c>, and <c>--model</c>, which other commands share.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class SummaryCommandTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Test]
    public void ItPrintsTheTableAndWritesTheFigures()
    {
        var (exit, output, _) = Run("--model", "lenet");
        Assert.That(exit, Is.Zero);
        Assert.That(output, Does.Contain("total                                                    61,706         416,520"));
        var results = JsonNode.Parse(File.ReadAllText(_directory.File("out/results.json")))!;
        Assert.That((long)results["parameters"]!, Is.EqualTo(61706));
        Assert.That((string)results["definition"]!["layers"]![0]!["name"]!, Is.EqualTo("conv1"));
    }

    [Test]
    public void EveryLineFitsATerminal()
    {
        foreach (var name in Networks.Names)
            Assert.That(NetworkSummary.Of(Networks.Named(name)).ToString().Split('\n').Max(line => line.Length), Is.LessThanOrEqualTo(80), name);
    }

    [Test]
    public void TheListNamesEveryNetworkAndWhatIsAssumed()
    {
        var (exit, output, _) = Run("--list");
        Assert.That(exit, Is.Zero);
        foreach (var name in Networks.Names)
            Assert.That(output, Does.Contain($"\n{name} ").Or.StartWith(name + " "));
        Assert.That(output, Does.Contain("  assumed: He's normal weights: the text does not say."));
    }

    [Test]
    public void ASavedNetworkIsAModelAgain()
    {
        var file = _directory.File("mine.json");
        Assert.That(Run("--model", "c8pc8p", "--save", file).Exit, Is.Zero);
        Assert.That(Run("--model", file, "--json").Output, Does.Contain("\"name\": \"c8pc8p\""));
        var (exit, _, error) = Run("--model", "lenet", "--save", file);
        Assert.That((exit, error), Is.EqualTo((2, $"error: --save {file}: expected a file that is not there yet{Environment.NewLine}")));
        Assert.That(NetworkDefinition.Load(file).Name, Is.EqualTo("c8pc8p"), "what was there stays");
    }

    [TestCase("lenet5", "model: expected a name (lenet, ")]
    [TestCase("c16pcp", "configuration 'c16pcp': expected a number of filters, 1 or more, after c, got 'p' at character 6")]
    [TestCase("c8ppppp", "configuration 'c8ppppp': layer 'pool5': max_pool2d: expected an input height of at least 2")]
    [TestCase("nowhere.json", "nowhere.json: ")]
    public void AWrongModelIsOneLineAndExit2(string model, string message)
    {
        var (exit, output, error) = Run("--model", model);
        Assert.That((exit, output), Is.EqualTo((2, "")));
        Assert.That(error, Does.StartWith("error: " + message));
        Assert.That(error.TrimEnd().Split('\n'), Has.Length.EqualTo(1));
    }

    [TestCase("""{ "conformance": 1, "name": "a", "input": [1, 8, 8], "layers": [{ "name": "x", "type": "conv4d" }] }""", "layer 'x': expected a type of conv2d, ")]
    [TestCase("""{ "conformance": 1, "name": "a", "input": [1, 8, 8], "layers": [{ "name": "x", "type": "relu", "slope": 1 }] }""", "layer 'x': unknown field 'slope': relu has none")]
    [TestCase("""{ "conformance": 1, "name": "a", "input": [1, 8, 8], "layer": [] }""", "unknown field 'layer': expected conformance, ")]
    [TestCase("""{ "conformance": 1, "name": "a", "input": [1, 65536, 65537], "layers": [{ "name": "x", "type": "flatten" }] }""", "layer 'x': tensor: shape [N, 1, 65536, 65537] has more elements")]
    [TestCase("""{ "conformance": 1, "name": "a", "input": [4], "layers": [{ "name": "x", "type": "flatten", "start_dim": 0 }, { "name": "y", "type": "batch_norm1d" }] }""", "layer 'y': batch_norm1d: expected input [N, features, …], got [N]")]
    [TestCase("""{ "conformance": 1, "name": "\ud800", "input": [1, 8, 8], "layers": [{ "name": "x", "type": "relu" }] }""", "Cannot read incomplete UTF-16")]
    [TestCase("{", "")]
    public void AWrongFileIsOneLineAndExit2(string json, string message)
    {
        var file = _directory.File("mine.json");
        File.WriteAllText(file, json);
        var (exit, output, error) = Run("--model", file);
        Assert.That((exit, output), Is.EqualTo((2, "")));
        Assert.That(error, Does.StartWith($"error: {file}: {message}"));
        Assert.That(error.TrimEnd().Split('\n'), Has.Length.EqualTo(1));
    }

    private (int Exit, string Output, string Error) Run(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exit = CommandLine.Run(["summary", .. args, "--out", _directory.File("out")], new(output, error, Interactive: false, Color: false), (_, _, _) => throw new InvalidOperationException(), CancellationToken.None);
        return (exit, output.ToString(), error.ToString());
    }
}
