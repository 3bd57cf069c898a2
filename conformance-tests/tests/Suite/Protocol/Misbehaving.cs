using Conformance.Suite.Judging;
using Conformance.Suite.Protocol;

namespace Conformance.Tests.Suite.Protocol;

/// <summary>A misbehaving engine, and whether anything of it is left.</summary>
internal sealed class Misbehaving(string mode, string trigger = "-") : IDisposable
{
    private readonly string _mark = Guid.NewGuid().ToString("N");

    public static string File { get; } = Path.Combine(Repository.Root, "conformance-tests", "tests", "Suite", "Protocol", "misbehaving.py");

    public IReadOnlyList<string> Words => [Python.Program, File, mode, trigger, _mark];

    public string CommandLine => string.Join(' ', Words.Select(word => $"'{word}'"));

    /// <summary>The processes of it that live, those that it started among them.</summary>
    public IReadOnlyList<string> Left => [.. Directory.EnumerateDirectories("/proc")
        .Where(directory => int.TryParse(Path.GetFileName(directory), out _) && CommandOf(directory).Contains(_mark, StringComparison.Ordinal))];

    private string Hanging => Path.Combine(Path.GetTempPath(), _mark);

    /// <summary>Waits until it hangs.</summary>
    public void AwaitHang()
    {
        for (var wait = 0; !System.IO.File.Exists(Hanging); wait++)
        {
            Assert.That(wait, Is.LessThan(1200), "it does not come to its trigger");
            Thread.Sleep(50);
        }
    }

    public void Dispose() => System.IO.File.Delete(Hanging);

    public ProcessSubject Start(double seconds = 10, int jobs = 1, double greeting = 10, CancellationToken cancel = default) =>
        new(new(Words) { Timeout = TimeSpan.FromSeconds(seconds), GreetingTime = TimeSpan.FromSeconds(greeting), Jobs = jobs }, null, cancel);

    private static string CommandOf(string directory)
    {
        try
        {
            return System.IO.File.ReadAllText(directory + "/cmdline");
        }
        catch (IOException)
        {
            return ""; // it has just gone
        }
    }
}

/// <summary>Tests that start Python.</summary>
internal static class Python
{
    /// <summary>The system's own where there is one: a version manager's stand-in takes a while to start.</summary>
    public static string Program { get; } = System.IO.File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";

    public static void Require()
    {
        if (OperatingSystem.IsLinux()
            && (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(directory => File.Exists(Path.Combine(directory, "python3"))))
            return;
        throw Lacking.Skip("there is no python3 on PATH, or this is not Linux");
    }
}

/// <summary>The stored cases of one operation.</summary>
internal static class Stored
{
    public static Question[] Questions(string operation) => [.. Repository.Vectors[operation].Select(vector => vector.Question)];
}
