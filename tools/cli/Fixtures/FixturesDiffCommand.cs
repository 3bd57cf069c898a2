using System.CommandLine;
using Conformance.Cli.Shared;

namespace Conformance.Cli.Fixtures;

/// <summary><c>fixtures diff</c>: what a regeneration would change, case by case and tensor by tensor. Writes nothing.</summary>
internal sealed class FixturesDiffCommand : Command
{
    private readonly Option<string?> _op = new("--op") { HelpName = "NAME", Description = "cases of one operation alone" };

    public FixturesDiffCommand(Terminal terminal, IReference reference, CancellationToken cancel) : base("diff",
        "what a regeneration from live torch would change in the stored vectors, and by how much; exit code 1 where anything would")
    {
        Add(_op);
        SetAction(parse => Run(parse.GetValue(_op), terminal, reference, cancel));
    }

    /// <summary>One line for each field that would change.</summary>
    public static IEnumerable<string> Lines(Remade item) => item.IsNew ? [$"{item.Entry.Id}: not stored"]
        : item.Changes.Count == 0 ? [$"{item.Entry.Id}: text: not as the generator writes it"]
        : item.Changes.Select(change => $"{item.Entry.Id}: {change.Field}: {change.What}");

    private static int Run(string? op, Terminal terminal, IReference reference, CancellationToken cancel)
    {
        var fixtures = StoredFixtures.OnDisk();
        var regeneration = new Regeneration(fixtures, reference, terminal, cancel);
        var remade = regeneration.Run(StoredFixtures.Entries(fixtures.Cases(), op));
        var differing = remade.Where(item => item.Differs).ToArray();
        string[] lines = [
            .. regeneration.Problems,
            .. differing.SelectMany(Lines),
            .. StoredFixtures.Orphans(fixtures).Select(path => $"{path}: no case has this vector")];
        foreach (var line in lines)
            terminal.Out.WriteLine(line);
        terminal.Out.WriteLine(
            $"{remade.Count - differing.Length} of {remade.Count + regeneration.Problems.Count} cases would stay as they are, "
                + $"from {reference.Provider}");
        return lines.Length == 0 ? ExitCode.Good : ExitCode.Failed;
    }
}
