using System.Text.Json;
using Conformance.Tests.Cli.Shared;
using static VerifyNUnit.Verifier;

namespace Conformance.Tests.Examples;

/// <summary>Each engine of conformance-tests/examples passes every case of what it says it has; and the three mistakes of one are named.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Parallelizable]
internal sealed class ExampleEngineTests : IDisposable
{
    private static readonly string[] Operations = ["conv2d", "cross_entropy", "linear", "max_pool2d", "relu"];

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Test, Category("Long")]
    public void NumPy() => AssertPassesAll($"{Programs.NumPy()} {Path.Combine(Programs.Examples, "numpy_engine.py")}");

    [Test]
    public void C() => AssertPassesAll(Programs.Compiled(Path.Combine(Programs.Examples, "engine.c"), _directory.Path));

    /// <summary>The reader of its own says what is wrong with a line, and reads the next.</summary>
    [Test]
    public void CLivesThroughWhatIsNoRequest()
    {
        const string Relu =
            """{"id":"a\u00e9\"","op":"relu","attributes":{},"inputs":{"input":INPUT},"cotangent":{"output":{"shape":[1],"data":[1]}}}""";
        string[] wrong =
        [
            "", "{", "[1", "nonsense", "5 5", "{\"id\":\"a", "{\"id\":\"\\ud8\"}", new string('[', 100_000), Relu[..^1],
            .. new[]
            {
                "1", "{\"shape\":[1]}", "{\"shape\":[2],\"data\":[1]}", "{\"shape\":[-1],\"data\":[]}", "{\"shape\":[1e9,1e9,1e9],\"data\":[]}",
                "{\"shape\":[1],\"data\":[\"nan\"]}", "{\"shape\":[1,1,1,1,1,1,1,1,1],\"data\":[1]}"
            }.Select(input => Relu.Replace("INPUT", input, StringComparison.Ordinal)),
        ];
        var right = Relu.Replace("INPUT", "{\"data\":[-0.5e-1],\"shape\":[1]}", StringComparison.Ordinal);
        var (exit, output, _) = Programs.Run(
            Programs.Compiled(Path.Combine(Programs.Examples, "engine.c"), _directory.Path), [], string.Join('\n', [.. wrong, right, ""]));
        var replies = output.Trim().Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.That(exit, Is.Zero);
        Assert.That(replies, Has.Length.EqualTo(wrong.Length + 1));
        Assert.That(replies[..^1].Select(reply => reply.TryGetProperty("error", out _)), Has.All.True);
        Assert.That(replies[^1].GetProperty("id").GetString(), Is.EqualTo("aé\""));
        Assert.That(replies[^1].GetProperty("outputs").GetProperty("output").GetProperty("data")[0].GetDouble(), Is.Zero);
    }

    /// <summary>The clear loops take half a minute for all cases.</summary>
    [Test]
    public void PurePythonOnTheQuickSet() => AssertPassesAll($"{Programs.Python()} {Path.Combine(Programs.Examples, "pure_python.py")}", "--quick");

    [Test, Category("Long")]
    public void PurePython() => AssertPassesAll($"{Programs.Python()} {Path.Combine(Programs.Examples, "pure_python.py")}", "--timeout", "60");

    [Test]
    public void TheSmallestEngineOfThePage()
    {
        File.WriteAllText(_directory.File("smallest.py"), ProtocolPage.SmallestEngine);
        var results = Results($"{Programs.Python()} {_directory.File("smallest.py")}", 0, "--op", "relu");
        Assert.That(Count(results, "pass"), Is.EqualTo(Directory.GetFiles(Path.Combine(Repository.Fixtures.Root, "relu")).Length));
    }

    [Test, Category("Long")]
    public Task EachOfThreeMistakesIsNamed()
    {
        var results = Results($"{Programs.NumPy()} {Path.Combine(Programs.Examples, "numpy_engine_with_defects.py")}", 1);
        return Verify(string.Concat(results.GetProperty("diagnoses").EnumerateArray().Select(diagnosis =>
            $"{diagnosis.GetProperty("id").GetString()} ({diagnosis.GetProperty("explains").GetArrayLength()} cases)\n"
                + $"{diagnosis.GetProperty("text").GetString()}\n\n")));
    }

    private void AssertPassesAll(string command, params string[] options)
    {
        var results = Results(command, 0, options);
        var judged = results.GetProperty("cases").EnumerateArray().ToLookup(
            item => item.GetProperty("verdict").GetString(), item => item.GetProperty("id").GetString()!.Split('/')[0]);
        Assert.That(judged.Select(verdict => verdict.Key), Is.SubsetOf(new[] { "pass", "unsupported" }));
        Assert.That(judged["pass"].Distinct(), Is.EquivalentTo(Operations));
        Assert.That(judged["unsupported"].Intersect(Operations), Is.Empty);
        if (!options.Contains("--quick"))
            Assert.That(
                judged["pass"].Count(),
                Is.EqualTo(Operations.Sum(op => Directory.GetFiles(Path.Combine(Repository.Fixtures.Root, op)).Length)));
    }

    private JsonElement Results(string command, int exitCode, params string[] options)
    {
        var output = _directory.File("results");
        var (exit, printed, error) = Programs.Conformance(["check", "--command", command, "--out", output, .. options]);
        Assert.That(exit, Is.EqualTo(exitCode), printed + error);
        using var results = JsonDocument.Parse(File.ReadAllText(Path.Combine(output, "results.json")));
        return results.RootElement.Clone();
    }

    private static int Count(JsonElement results, string verdict) => results.GetProperty("summary").GetProperty(verdict).GetInt32();
}
