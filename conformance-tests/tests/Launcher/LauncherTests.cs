namespace Conformance.Tests.Launcher;

/// <summary>What <c>tools/conformance</c> sets up, and what it says when it can't.</summary>
[Platform(Exclude = "Win", Reason = "the launcher is a sh script")]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class LauncherTests : IDisposable
{
    private readonly Sandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Test]
    public void NoSdkIsOneLineWithTheCommandToRun()
    {
        _sandbox.Uninstall("dotnet");

        var line = Refused("check");

        Assert.That(line, Does.Contain("no dotnet on PATH").And.Contain("dotnet-install.sh | bash -s -- --channel 10.0"));
    }

    [Test]
    public void AnOldSdkIsOneLineThatSaysWhich()
    {
        _sandbox.Environment["SDK"] = "8.0.404";

        Assert.That(Refused("check"), Does.Contain("has 8.0.404").And.Contain("--channel 10.0"));
    }

    [Test]
    public void AFeedWithoutVerifyGivesTheStandIn()
    {
        _sandbox.Environment["FEED"] = "NU1101";

        Assert.That(_sandbox.Run("test").ExitCode, Is.Zero);

        Assert.That(Record, Does.Contain("<VerifyProvider>StandIn<"));
    }

    [Test]
    public void AFeedWithVerifyGivesThePackage()
    {
        var (exitCode, _, lines) = _sandbox.Run("test");

        Assert.That(exitCode, Is.Zero);
        Assert.That(Record, Does.Contain("<VerifyProvider>NuGet<"));
        Assert.That(
            _sandbox.Calls.Count(call => call.StartsWith("dotnet restore", StringComparison.Ordinal)),
            Is.EqualTo(1),
            "the feed is asked once, for Verify alone");
        Assert.That(lines, Has.All.StartsWith("conformance: "));
    }

    [Test]
    public void AFeedThatDoesNotAnswerLeavesNoRecord()
    {
        _sandbox.Environment["FEED"] = "NU1301";

        Assert.That(Refused("test"), Does.Contain("gives no answer").And.Contain("NU1301").And.Contain("setup"));
        Assert.That(File.Exists(_sandbox.InRoot("providers.props")), Is.False);
    }

    [TestCase("check")]
    [TestCase("compare")]
    public void ACommandWithoutSnapshotsDoesNotAskTheFeed(string command)
    {
        Assert.That(_sandbox.Run(command).ExitCode, Is.Zero);
        Assert.That(_sandbox.Calls, Has.None.StartsWith("dotnet restore"));
    }

    [TestCase("compare")]
    [TestCase("selfcheck")]
    [TestCase("fixtures regenerate")]
    [TestCase("fixtures diff")]
    [TestCase("fixtures verify")]
    [TestCase("check --engine torch")]
    [TestCase("check --quick --engine=torch")]
    public void ACommandThatAsksTorchRunsTheProgramThatHasIt(string command)
    {
        Assert.That(_sandbox.Run(command.Split(' ')).Output, Does.Contain("Conformance.Cli.Torch.dll]"));
        Assert.That(_sandbox.SetUpCalls.Single(), Is.EqualTo("dotnet build tools/cli-torch/Conformance.Cli.Torch.csproj --configuration Release"));
    }

    [TestCase("check")]
    [TestCase("check --engine scratch")]
    [TestCase("fixtures list")]
    [TestCase("train")]
    [TestCase("compare --help")]
    [TestCase("check --engine torch --help")]
    public void EveryOtherRunsTheOneWithoutAndBuildsNoTorch(string command)
    {
        Assert.That(_sandbox.Run(command.Split(' ')).Output, Does.Contain("Conformance.Cli.dll]"));
        Assert.That(_sandbox.SetUpCalls.Single(), Is.EqualTo("dotnet build tools/cli/Conformance.Cli.csproj --configuration Release"));
    }

    [Test]
    public void WhenAllIsInPlaceNothingIsDoneOrSaid()
    {
        _sandbox.Environment["FEED"] = "NU1101";
        _sandbox.Run("compare");

        var (exitCode, _, lines) = _sandbox.Run("compare");

        Assert.That(exitCode, Is.Zero);
        Assert.That(lines, Is.Empty);
        Assert.That(_sandbox.SetUpCalls, Is.Empty);
    }

    [Test]
    public void ArgumentsAndTheCurrentDirectoryArriveUnchangedAlsoThroughASymlink()
    {
        var link = Path.Combine(_sandbox.Elsewhere, "a link");
        File.CreateSymbolicLink(link, "../the root/tools/conformance");

        var output = _sandbox.RunAs(link, "check", "--case", "a b", "$HOME*").Output;

        Assert.That(output, Does.Contain("elsewhere:\n").And.Contain("Conformance.Cli.dll]\n[check]\n[--case]\n[a b]\n[$HOME*]\n"));
    }

    [Test]
    public void TestHandsItsArgumentsToDotnetTest()
    {
        _sandbox.Run("test", "--filter", "Name~Conv2d");

        Assert.That(_sandbox.Calls[^1], Is.EqualTo("dotnet test Conformance.sln --configuration Release --no-build --filter Name~Conv2d"));
    }

    [Test]
    public void AChangedOrRemovedSourceIsBuiltAgain()
    {
        var source = _sandbox.InRoot("engine/Conv2d.cs");
        File.WriteAllText(source, "");
        _sandbox.Run("check");

        Thread.Sleep(20); // the clock of a file system is coarser than ours
        File.WriteAllText(source, "changed");
        _sandbox.Run("check");
        Assert.That(_sandbox.SetUpCalls.Single(), Is.EqualTo("dotnet build tools/cli/Conformance.Cli.csproj --configuration Release"));

        Thread.Sleep(20);
        File.Delete(source);
        _sandbox.Run("check");
        Assert.That(_sandbox.SetUpCalls.Count(), Is.EqualTo(1));
    }

    /// <summary>A path that is not there is watched in vain, as one was; <c>providers.props</c> comes with the first set-up.</summary>
    [Test]
    public void EverythingThatTheBuildReadsInTheRootIsWatched()
    {
        var script = File.ReadAllText(Path.Combine(Repository.Root, "tools", "conformance"));
        var inputs = script.Split("inputs='")[1].Split('\'')[0].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        string[] read = [.. Directory.GetFiles(Repository.Root, "*.props"), .. Directory.GetFiles(Repository.Root, "*.targets")];

        Assert.That(inputs.Where(path => path != "providers.props" && !Path.Exists(Path.Combine(Repository.Root, path))), Is.Empty);
        Assert.That(read.Select(path => Path.GetFileName(path)), Is.SubsetOf(inputs));
    }

    [Test]
    public void ABuildThatWasKilledIsDoneFromTheStart()
    {
        _sandbox.Install("dotnet", "case $1 in --version) echo 10.0.100 ;; build) kill -9 $$ ;; esac");
        _sandbox.Run("check");
        _sandbox.Install("dotnet", "case $1 in --version) echo 10.0.100 ;; build) mkdir -p \"${CLI%/*}\"; : >\"$CLI\" ;; esac");

        _sandbox.Run("check");

        Assert.That(_sandbox.Calls, Has.Some.EndsWith("--no-incremental"));
    }

    [Test]
    public void TheBuildTakesFurtherOptions()
    {
        _sandbox.Environment["CONFORMANCE_BUILD"] = "-warnaserror --no-incremental";

        _sandbox.Run("setup");

        Assert.That(_sandbox.Calls, Has.One.EqualTo("dotnet build Conformance.sln --configuration Release -warnaserror --no-incremental"));
    }

    [Test]
    public void AFailingBuildShowsItsErrorsAndIsTriedAgain()
    {
        _sandbox.Environment["BUILD_FAILS"] = "yes";
        _sandbox.Environment["BUILD_SAYS"] = "Conv2d.cs(1,2): error CS1002: ; expected";

        var (exitCode, _, lines) = _sandbox.Run("check");
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(lines, Has.Some.Contains("CS1002"));

        _sandbox.Environment.Remove("BUILD_FAILS");
        Assert.That(_sandbox.Run("check").ExitCode, Is.Zero);
        Assert.That(_sandbox.Calls, Has.Some.StartsWith("dotnet build").And.None.Contains("--no-incremental"));
    }

    [Test]
    public void PackagesThatTheBuildCanNotGetAreSomethingMissing()
    {
        _sandbox.Environment["BUILD_FAILS"] = "yes";
        _sandbox.Environment["BUILD_SAYS"] = "p.csproj : error NU1301: no route";

        Assert.That(Refused("check"), Does.Contain("NU1301: no route"));
    }

    private string Record => File.ReadAllText(_sandbox.InRoot("providers.props"));

    /// <summary>Exit code 3; all lines but the last tell what was done. Returns the last.</summary>
    private string Refused(params string[] arguments)
    {
        var (exitCode, output, lines) = _sandbox.Run(arguments);

        Assert.That(exitCode, Is.EqualTo(3), string.Join('\n', lines));
        Assert.That(output, Is.Empty);
        Assert.That(lines, Has.All.StartsWith("conformance: "));
        return lines[^1];
    }
}
