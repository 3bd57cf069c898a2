using System.CommandLine;

namespace Conformance.Cli.Shared;

/// <summary>The options that commands share.</summary>
internal static class CommonOptions
{
    public static Option<string> Out(string command) => new("--out")
    {
        HelpName = "DIR",
        Description = "where the results go",
        DefaultValueFactory = _ => OutputDirectory.DefaultFor(command),
    };

    public static Option<bool> Json() => new("--json")
    {
        Description = "print results.json on stdout, and nothing else there",
    };
}
