using System.Globalization;
using System.Text.RegularExpressions;
using Conformance.Cli;
using Conformance.Cli.Shared;
using Conformance.Cli.Torch;
using Conformance.Oracle;
using Conformance.Suite.Diagnosing;
using Conformance.Tests.Cli.Data;
using Conformance.Tests.Cli.Shared;
using Conformance.Tests.Examples;

namespace Conformance.Tests;

/// <summary>The README's commands do what it says: each is run here, or by the gate.</summary>
internal sealed partial class ReadmeTests
{
    /// <summary>Commands that need minutes or change the machine; <c>.ci/run</c> runs them.</summary>
    private static readonly string[] RunByTheGate = ["compare", "selfcheck", "test", "setup", "data"];

    /// <summary>One of each kind; the other commands that start programs, train or judge everything are Long.</summary>
    private static readonly string[] Quick =
    [
        "check --quick", "fixtures list", "fixtures show linear/n3-i5-o4 --element gradients.weight[0,0]", "summary --list",
        "new-engine --language c --out my-engine", "evaluate --weights mine/weights.safetensors",
    ];

    private static readonly string Gate = File.ReadAllText(Path.Combine(Repository.Root, ".ci", "run"));

    private static IEnumerable<TestCaseData> CommandsAsTests() =>
        from command in Commands()
        let test = new TestCaseData(command)
        select IsRunByTheGate(command) || Quick.Contains(command) ? test : test.SetCategory("Long");

    private static IEnumerable<string> Commands() => Command().Matches(File.ReadAllText(Path.Combine(Repository.Root, "README.md")))
        .Select(match => match.Groups[1].Value.Trim()).Distinct();

    [Test]
    public void ThereAreCommands()
    {
        Assert.That(Commands().Count(), Is.GreaterThan(8));
        Assert.That(Commands(), Is.SupersetOf(Quick));
    }

    [Test]
    public void TheFailureItShowsIsOneThatTheSuitePrints()
    {
        var snapshot = Path.Combine(
            Repository.Root, "conformance-tests", "tests", "Suite", "Diagnosing", "CauseTextTests.AStrideIgnoredInTheWeightGradient.verified.txt");
        Assert.That(File.ReadAllText(Path.Combine(Repository.Root, "README.md")), Does.Contain(File.ReadAllText(snapshot)));
    }

    [Test]
    public void ItsFiguresAreTheProjects()
    {
        var readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        var known = AllOperations.Names.Sum(name => AllOperations.Named(name).Defects.Count) + BehaviourDefects.All.Count;
        Assert.Multiple(() =>
        {
            Assert.That(readme, Does.Contain($"{AllOperations.Names.Count} operations"));
            Assert.That(readme, Does.Contain($"in {Repository.Cases.Count} stored cases"));
            Assert.That(readme, Does.Contain(string.Create(CultureInfo.InvariantCulture, $"each of {known:N0} known mistakes")));
        });
    }

    [TestCaseSource(nameof(CommandsAsTests))]
    public void ACommandRuns(string command)
    {
        var words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (IsRunByTheGate(command))
        {
            // `data` alone is a part of `setup`.
            Assert.That(Gate, Does.Contain($"tools/conformance {(command == "data" ? "setup" : words.Length == 1 ? words[0] : command)}"));
            return;
        }
        if (words[0] == "data")
        {
            LiveMnist.Require();
            RunInAFolderOfEngines(command);
            return;
        }
        if (command == "fixtures regenerate")
        {
            RegenerateACopy();
            return;
        }
        if (words[0] is "serve" or "report" or "new-engine" || words.Contains("--command"))
        {
            RunInAFolderOfEngines(command);
            return;
        }
        if (words[0] is "train" or "evaluate" or "predict" or "export")
        {
            RunOnAFewImages(command);
            return;
        }
        using var directory = new TemporaryDirectory();
        var (exit, _, error) = Programs.Conformance(words[0] is "check" or "summary" ? [.. words, "--out", directory.Path] : words);
        Assert.That(exit, Is.Zero, error);
    }

    private static bool IsRunByTheGate(string command) =>
        (RunByTheGate.Contains(command.Split(' ')[0]) && !command.StartsWith("data --preview", StringComparison.Ordinal))
        || Gate.Contains($"tools/conformance {command} --out ", StringComparison.Ordinal);

    /// <summary>Of fixtures that are as they should be nothing changes, nor is any file written anew.</summary>
    private static void RegenerateACopy()
    {
        LiveTorch.Require();
        using var directory = new TemporaryDirectory();
        var (stored, copy) = (Repository.Fixtures.Root, directory.File("fixtures"));
        RunIn(directory.Path, $"cp -r '{stored}' fixtures && touch -d 2000-01-01 fixtures && exec dotnet '{WithTorch}' fixtures regenerate", 0);
        Assert.That(Directory.GetLastWriteTimeUtc(copy).Year, Is.EqualTo(2000), "what is written would have all be built anew");
        foreach (var path in Directory.EnumerateFiles(copy, "*", SearchOption.AllDirectories))
            Assert.That(File.ReadAllBytes(path), Is.EqualTo(File.ReadAllBytes(Path.Combine(stored, Path.GetRelativePath(copy, path)))), path);
    }

    /// <summary>
    /// Runs the command as a user would whose engines have the names of the README. All of them are the smallest engine of PROTOCOL.md.
    /// </summary>
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

        void Tool(string line, int expected) => RunIn(directory.Path, $"chmod +x my_engine && exec {Program} {line}", expected);
    }

    /// <summary>
    /// Runs the command unchanged, with other data: a hundred images instead of MNIST's, and one epoch instead of many. Its inputs, such as the
    /// weights of a training, are made first.
    /// </summary>
    private static void RunOnAFewImages(string command)
    {
        using var directory = new TemporaryDirectory();
        IdxFiles.WriteVariedSet(directory.Path, trainImages: 100, testImages: 100);
        File.WriteAllBytes(directory.File("seven.png"), Png.Write(new byte[28 * 28], 28, 28));
        var few = command.Replace("--train-limit 6000", "--train-limit 60", StringComparison.Ordinal)
            .Replace("t10k-images-idx3-ubyte.gz", "t10k-images-idx3-ubyte", StringComparison.Ordinal);
        var small = few.Contains("--epochs", StringComparison.Ordinal) ? "--data ." : "--data . --epochs 1";
        if (few.Contains("--resume", StringComparison.Ordinal))
            Tool($"{few.Replace("--resume", "", StringComparison.Ordinal)} {small}");
        else if (!few.StartsWith("train", StringComparison.Ordinal))
            Tool($"train {small} --out mine");
        Tool(few.StartsWith("train", StringComparison.Ordinal) ? $"{few} {small}"
            : few.StartsWith("evaluate", StringComparison.Ordinal) ? $"{few} --data ."
            : few);

        void Tool(string line) => RunIn(directory.Path, $"exec {Program} {line}", 0);
    }

    private static string Program => $"dotnet '{typeof(CommandLine).Assembly.Location}'";

    private static string WithTorch => typeof(TorchReference).Assembly.Location;

    private static void RunIn(string directory, string script, int expected)
    {
        var (exit, output, error) = Programs.RunIn(directory, "bash", ["-c", script]);
        Assert.That(exit, Is.EqualTo(expected), output + error);
    }

    [GeneratedRegex("^tools/conformance ([^#\n]+)", RegexOptions.Multiline)]
    private static partial Regex Command();
}
