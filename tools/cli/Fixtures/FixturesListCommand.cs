using System.CommandLine;
using System.Globalization;
using Conformance.Cli.Shared;
using Conformance.Oracle;
using Conformance.Suite.Fixtures;

namespace Conformance.Cli.Fixtures;

/// <summary><c>fixtures list</c>: one line a case, and one in sum.</summary>
internal sealed class FixturesListCommand : Command
{
    private const string Recipe = "recipe";

    private readonly Option<string?> _op = new("--op") { HelpName = "NAME", Description = "cases of one operation alone" };

    public FixturesListCommand(Terminal terminal) : base(
        "list", "every case: tier, stored size, how many aspects it covers and how many defects it claims to catch; 'show' names them")
    {
        Add(_op);
        SetAction(parse => Run(parse.GetValue(_op), terminal));
    }

    private static int Run(string? op, Terminal terminal)
    {
        var fixtures = StoredFixtures.Own();
        var (count, recipes, bytes) = (0, 0, 0L);
        terminal.Out.WriteLine(terminal.Bold($"{"case",-60} {"tier",-8} {"stored",10} {"aspects",8} {"claims",7}"));
        var unreadable = new List<FixtureException>();
        var cases = new List<LayerCase>();
        foreach (var entry in StoredFixtures.Entries(fixtures.Cases(unreadable), op))
        {
            var (tier, stored) = ("", "no");
            if (fixtures.Has(entry.Id))
            {
                var size = fixtures.SizeOf(entry.Id);
                (tier, stored) = Described(fixtures, entry.Id, size, cases, unreadable);
                (count, recipes, bytes) = (count + 1, recipes + (stored == Recipe ? 1 : 0), bytes + size);
            }
            terminal.Out.WriteLine($"{entry.Id,-60} {tier,-8} {stored,10} {entry.Aspects.Count,8} {entry.Catches.Count,7}");
        }
        foreach (var problem in unreadable)
            terminal.Say("error", problem.Message);
        terminal.Out.WriteLine($"{count} stored vectors, {recipes} of them recipes, {Size(bytes)}");
        SizeCoverage[] coverage = [.. cases.GroupBy(one => one.Op).Select(own => SizeCoverage.Of(own.Key, own)).OfType<SizeCoverage>()];
        if (coverage.Length > 0)
            terminal.Out.WriteLine(SizeCoverage.Text(coverage));
        return unreadable.Count == 0 ? ExitCode.Good : ExitCode.WrongUse;
    }

    private static (string Tier, string Stored) Described(
        FixtureFolder fixtures, string id, long size, List<LayerCase> cases, List<FixtureException> unreadable)
    {
        try
        {
            var vector = fixtures.Vector(id);
            cases.Add(vector.Case);
            return (
                vector.Case.Refused is not null ? "refused" : vector.Case.Tier.ToString().ToLowerInvariant(), vector.IsRecipe ? Recipe : Size(size));
        }
        catch (FixtureException problem)
        {
            unreadable.Add(problem);
            return ("", "unreadable");
        }
    }

    private static string Size(long bytes) => string.Create(
        CultureInfo.InvariantCulture, $"{(bytes < 1 << 20 ? bytes / 1024.0 : bytes / 1048576.0):0.0} {(bytes < 1 << 20 ? "KiB" : "MiB")}");
}
