using Conformance.Suite.Protocol;

namespace Conformance.Suite.Reporting.Text;

/// <summary>What a person types to run this program, for commands in reports.</summary>
internal static class ProgramName
{
    private const string Launcher = "tools/conformance", Tool = "conformance";

    /// <summary>The launcher as it was called, which it says itself; without it the launcher in a clone, and the installed tool elsewhere.</summary>
    public static string Text { get; } =
        Environment.GetEnvironmentVariable("CONFORMANCE_COMMAND") is { Length: > 0 } typed ? ShellWords.Quoted(typed) : IsInClone() ? Launcher : Tool;

    private static bool IsInClone()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Conformance.sln")))
                return true;
        return false;
    }
}
