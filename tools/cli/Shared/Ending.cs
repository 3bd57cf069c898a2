using System.Runtime.InteropServices;
using Conformance.Suite.Protocol;

namespace Conformance.Cli.Shared;

/// <summary>The end of the process after Ctrl-C, SIGTERM or SIGHUP.</summary>
internal static partial class Ending
{
    /// <summary>How long a command may take to stop by itself: one that waits for its input, or computes one long step, never looks.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1.3);

    /// <summary>Ends the process after the grace, if it has not ended by then. Call it when the first signal comes.</summary>
    public static void Demand() => new Thread(() =>
    {
        Thread.Sleep(Grace);
        Console.Error.WriteLine("interrupted");
        Now(ExitCode.Interrupted);
    })
    { IsBackground = true, Name = "ending" }.Start();

    /// <summary>
    /// Ends the process at once and leaves no engine. The destructors of native libraries do not run: torch's would while its threads still compute,
    /// and the process would end by a signal.
    /// </summary>
    public static void Now(int exitCode)
    {
        ProcessTree.KillAll();
        Console.Out.Flush();
        Console.Error.Flush();
        if (!OperatingSystem.IsWindows())
            ExitNow(exitCode);
        Environment.Exit(exitCode);
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void ExitNow(int exitCode);
}
