using System.CommandLine;

namespace Conformance.Cli.Shared;

/// <summary>A command of the launcher, <c>tools/conformance</c>: listed here so that help shows it.</summary>
internal sealed class LauncherCommand : Command
{
    public LauncherCommand(string name, string description) : base(name, description) => SetAction(Refuse);

    private int Refuse(ParseResult parse) => throw new UserError($"'{Name}' is done by the launcher. Run: tools/conformance {Name}");
}
