using Conformance.Cli;
using Conformance.Cli.Compare;
using Conformance.Tests.Cli.Compare;

namespace Conformance.Tests.Cli.Shared;

/// <summary>Runs the command line in-process, as a pipe would see it.</summary>
internal static class Shell
{
    public static (int ExitCode, string Out, string Error) Run(ISides sides, params string[] args) => Run(sides, default, args);

    public static (int ExitCode, string Out, string Error) Run(ISides sides, CancellationToken cancel, params string[] args) =>
        Run(new FakeReference(sides), cancel, args);

    public static (int ExitCode, string Out, string Error) Run(ICompareReference reference, CancellationToken cancel, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = CommandLine.Run(args, new(output, error, Interactive: false, Color: false), reference, cancel);
        return (exitCode, output.ToString(), error.ToString());
    }
}

/// <summary>A directory of a test's own, gone after it.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("conformance-cli-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
