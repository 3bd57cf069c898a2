using System.CommandLine;
using Conformance.Cli.Shared;

namespace Conformance.Cli.Fixtures;

/// <summary><c>fixtures verify</c>: everything that can be wrong with what is stored. Runs without torch, and says so then.</summary>
internal sealed class FixturesVerifyCommand : Command
{
    private readonly Option<string?> _folder = new("--fixtures") { HelpName = "DIR", Description = "another folder than the repository's own" };

    public FixturesVerifyCommand(Terminal terminal, IReference reference, CancellationToken cancel) : base("verify",
        "check schema, hashes, coverage, provenance, claims and sizes of what is stored, and every answer against the oracle and, where it is live, "
            + "torch; exit code 1 on problems, 2 where a file can't be read")
    {
        Add(_folder);
        SetAction(parse => Run(parse.GetValue(_folder), terminal, reference, cancel));
    }

    private static int Run(string? folder, Terminal terminal, IReference reference, CancellationToken cancel)
    {
        if (folder is not null && !Directory.Exists(folder))
            throw new UserError($"--fixtures {folder}: there is no such folder");
        var result = new Verification(folder is null ? StoredFixtures.OnDisk() : new(folder), reference, terminal, cancel).Run();
        foreach (var line in result.Unreadable)
            terminal.Say("error", line);
        foreach (var line in result.Problems)
            terminal.Error.WriteLine($"problem: {line}");
        terminal.Out.Write(result.Table(terminal));
        return result.Unreadable.Count > 0 ? ExitCode.WrongUse : result.Problems.Count > 0 ? ExitCode.Failed : ExitCode.Good;
    }
}
