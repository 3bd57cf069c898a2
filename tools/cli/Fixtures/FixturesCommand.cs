using System.CommandLine;
using Conformance.Cli.Shared;
using Conformance.Suite.Reporting.Text;

namespace Conformance.Cli.Fixtures;

/// <summary><c>fixtures</c>: what is stored, whether it is right, and making it anew from live torch.</summary>
internal sealed class FixturesCommand : Command
{
    public FixturesCommand(Terminal terminal, IReference reference, CancellationToken cancel)
        : base("fixtures", "the stored vectors: list, show and verify them, or regenerate them from live torch")
    {
        Add(new FixturesListCommand(terminal));
        Add(new FixturesShowCommand(terminal));
        Add(new FixturesVerifyCommand(terminal, reference, cancel));
        Add(new FixturesDiffCommand(terminal, reference, cancel));
        Add(new FixturesRegenerateCommand(terminal, reference, cancel));
        SetAction(NoSubcommand);
    }

    private int NoSubcommand(ParseResult parse) =>
        throw new UserError(
            $"fixtures: expected one of {string.Join(", ", Subcommands.Select(command => command.Name))}. See '{ProgramName.Text} fixtures --help'.");
}
