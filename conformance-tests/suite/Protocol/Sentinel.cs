using System.ComponentModel;
using System.Diagnostics;

namespace Conformance.Suite.Protocol;

/// <summary>
/// A small shell beside this process that kills its engines when it is killed itself. The shell waits for the end of its input, which comes however
/// this process ends. On Linux only.
/// </summary>
internal static class Sentinel
{
    /// <summary>The variable that every engine of this process has in its environment.</summary>
    public const string Variable = "CONFORMANCE_SUITE";

    /// <summary>The program that gives another one a session of its own, so that Ctrl-C does not reach it.</summary>
    public const string Session = "/usr/bin/setsid";

    private const string Shell = "/bin/sh";

    private const string Script = """
        exec >/dev/null 2>&1
        cat >/dev/null
        for round in 1 2 3 4 5; do
            found=$(grep -lsaF -e "$1" /proc/[0-9]*/environ)
            [ -n "$found" ] || exit 0
            for file in $found; do
                process=${file#/proc/}
                kill -9 "${process%/environ}"
            done
            sleep 0.1
        done
        """;

    private static readonly Lazy<string> Started = new(Start);

    // The collector would close the input of a process that nobody holds, and the shell would take that for the end of this process.
    private static Process? _held;

    /// <summary>The value of the variable. The first call starts the shell.</summary>
    public static string Mark => Started.Value;

    private static string Start()
    {
        var mark = Guid.NewGuid().ToString("N");
        if (!OperatingSystem.IsLinux() || !File.Exists(Shell) || !File.Exists(Session))
            return mark;
        string[] words = [Shell, "-c", Script, "sentinel", $"{Variable}={mark}"];
        try
        {
            _held = Process.Start(new ProcessStartInfo(Session, words) { RedirectStandardInput = true });
        }
        catch (Win32Exception)
        {
            return mark; // the engine that is to be started meets the same shortage, and says so
        }
        return mark;
    }
}
