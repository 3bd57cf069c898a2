using System.Globalization;
using System.Text.RegularExpressions;
using Conformance.Cli;
using Conformance.Oracle;
using Conformance.Suite.Diagnosing;
using Conformance.Tests.Cli;
using Conformance.Tests.Examples;

namespace Conformance.Tests;

/// <summary>The README's commands do what it says: each is run here, or by the gate.</summary>
internal sealed partial class ReadmeTests
{
    /// <summary>Commands that need minutes or change the machine; <c>.ci/run</c> runs them.</summary>
    private static readonly string[] RunByTheGate = ["compare", "selfcheck", "test", "setup", "data"];

    private static readonly string Gate = File.ReadAllText(Path.Combine(Repository.Root, ".ci", "run"));

    private static IEnumerable<string> Commands() => Command().Matches(File.ReadAllText(Path.Combine(Repository.Root, "README.md")))
        .Select(match => match.Groups[1].Value.Trim()).Distinct();

    [Test]
    public void ThereAreCommands() => Assert.That(Commands().Count(), Is.GreaterThan(8));

    [Test]
    public void TheFailureItShowsIsOneThatTheSuitePrints()
    {
        var snapshot = Path.Combine(Repository.Root, "conformance-tests", "tests", "Suite", "Diagnosing", "CauseTextTests.AStrideIgnoredInTheWeightGradient.verified.txt");
        Assert.That(File.ReadAllText(Path.Combine(Repository.Root, "README.md")), Does.Contain(File.ReadAllText(snapshot)));
    }

    [Test]
    public void ItsFiguresAreTheProjects()
    {
        var readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        var known = AllOperations.Names.Sum(name => AllOperations.Named(name).Defects.Count) + Conduct.All.Count;
        Assert.Multiple(() =>
        {
            Assert.That(readme, Does.Contain($"{AllOperations.Names.Count} operations"));
            Assert.That(readme, Does.Contain($"in {Repository.Fixtures.Cases().Count} stored cases"));
            Assert.That(readme, Does.Contain(string.Create(CultureInfo.InvariantCulture, $"each of {known:N0} known mistakes")));
        });
    }

    [TestCaseSource(nameof(Commands))]
    public void ACommandRuns(string command)
    {
        var words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words is ["data", "--preview", ..])
        {
            LiveMnist.Require();
            RunInAFolderOfEngines(command);
            return;
        }
        if (RunByTheGate.Contains(words[0]))
        {
            // `data` alone is a part of `setup`.
            Assert.That(Gate, Does.Contain($"tools/conformance {(command == "data" ? "setup" : words.Length == 1 ? words[0] : command)}"));
            return;
        }
        if (command == "fixtures regenerate")
            LiveTorch.Require();
        if (words[0] is "serve" or "report" or "new-engine" || words.Contains("--command"))
        {
            RunInAFolderOfEngines(command);
            return;
        }
        using var output = new StringWriter();
        using var error = new StringWriter();
        string[] args = words[0] is "check" or "summary" ? [.. words, "--out", Directory.CreateTempSubdirectory("conformance-readme").FullName] : words;
        var exit = CommandLine.Run(args, new(output, error, Interactive: false, Color: false), (_, _, _) => throw new InvalidOperationException(), CancellationToken.None);
        Assert.That(exit, Is.Zero, error.ToString);
    }

    /// <summary>Runs it as a person would whose engines have the names that the README gives them: all of them the smallest engine of PROTOCOL.md.</summary>
    private static void RunInAFolderOfEngines(string command)
    {
        using var directory = new TemporaryDirectory();
        var smallest = File.ReadAllText(Path.Combine(Repository.Root, "conformance-tests", "PROTOCOL.md")).Split("```python\n")[1].Split("```")[0];
        foreach (var name in new[] { "my_engine.py", "anna.py", "ben.py", "my_engine" })
            File.WriteAllText(directory.File(name), "#!/usr/bin/env python3\n" + smallest);
        File.WriteAllText(directory.File("known.txt"), "# nothing\n");
        Directory.CreateSymbolicLink(directory.File("conformance-tests"), Path.Combine(Repository.Root, "conformance-tests"));
        if (command.Contains("earlier", StringComparison.Ordinal))
            Tool("check --command 'python3 my_engine.py' --out earlier", 0);
        if (command.Contains("submissions", StringComparison.Ordinal))
            Tool("check --quick --command 'python3 anna.py' --out submissions/anna", 0);
        Tool(command, command.Contains("defects", StringComparison.Ordinal) ? 1 : 0);

        void Tool(string line, int expected)
        {
            var (exit, output, error) = Programs.RunIn(directory.Path, "bash", ["-c", $"chmod +x my_engine && exec dotnet '{typeof(CommandLine).Assembly.Location}' {line}"]);
            Assert.That(exit, Is.EqualTo(expected), output + error);
        }
    }

    [GeneratedRegex("^tools/conformance ([^#\n]+)", RegexOptions.Multiline)]
    private static partial Regex Command();
}
