using System.CommandLine;
using System.Globalization;
using Conformance.Suite.Fixtures;

namespace Conformance.Cli.Commands;

/// <summary><c>fixtures list</c>: one line a case, and one in sum.</summary>
internal sealed class FixturesListCommand : Command
{
    private readonly Option<string?> _op = new("--op") { HelpName = "NAME", Description = "cases of one operation alone" };

    public FixturesListCommand(Terminal terminal) : base("list", "every case: tier, stored size, how many aspects it covers and how many defects it claims to catch; 'show' names them")
    {
        Add(_op);
        SetAction(parse => Run(parse.GetValue(_op), terminal));
    }

    private static int Run(string? op, Terminal terminal)
    {
        var fixtures = Fixtures.Folder();
        var (count, recipes, bytes) = (0, 0, 0L);
        terminal.Out.WriteLine(terminal.Bold($"{"case",-60} {"tier",-8} {"stored",10} {"aspects",8} {"claims",7}"));
        foreach (var entry in Fixtures.Entries(fixtures.Cases(), op))
        {
            var path = fixtures.PathOf(entry.Id);
            var (tier, stored) = ("", "no");
            if (File.Exists(path))
            {
                var (vector, size) = (VectorFile.Read(path), new FileInfo(path).Length);
                tier = vector.Case.Refused is not null ? "refused" : vector.Case.Tier.ToString().ToLowerInvariant();
                stored = vector.IsRecipe ? "recipe" : Size(size);
                (count, recipes, bytes) = (count + 1, recipes + (vector.IsRecipe ? 1 : 0), bytes + size);
            }
            terminal.Out.WriteLine($"{entry.Id,-60} {tier,-8} {stored,10} {entry.Aspects.Count,8} {entry.Catches.Count,7}");
        }
        terminal.Out.WriteLine($"{count} stored vectors, {recipes} of them recipes, {Size(bytes)}");
        return ExitCode.Good;
    }

    private static string Size(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{(bytes < 1 << 20 ? bytes / 1024.0 : bytes / 1048576.0):0.0} {(bytes < 1 << 20 ? "KiB" : "MiB")}");
}
