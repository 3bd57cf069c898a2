using System.Text.Json;
using Conformance.Engine.Networks;
using Conformance.Tests.Cli.Compare;
using Conformance.Tests.Cli.Shared;

namespace Conformance.Tests.Cli.Train;

/// <summary><c>summary</c>, and what <c>--model</c> takes wherever a command has it.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class SummaryCommandTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Test]
    public void ItShowsTheSummaryOfTheModel([Values("lenet", "conv3x3", "c8rpc8", "file")] string model)
    {
        if (model == "file")
            File.WriteAllText(model = _directory.File("mine.json"), NamedNetworks.Resolve("batchnorm-004").ToJson());
        var (exit, output, error) = Run("--model", model);
        Assert.That((exit, error), Is.EqualTo((0, "")));
        Assert.That(output, Does.Contain(NetworkSummary.FromDefinition(NamedNetworks.Resolve(model)).ToString()));
        Assert.That(output, Is.EqualTo(File.Exists(model) ? Run("--model", "batchnorm-004").Out : output), "a file is the network that is in it");
    }

    [Test]
    public void WithoutAModelItIsLeNets() => Assert.That(Run().Out, Does.Contain("61,706").And.EqualTo(Run("--model", "lenet").Out));

    [Test]
    public void TheListNamesEveryNetworkAndWhatIsAssumed()
    {
        var output = Run("--list").Out;
        foreach (var definition in NamedNetworks.Names.Select(NamedNetworks.Resolve))
        {
            Assert.That(output, Does.Contain($"{definition.Name} ").And.Contain(definition.Description));
            Assert.That(definition.Assumed.Where(sentence => !output.Contains($"  assumed: {sentence}\n", StringComparison.Ordinal)), Is.Empty);
        }
        using var json = JsonDocument.Parse(Run("--list", "--json").Out);
        Assert.That(
            json.RootElement.GetProperty("networks").EnumerateArray().Select(network => network.GetProperty("name").GetString()),
            Is.EqualTo(NamedNetworks.Names));
    }

    [Test]
    public void TheResultsHoldTheFiguresAndTheDefinition()
    {
        var printed = Run("--model", "lenet-batchnorm", "--json").Out;
        Assert.That(File.ReadAllText(_directory.File("out/results.json")), Is.EqualTo(printed));
        using var json = JsonDocument.Parse(printed);
        Assert.That(json.RootElement.GetProperty("parameters").GetInt64(), Is.EqualTo(61_932));
        Assert.That(json.RootElement.GetProperty("multiplyAdds").GetInt64(), Is.EqualTo(416_520));
        Assert.That(
            NetworkReader.Parse(json.RootElement.GetProperty("definition").GetRawText()).ToJson(),
            Is.EqualTo(NamedNetworks.Resolve("lenet-batchnorm").ToJson()));
    }

    [Test]
    public void ASavedDefinitionIsTheModelAndIsNotWrittenOver()
    {
        var file = _directory.File("mine.json");
        Assert.That(Run("--model", "c8p", "--save", file).ExitCode, Is.Zero);
        Assert.That(File.ReadAllText(file), Is.EqualTo(NamedNetworks.Resolve("c8p").ToJson()));

        var (exit, _, error) = Run("--model", "lenet", "--save", file);
        Assert.That((exit, error), Is.EqualTo((2, $"error: --save {file}: expected a file that is not there yet\n")));
        Assert.That(File.ReadAllText(file), Is.EqualTo(NamedNetworks.Resolve("c8p").ToJson()));
    }

    [TestCase("lenet5", "model: expected a name (lenet, ", "got 'lenet5'")]
    [TestCase("c8pcx", "configuration 'c8pcx': expected a number of filters", "got 'x' at character 5")]
    [TestCase("c8pppppp", "configuration 'c8pppppp': layer 'pool5': max_pool2d: expected", "got 1")]
    [TestCase("none.json", "none.json: ", "none.json")]
    [TestCase("wrong.json", "wrong.json: layer 'relu': unknown field 'inplace': relu has none", "")]
    public void AWrongModelIsOneLineAndExitCode2(string model, string expected, string got)
    {
        var inDirectory = model.EndsWith(".json", StringComparison.Ordinal) ? _directory.File(model) : model;
        if (model == "wrong.json")
            File.WriteAllText(
                inDirectory,
                """{ "conformance": 1, "name": "a", "input": [1, 8, 8], "layers": [{ "name": "relu", "type": "relu", "inplace": true }] }""");
        var (exit, output, error) = Run("--model", inDirectory);
        Assert.That((exit, output), Is.EqualTo((2, "")));
        Assert.That(error, Does.StartWith("error: ").And.Contain(expected).And.Contain(got));
        Assert.That(error.TrimEnd('\n'), Does.Not.Contain("\n"));
        Assert.That(File.Exists(_directory.File("out/results.json")), Is.False);
    }

    [TestCase(
        """{ "conformance": 1, "name": "a", "input": [1, 65536, 65537], "layers": [{ "name": "x", "type": "flatten" }] }""",
        "input: expected a shape that one array can hold")]
    [TestCase(
        """{ "conformance": 1, "name": "a", "input": [4], "layers": [{ "name": "x", "type": "flatten", "start_dim": 0 }"""
            + """, { "name": "y", "type": "batch_norm1d" }] }""",
        "layer 'y': batch_norm1d: expected input [N, features, …], got [N]")]
    [TestCase(
        """{ "conformance": 1, "name": "\ud800", "input": [1, 8, 8], "layers": [{ "name": "x", "type": "relu" }] }""",
        "Cannot read incomplete UTF-16")]
    [TestCase("{", "")]
    public void AWrongFileIsOneLineAndExit2(string json, string message)
    {
        var file = _directory.File("mine.json");
        File.WriteAllText(file, json);
        var (exit, output, error) = Run("--model", file);
        Assert.That((exit, output), Is.EqualTo((2, "")));
        Assert.That(error, Does.StartWith($"error: {file}: {message}"));
        Assert.That(error.TrimEnd('\n'), Does.Not.Contain("\n"));
    }

    /// <summary>The README's file and what it prints for it.</summary>
    [Test]
    public void TheReadmesTranscriptIsTrue()
    {
        var readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        var file = _directory.File("mine.json");
        File.WriteAllText(file, readme.Split("```json\n")[1].Split("```")[0]);
        var (exit, output, error) = Run("--model", file);
        Assert.That(exit, Is.Zero, error);
        Assert.That(readme, Does.Contain($"$ tools/conformance summary --model mine.json\n{output}```"));
    }

    private (int ExitCode, string Out, string Error) Run(params string[] args) =>
        Shell.Run(new FakeSides(), ["summary", .. args, "--out", _directory.File("out")]);
}
