using System.Text.Json;
using Conformance.Tests.Cli;
using static VerifyNUnit.Verifier;

namespace Conformance.Tests.Examples;

/// <summary>Each engine of conformance-tests/examples passes every case of what it says it has; and the three mistakes of one are named.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ExampleEngineTests : IDisposable
{
    private static readonly string[] Operations = ["conv2d", "cross_entropy", "linear", "max_pool2d", "relu"];

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Test]
    public void NumPy() => AssertPassesAll($"{Programs.NumPy()} {Path.Combine(Programs.Examples, "numpy_engine.py")}");

    [Test]
    public void C() => AssertPassesAll(Programs.Compiled(Path.Combine(Programs.Examples, "engine.c"), _directory.Path));

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

    [Test]
    public Task EachOfThreeMistakesIsNamed()
    {
        var results = Results($"{Programs.NumPy()} {Path.Combine(Programs.Examples, "numpy_engine_with_defects.py")}", 1);
        return Verify(string.Concat(results.GetProperty("diagnoses").EnumerateArray().Select(diagnosis =>
            $"{diagnosis.GetProperty("id").GetString()} ({diagnosis.GetProperty("explains").GetArrayLength()} cases)\n{diagnosis.GetProperty("text").GetString()}\n\n")));
    }

    private void AssertPassesAll(string command, params string[] options)
    {
        var results = Results(command, 0, options);
        var judged = results.GetProperty("cases").EnumerateArray().ToLookup(item => item.GetProperty("verdict").GetString(), item => item.GetProperty("id").GetString()!.Split('/')[0]);
        Assert.That(judged.Select(verdict => verdict.Key), Is.SubsetOf(new[] { "pass", "unsupported" }));
        Assert.That(judged["pass"].Distinct(), Is.EquivalentTo(Operations));
        Assert.That(judged["unsupported"].Intersect(Operations), Is.Empty);
        if (!options.Contains("--quick"))
            Assert.That(judged["pass"].Count(), Is.EqualTo(Operations.Sum(op => Directory.GetFiles(Path.Combine(Repository.Fixtures.Root, op)).Length)));
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
