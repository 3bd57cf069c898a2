using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Conformance.Suite.Protocol;

/// <summary>
/// An engine with all processes that it starts. Each inherits a mark in its environment. On Linux the mark finds processes whose parent has ended or
/// that left their group. On other systems the children known to the system are found.
/// </summary>
internal sealed class ProcessTree
{
    private const string Mark = "CONFORMANCE_ENGINE";
    private const string Session = "/usr/bin/setsid";
    private const int MostRounds = 20;

    private readonly byte[] _mark;

    private ProcessTree(Process process, string mark) => (Root, _mark) = (process, Encoding.ASCII.GetBytes($"{Mark}={mark}\0"));

    public Process Root { get; }

    /// <summary>
    /// Starts a program without a shell. On Linux it has its own session, so that Ctrl-C does not reach it and it has no terminal to write to.
    /// </summary>
    /// <exception cref="NoGreetingException">The program can't be started.</exception>
    public static ProcessTree Start(IReadOnlyList<string> words)
    {
        if (!Path.IsPathFullyQualified(words[0]) && !IsOnPath(words[0]))
            throw new NoGreetingException(
                $"can't start '{words[0]}': there is no such program "
                    + $"{(words[0].Contains('/', StringComparison.Ordinal) ? "in this directory" : "on PATH")}");
        var mark = Guid.NewGuid().ToString("N");
        var start = new ProcessStartInfo
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true
        };
        var all = OperatingSystem.IsLinux() && File.Exists(Session) ? [Session, .. words] : words;
        start.FileName = all[0];
        foreach (var word in all.Skip(1))
            start.ArgumentList.Add(word);
        start.Environment[Mark] = mark;
        start.Environment["PYTHONUNBUFFERED"] = "1"; // a reply that is not flushed is the most frequent cause of a hang
        try
        {
            return new(Process.Start(start)!, mark);
        }
        catch (Win32Exception error)
        {
            throw new NoGreetingException($"can't start '{words[0]}': {error.Message}");
        }
    }

    /// <summary>Stops every process that still runs.</summary>
    public void Kill()
    {
        Try(() => Root.Kill(entireProcessTree: true));
        for (var round = 0; round < MostRounds && KillMarked(); round++)
            Thread.Sleep(round); // a process may just be starting another
        Root.WaitForExit(1000);
    }

    /// <returns>Whether there was any process.</returns>
    private bool KillMarked()
    {
        if (!OperatingSystem.IsLinux())
            return false;
        var any = false;
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
            if (int.TryParse(Path.GetFileName(directory), out var id) && IsMarked(directory))
            {
                any = true;
                Try(() =>
                {
                    using var process = Process.GetProcessById(id);
                    process.Kill();
                });
            }
        return any;
    }

    private bool IsMarked(string directory)
    {
        try
        {
            return File.ReadAllBytes(directory + "/environ").AsSpan().IndexOf(_mark) >= 0;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false; // the process has ended, or is not ours
        }
    }

    private static bool IsOnPath(string program)
    {
        if (OperatingSystem.IsWindows())
            return true; // the system itself reports this error
        return program.Contains('/', StringComparison.Ordinal)
            ? File.Exists(program)
            : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
                .Any(directory => File.Exists(Path.Combine(directory, program)));
    }

    private static void Try(Action kill)
    {
        try
        {
            kill();
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException or Win32Exception or AggregateException)
        {
            // The process has ended by itself.
        }
    }
}
