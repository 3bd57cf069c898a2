namespace Conformance.Tests.Launcher;

/// <summary>What <c>tools/apt-install.sh</c> does as root, with sudo and without either, and what it says when it can't.</summary>
[Platform(Exclude = "Win", Reason = "it is a sh script")]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class AptInstallTests : IDisposable
{
    private readonly Sandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Test]
    public void PackagesAreInstalled()
    {
        Assert.That(Install().ExitCode, Is.Zero);
        Assert.That(_sandbox.Calls, Has.Some.Contains("install -y --no-install-recommends dataset-one gcc"));
    }

    [Test]
    public void WithoutRootTheCommandToRunIsGiven()
    {
        _sandbox.Environment["USER_ID"] = "1000";

        Assert.That(Refused(), Does.Contain("run: sudo sh -c 'apt-get update && apt-get install -y --no-install-recommends dataset-one gcc"));
        Assert.That(_sandbox.Calls, Has.None.StartsWith("apt-get"));
    }

    [Test]
    public void WithoutRootSudoIsUsedWhereItAsksForNoPassword()
    {
        _sandbox.Environment["USER_ID"] = "1000";
        _sandbox.Install("sudo", "[ \"$1\" = -n ] && exit; exec \"$@\"");

        Assert.That(Install().ExitCode, Is.Zero);
        Assert.That(_sandbox.Calls, Has.Some.StartsWith("sudo env DEBIAN_FRONTEND=noninteractive"));
    }

    [Test]
    public void AptIsAskedAgainAfterAnUpdateAndItsReasonIsGiven()
    {
        _sandbox.Environment["APT_FAILS"] = "Unable to locate package dataset-one";

        Assert.That(Refused(), Does.Contain("E: Unable to locate package dataset-one; run: sudo sh -c '"));
        Assert.That(_sandbox.Calls.Count(call => call.Contains(" install ")), Is.EqualTo(2));
        Assert.That(_sandbox.Calls, Has.One.EndsWith(" update"));
    }

    [Test]
    public void NoAptIsOneLine()
    {
        _sandbox.Uninstall("apt-get");

        Assert.That(Refused(), Does.Contain("there is no apt-get here"));
    }

    private (int ExitCode, string Output, string[] Lines) Install() => _sandbox.RunAs(_sandbox.InRoot("tools/apt-install.sh"), "dataset-one", "gcc");

    /// <summary>Exit code 3. Returns the last line.</summary>
    private string Refused()
    {
        var (exitCode, output, lines) = Install();

        Assert.That((exitCode, output), Is.EqualTo((3, "")), string.Join('\n', lines));
        return lines[^1];
    }
}
