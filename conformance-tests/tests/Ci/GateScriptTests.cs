using Conformance.Tests.Cli.Shared;
using Conformance.Tests.Examples;

namespace Conformance.Tests.Ci;

/// <summary>
/// The gate for other repositories, as far as it runs without GitHub or GitLab. Its script runs in a folder like a checkout, with a right engine and
/// with a wrong one.
/// </summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Parallelizable]
internal sealed class GateScriptTests : IDisposable
{
    private const string GitHub = ".github/workflows/check-engine.yml", GitLab = "conformance-tests/ci/check-engine.gitlab-ci.yml";

    private readonly TemporaryDirectory _directory = new();

    public GateScriptTests() => Directory.CreateSymbolicLink(_directory.File(".conformance"), Repository.Root);

    public void Dispose() => _directory.Dispose();

    [TestCase(GitHub, Category = "Long")]
    [TestCase(GitLab, Category = "Long")]
    public void ARightEnginePassesAndIsKeptAsTheBaseline(string file)
    {
        Engine("relu", "0.0");
        RequireExit(0, Run(file, "check --gate"));
        RequireExit(0, Run(file, "conformance-baseline/\n"));
        Assert.That(
            File.ReadAllText(_directory.File("conformance-baseline/results.json")),
            Is.EqualTo(File.ReadAllText(_directory.File("conformance-results/results.json"))));

        // An engine that has unlearnt an operation has nothing wrong, and is stopped by the run before.
        Engine("flatten", "0.0");
        Assert.That(RequireExit(1, Run(file, "check --gate")), Does.Contain("passed before, and not judged now"));
    }

    [TestCase(GitHub, Category = "Long")]
    [TestCase(GitLab, Category = "Long")]
    public void AWrongEngineIsStoppedUnlessItIsKnown(string file)
    {
        Engine("relu", "-1.0");
        RequireExit(1, Run(file, "check --gate"));
        File.Copy(_directory.File("conformance-results/failures.txt"), _directory.File("known.txt"));
        RequireExit(0, Run(file, "check --gate", "known.txt"));
    }

    [Test]
    public void BothGatesAreTheSameAndStrict()
    {
        Assert.That(Script(GitLab, "check --gate"), Is.EqualTo(Script(GitHub, "check --gate")));
        Assert.That(Script(GitHub, "check --gate"), Does.Contain("check --gate --strict "));
    }

    /// <summary>It has the stored answers and no other, so that an ordinary check finds nothing wrong with what is stored.</summary>
    [TestCase(GitHub, Category = "Long")]
    public void AnEngineThatKnowsTheStoredAnswersIsStopped(string file)
    {
        Memory();
        Assert.That(RequireExit(1, Run(file, "check --gate")), Does.Contain("strict: "));
    }

    /// <summary>The one block of the file's scripts that has <paramref name="part"/> in it.</summary>
    private static string Script(string file, string part)
    {
        var blocks = File.ReadAllText(Path.Combine(Repository.Root, file)).Split("|\n")[1..].Select(rest =>
        {
            var lines = rest.Split('\n');
            var indent = lines[0].Length - lines[0].TrimStart().Length;
            var block = lines.TakeWhile(line => line.Length >= indent && line[..indent].Trim().Length == 0).Select(line => line[indent..]);
            return string.Join('\n', block) + "\n";
        });
        return blocks.Single(block => block.Contains(part, StringComparison.Ordinal));
    }

    /// <summary>Writes an engine of one operation; a relu passes what is greater than <paramref name="least"/>.</summary>
    private void Engine(string op, string least) => File.WriteAllText(_directory.File("engine.py"), $$$$$"""
        import json, sys
        sys.stdin.readline()
        print(json.dumps({"conformance": 1, "name": "small", "ops": ["{{{{{op}}}}}"], "dtype": "float32"}), flush=True)
        for line in sys.stdin:
            case = json.loads(line)
            x, dy = case["inputs"]["input"], case.get("cotangent", {}).get("output")
            if case["op"] != "relu":
                print(json.dumps({"id": case["id"], "outputs": {"output": {"shape": dy["shape"], "data": x["data"]}}, "gradients": {"input": {"shape": x["shape"], "data": dy["data"]}}}), flush=True)
                continue
            y = [v if v == "NaN" or float(v) > {{{{{least}}}}} else 0 for v in x["data"]]
            dx = [g if v == "NaN" or float(v) > {{{{{least}}}}} else 0 for v, g in zip(x["data"], dy["data"])]
            print(json.dumps({"id": case["id"], "outputs": {"output": {"shape": x["shape"], "data": y}}, "gradients": {"input": {"shape": x["shape"], "data": dx}}}), flush=True)
        """);

    /// <summary>Writes an engine that looks its answers up in the stored files, by the numbers.</summary>
    private void Memory() => File.WriteAllText(_directory.File("engine.py"), $$$"""
        import json, pathlib, sys
        stored = [json.loads(file.read_text()) for file in pathlib.Path("{{{Repository.Root}}}/fixtures/relu").glob("*.json")]
        known = {json.dumps(one["inputs"]): one["expected"] for one in stored if "expected" in one}
        sys.stdin.readline()
        print(json.dumps({"conformance": 1, "name": "memory", "ops": ["relu"]}), flush=True)
        for line in sys.stdin:
            case = json.loads(line)
            answer = known.get(json.dumps(case["inputs"]))
            print(json.dumps({"id": case["id"], **answer} if answer else {"id": case["id"], "error": "never seen"}), flush=True)
        """);

    private static string RequireExit(int expected, (int Exit, string Output) run)
    {
        Assert.That(run.Exit, Is.EqualTo(expected), run.Output);
        return run.Output;
    }

    private (int Exit, string Output) Run(string file, string part, string known = "")
    {
        var (exit, output, error) = Programs.RunIn(
            _directory.Path, "bash", ["-euo", "pipefail", "-c", Script(file, part)], "",
            ("COMMAND", "python3 engine.py"), ("KNOWN_FAILURES", known), ("SANDBOX", ""),
            ("CI_COMMIT_BRANCH", "main"), ("CI_DEFAULT_BRANCH", "main"));
        return (exit, output + error);
    }
}
