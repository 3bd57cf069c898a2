using System.Diagnostics;
using Conformance.Tests.Cli;

namespace Conformance.Tests.Ci;

/// <summary>The gate for other repositories, as far as it runs without GitHub or GitLab: its own script, in a folder as they would check it out, with an engine that is right and one that is wrong.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class GateScriptTests : IDisposable
{
    private const string GitHub = ".github/workflows/check-engine.yml", GitLab = "conformance-tests/ci/check-engine.gitlab-ci.yml";

    private static readonly string Engines = Path.Combine(Repository.Root, "conformance-tests", "examples");

    private readonly TemporaryDirectory _directory = new();

    public GateScriptTests() => Directory.CreateSymbolicLink(_directory.File(".conformance"), Repository.Root);

    public void Dispose() => _directory.Dispose();

    [Test]
    public void ARightEnginePassesAndIsKeptAsTheBaseline([Values(GitHub, GitLab)] string file)
    {
        Assert.That(Run(file, "check --gate", "pure_python.py").Exit, Is.Zero);
        Assert.That(Run(file, "conformance-baseline/\n", "").Exit, Is.Zero);
        Assert.That(File.ReadAllText(_directory.File("conformance-baseline/results.json")), Is.EqualTo(File.ReadAllText(_directory.File("conformance-results/results.json"))));

        // An engine that has unlearnt an operation passes nothing wrong, and is stopped by the run before.
        File.WriteAllText(_directory.File("less.py"), File.ReadAllText(Path.Combine(Engines, "pure_python.py")).Replace("\"relu\"", "\"tanh\"", StringComparison.Ordinal));
        var (exit, output) = Run(file, "check --gate", _directory.File("less.py"));
        Assert.That((exit, output), Is.EqualTo((1, output)));
        Assert.That(output, Does.Contain("passed before, and not judged now"));
    }

    [Test]
    public void AWrongEngineIsStoppedUnlessItIsKnown([Values(GitHub, GitLab)] string file)
    {
        File.WriteAllText(_directory.File("wrong.py"), File.ReadAllText(Path.Combine(Engines, "pure_python.py")).Replace("if v > 0", "if v < 0", StringComparison.Ordinal));
        Assert.That(Run(file, "check --gate", _directory.File("wrong.py")).Exit, Is.EqualTo(1));
        File.Copy(_directory.File("conformance-results/failures.txt"), _directory.File("known.txt"));
        Assert.That(Run(file, "check --gate", _directory.File("wrong.py"), "known.txt").Exit, Is.Zero);
    }

    [Test]
    public void BothGatesAreTheSame() => Assert.That(Script(GitLab, "check --gate"), Is.EqualTo(Script(GitHub, "check --gate")));

    /// <summary>The one block of the file's scripts that has <paramref name="part"/> in it.</summary>
    private static string Script(string file, string part)
    {
        var blocks = File.ReadAllText(Path.Combine(Repository.Root, file)).Split("|\n")[1..].Select(rest =>
        {
            var lines = rest.Split('\n');
            var indent = lines[0].Length - lines[0].TrimStart().Length;
            return string.Join('\n', lines.TakeWhile(line => line.Length >= indent && line[..indent].Trim().Length == 0).Select(line => line[indent..])) + "\n";
        });
        return blocks.Single(block => block.Contains(part, StringComparison.Ordinal));
    }

    private (int Exit, string Output) Run(string file, string part, string engine, string known = "")
    {
        var start = new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", Script(file, part)]) { WorkingDirectory = _directory.Path, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["COMMAND"] = $"python3 '{Path.Combine(Engines, engine)}'";
        start.Environment["KNOWN_FAILURES"] = known;
        start.Environment["CI_COMMIT_BRANCH"] = start.Environment["CI_DEFAULT_BRANCH"] = "main";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.Result);
    }
}
