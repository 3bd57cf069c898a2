using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Protocol;

/// <summary>
/// An engine with all processes that it starts. Each inherits a mark in its environment, and the engine's session. On Linux either finds a process,
/// though its parent has ended or it left its group; one that left both is found only by <see cref="Sandbox"/>. On other systems the children known
/// to the system are found.
/// </summary>
internal sealed class ProcessTree
{
    private const string Mark = "CONFORMANCE_ENGINE";
    private const int MostRounds = 20;

    private static readonly ConcurrentDictionary<ProcessTree, bool> Running = new();

    private readonly byte[] _mark;

    private readonly int _id;

    /// <summary>No engine outlives this process, whichever way it ends.</summary>
    static ProcessTree() => AppDomain.CurrentDomain.ProcessExit += (_, _) => KillAll();

    private ProcessTree(Process process, string mark)
    {
        (Root, _id, _mark) = (process, process.Id, Encoding.ASCII.GetBytes($"{Mark}={mark}\0"));
        Running[this] = true;
    }

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
        var all = OperatingSystem.IsLinux() && File.Exists(Sentinel.Session) ? [Sentinel.Session, .. words] : words;
        start.FileName = all[0];
        foreach (var word in all.Skip(1))
            start.ArgumentList.Add(word);
        start.Environment[Mark] = mark;
        start.Environment[Sentinel.Variable] = Sentinel.Mark;
        start.Environment["PYTHONUNBUFFERED"] = "1"; // a reply that is not flushed is the most frequent cause of a hang
        try
        {
            return new(Process.Start(start)!, mark);
        }
        catch (Win32Exception error) when (SuiteException.IsOfMachine(error.NativeErrorCode))
        {
            throw new SuiteException($"starting '{words[0]}'", error);
        }
        catch (Win32Exception error)
        {
            throw new NoGreetingException($"can't start '{words[0]}': {error.Message}");
        }
    }

    /// <summary>Stops every engine that this process has started and that still runs.</summary>
    public static void KillAll()
    {
        foreach (var tree in Running.Keys)
            tree.Kill();
    }

    /// <summary>Stops every process that still runs.</summary>
    public void Kill()
    {
        Try(() => Root.Kill(entireProcessTree: true));
        for (var round = 0; round < MostRounds && KillMarked(); round++)
            Thread.Sleep(round); // a process may just be starting another
        Try(() => Root.WaitForExit(1000));
        Running.TryRemove(this, out _);
    }

    /// <returns>Whether there was any process.</returns>
    private bool KillMarked()
    {
        if (!OperatingSystem.IsLinux())
            return false;
        var any = false;
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
            if (int.TryParse(Path.GetFileName(directory), out var id) && (IsMarked(directory) || IsOfSession(directory)))
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

    /// <summary>Whether the process is in the session that the engine began.</summary>
    private bool IsOfSession(string directory)
    {
        try
        {
            var status = File.ReadAllText(directory + "/stat");
            var fields = status[(status.LastIndexOf(')') + 2)..].Split(' '); // state, parent, group, session
            return fields[0] != "Z" && fields[3] == _id.ToString(CultureInfo.InvariantCulture);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false; // the process has ended
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
