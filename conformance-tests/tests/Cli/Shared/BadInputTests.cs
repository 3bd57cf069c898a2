using Conformance.Tests.Cli.Compare;

namespace Conformance.Tests.Cli.Shared;

/// <summary>Wrong use: one line on stderr with what was expected and what came, exit code 2, nothing trained, nothing written over.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class BadInputTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [TestCase("comprae", "unknown command 'comprae'", "compare")]
    [TestCase("--epochs 3", "unknown option '--epochs'", "a command first")]
    [TestCase("", "no command given", "compare")]
    [TestCase("compare --epoch 3", "unknown option '--epoch'", "--epochs")]
    [TestCase("compare -e 3", "unknown option '-e'", "--epochs")]
    [TestCase("compare 3", "unexpected '3'", "--help")]
    [TestCase("compare --out x --epochs", "--epochs: expected", "got none")]
    [TestCase("compare --epochs --seeds 2", "--epochs: expected", "got")]
    [TestCase("compare --epochs three", "--epochs: expected a whole number", "got 'three'")]
    [TestCase("compare --epochs 0", "--epochs: expected a whole number", "got '0'")]
    [TestCase("compare --epochs -1", "--epochs: expected a whole number", "got '-1'")]
    [TestCase("compare --epochs 1.5", "--epochs: expected a whole number", "got '1.5'")]
    [TestCase("compare --epochs 99999999999", "--epochs: expected a whole number", "got '99999999999'")]
    [TestCase("compare --epochs 1 --epochs 2", "--epochs", "2 were provided")]
    [TestCase("compare --seeds 0", "--seeds: expected a whole number", "got '0'")]
    [TestCase("compare --batch 0", "--batch: expected a whole number", "got '0'")]
    [TestCase("compare --threads 0", "--threads: expected a whole number", "got '0'")]
    [TestCase("compare --threads 100000", "--threads: expected a whole number from 1 to 1024", "got '100000'")]
    [TestCase("compare --train-limit 0", "--train-limit: expected a whole number", "got '0'")]
    [TestCase("compare --train-limit many", "--train-limit: expected a whole number", "got 'many'")]
    [TestCase("compare --lr 0", "--lr: expected a number above 0", "got '0'")]
    [TestCase("compare --lr -0.1", "--lr: expected a number above 0", "got '-0.1'")]
    [TestCase("compare --lr fast", "--lr: expected a number above 0", "got 'fast'")]
    [TestCase("compare --lr NaN", "--lr: expected a number above 0", "got 'NaN'")]
    [TestCase("compare --lr 1e999", "--lr: expected a number above 0", "got '1e999'")]
    [TestCase("compare --lr 0,05", "--lr: expected a number above 0", "got '0,05'")]
    [TestCase("compare --lr 1e-60", "--lr: expected a number above 0", "got '1e-60'")]
    [TestCase("compare --momentum 0.999999999", "--momentum: expected a number from 0", "got '0.999999999'")]
    [TestCase("compare --momentum 1", "--momentum: expected a number from 0", "got '1'")]
    [TestCase("compare --momentum -0.5", "--momentum: expected a number from 0", "got '-0.5'")]
    [TestCase("compare --min-accuracy 96.5", "--min-accuracy: expected a share", "got '96.5'")]
    [TestCase("compare --min-accuracy 0", "--min-accuracy: expected a share", "got '0'")]
    [TestCase("compare --max-difference x", "--max-difference: expected a share", "got 'x'")]
    [TestCase("compare --max-difference -0.01", "--max-difference: expected a share", "got '-0.01'")]
    [TestCase("compare --train-limit 101", "--train-limit: expected at most 100", "got 101")]
    [TestCase("setup", "'setup' is done by the launcher", "tools/conformance setup")]
    public void WrongUseIsOneLineAndExitCode2(string arguments, string expected, string got)
    {
        var sides = new FakeSides();
        string[] args = arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (args is ["compare", ..] && !args.Contains("--out"))
            args = [.. args, "--out", _directory.File("out")];

        var (exitCode, output, error) = Shell.Run(sides, args);

        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(error, Does.StartWith("error: ").And.Contain(expected).And.Contain(got));
        Assert.That(error.TrimEnd('\r', '\n'), Does.Not.Contain("\n"), "one line");
        Assert.That(output, Is.Empty);
        Assert.That(sides.Trainers, Is.Empty, "nothing was trained");
        Assert.That(File.Exists(_directory.File("out/results.json")), Is.False);
    }

    [Test]
    public void AFileInThePlaceOfTheOutputDirectoryStaysAsItIs()
    {
        File.WriteAllText(_directory.File("out"), "mine");
        AssertRefused(_directory.File("out"));
        Assert.That(File.ReadAllText(_directory.File("out")), Is.EqualTo("mine"));
    }

    [Test]
    public void AnOutputDirectoryBelowAFile()
    {
        File.WriteAllText(_directory.File("file"), "mine");
        AssertRefused(_directory.File("file/below"));
    }

    [Test]
    public void ADirectoryInThePlaceOfAResult()
    {
        Directory.CreateDirectory(_directory.File("results.json"));
        AssertRefused(_directory.Path);
    }

    [Test]
    public void AnEmptyOutputDirectoryName() => AssertRefused("");

    [Test]
    public void AReadOnlyOutputDirectory()
    {
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
        {
            Assert.Ignore("root may write anywhere, and Windows has other permissions");
            return;
        }
        File.SetUnixFileMode(_directory.Path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            AssertRefused(_directory.Path);
        }
        finally
        {
            File.SetUnixFileMode(_directory.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Test]
    [Platform("Linux")]
    public void APlaceWhereNotEvenRootMayWrite() => AssertRefused("/proc/conformance");

    private static void AssertRefused(string outputDirectory)
    {
        var sides = new FakeSides();
        var (exitCode, output, error) = Shell.Run(sides, "compare", "--out", outputDirectory);
        Assert.That(exitCode, Is.EqualTo(2));
        var named = outputDirectory.Length == 0 ? "''" : outputDirectory;
        Assert.That(error, Does.StartWith($"error: --out {named}").And.Contain("expected").And.Not.Contain("Parameter"));
        Assert.That(error.TrimEnd('\r', '\n'), Does.Not.Contain("\n"));
        Assert.That(output, Is.Empty);
        Assert.That(sides.Trainers, Is.Empty, "refused before the training, not after it");
    }
}
