using System.CommandLine;
using Conformance.Cli.Shared;
using Conformance.Suite.Fixtures;

namespace Conformance.Cli.Fixtures;

/// <summary><c>fixtures regenerate</c>: every stored vector anew. Writes all or nothing.</summary>
internal sealed class FixturesRegenerateCommand : Command
{
    private const string WhyItMatters =
        "A stored vector is the answer that every engine is judged by. When one moves, the case was changed, or the reference was, "
            + "or one of them is wrong: find out which, and say so in the commit.";

    private readonly Option<bool> _accept =
        new("--accept") { Description = "write values that differ from the stored ones, after you have found out why they moved; never in CI" };
    private readonly Option<string?> _op = new("--op") { HelpName = "NAME", Description = "cases of one operation alone" };
    private readonly Option<string?> _cases =
        new("--cases") { HelpName = "FILE", Description = "cases of your own; needs --out, and leaves fixtures/ alone" };
    private readonly Option<string?> _out = new("--out") { HelpName = "DIR", Description = "where the vectors of --cases go" };

    public FixturesRegenerateCommand(Terminal terminal, IReference reference, CancellationToken cancel) : base("regenerate",
        "make the stored vectors anew from live torch in float64, cross-checked with the oracle; a number that still agrees keeps its text")
    {
        foreach (var option in new Option[] { _accept, _op, _cases, _out })
            Add(option);
        SetAction(parse => Run(parse, terminal, reference, cancel));
    }

    private int Run(ParseResult parse, Terminal terminal, IReference reference, CancellationToken cancel)
    {
        var (own, output) = (parse.GetValue(_cases), parse.GetValue(_out));
        if (own is null != output is null)
            throw new UserError("--cases FILE and --out DIR belong together: cases of your own never go into fixtures/");
        var fixtures = output is null ? StoredFixtures.OnDisk() : new FixtureFolder(OutputDirectory.Open(output).Path);
        var regeneration = new Regeneration(fixtures, reference, terminal, cancel);
        var remade = regeneration.Run(StoredFixtures.Entries(own is null ? fixtures.Cases() : CaseFile.Read(own).Cases, parse.GetValue(_op)));
        var changed = remade.Where(item => item.ValueChanges).ToArray();

        foreach (var problem in regeneration.Problems)
            terminal.Error.WriteLine(problem);
        foreach (var line in changed.SelectMany(FixturesDiffCommand.Lines))
            terminal.Error.WriteLine(line);
        if (regeneration.Problems.Count > 0)
            throw new UserError($"{regeneration.Problems.Count} cases have no vector that could be stored; nothing was written", ExitCode.Failed);
        var inCi = Environment.GetEnvironmentVariable("CI") is { Length: > 0 };
        if (changed.Length > 0 && (!parse.GetValue(_accept) || inCi))
            throw new UserError(
                $"{changed.Length} stored vectors would change; "
                    + $"nothing was written. {WhyItMatters} {(inCi ? "In CI nothing is accepted." : "Then use --accept.")}",
                ExitCode.Failed);

        foreach (var item in remade.Where(item => item.Differs))
            OutputDirectory.Open(Path.GetDirectoryName(item.Path)!).Write(Path.GetFileName(item.Path), item.Text);
        if (own is null)
        {
            var (path, manifest) = (Path.Combine(fixtures.Root, Manifest.FileName), Manifest.Render(fixtures));
            // what is as it was keeps its date: the suite carries these files, and would be built anew
            if (!File.Exists(path) || File.ReadAllText(path) != manifest)
                OutputDirectory.Open(fixtures.Root).Write(Manifest.FileName, manifest);
            foreach (var orphan in StoredFixtures.Orphans(fixtures))
                terminal.Error.WriteLine($"{orphan}: no case has this vector; delete it");
        }
        var (added, claims) = (remade.Count(item => item.IsNew), remade.Count(item => !item.IsNew && !item.ValueChanges && item.Differs));
        terminal.Out.WriteLine(
            $"{remade.Count - added - changed.Length - claims} unchanged, {added} added, {changed.Length} changed, {claims} with other claims or "
                + $"provenance alone, from {reference.Provider}");
        return ExitCode.Good;
    }
}
