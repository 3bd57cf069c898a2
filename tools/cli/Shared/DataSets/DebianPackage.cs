using System.Diagnostics;

namespace Conformance.Cli.Shared.DataSets;

/// <summary>Debian packages, installed by the launcher's own script; without the launcher, the user is told.</summary>
internal static class DebianPackage
{
    /// <summary>The repository of the launcher that started this process; null where none did.</summary>
    public static string? Launcher => Environment.GetEnvironmentVariable("CONFORMANCE_ROOT");

    /// <param name="launcher">As <see cref="Launcher"/> has it.</param>
    /// <param name="why">What is said of it: what is needed, and that it is not installed.</param>
    /// <exception cref="UserError">Exit code 3: it can't be installed from here.</exception>
    public static void Install(string package, string? launcher, string why, Action<string> say)
    {
        if (launcher is null || OperatingSystem.IsWindows())
        {
            throw new UserError($"{why}: install it (Debian: apt-get install -y --no-install-recommends {package}), "
                + "or give your own files with --data DIR", 3);
        }
        say(why);
        using var process = Process.Start(Path.Combine(launcher, "tools", "apt-install.sh"), [package]);
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new UserError($"{package} was not installed (the line above says why); or give your own files with --data DIR", 3);
    }
}
