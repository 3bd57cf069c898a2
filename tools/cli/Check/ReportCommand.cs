using System.CommandLine;
using Conformance.Cli.Shared;
using Conformance.Suite.Fixtures;
using Conformance.Suite.Reporting;
using Conformance.Suite.Reporting.Engines;
using Conformance.Suite.Reporting.Files;
using Conformance.Suite.Reporting.Text;

namespace Conformance.Cli.Check;

/// <summary><c>report</c>: the latest results as one page; with <c>--merge</c> the results of many engines as one table. Judges nothing.</summary>
internal sealed class ReportCommand : Command
{
    private readonly Option<string[]> _merge = new("--merge")
    {
        HelpName = "DIR",
        AllowMultipleArgumentsPerToken = true,
        Description = "one table of every results.json of `check` in or below these folders: engines by operations, HTML and CSV",
    };

    private readonly Option<string> _out = CommonOptions.Out("report");
    private readonly Option<bool> _json = CommonOptions.Json();

    public ReportCommand(Terminal terminal)
        : base("report", "the latest results as one page; with --merge many engines in one table")
    {
        foreach (var option in new Option[] { _merge, _out, _json })
            Add(option);
        SetAction(parse => parse.GetValue(_merge) is { Length: > 0 } folders ? Merge(folders, parse, terminal) : Latest(parse, terminal));
    }

    private int Merge(string[] folders, ParseResult parse, Terminal terminal)
    {
        if (folders.FirstOrDefault(folder => !Directory.Exists(folder)) is { } missing)
            throw new UserError($"--merge {missing}: there is no such folder; expected one with results.json of `check` in or below it");
        var output = OutputDirectory.Open(parse.GetValue(_out)!, [.. ReportFiles.OfSeveral]);
        using var held = output.Hold();
        var (engines, problems) = (new List<(Results, string)>(), new List<FixtureException>());
        foreach (var path in folders.SelectMany(ResultFiles.Below).Distinct()
            .Where(path => Path.GetDirectoryName(path) != Path.GetFullPath(output.Path)))
        {
            try
            {
                if (!ResultFiles.IsOfCheck(path))
                    continue;
                if (Results.Read(path) is { Interrupted: true } part)
                    terminal.Say("note", $"{path}: left out: the run was interrupted after {part.Cases.Count} cases");
                else
                    engines.Add((Results.Read(path), Path.GetRelativePath(output.Path, path).Replace('\\', '/')));
            }
            catch (FixtureException problem)
            {
                problems.Add(problem);
            }
        }
        foreach (var problem in problems)
            terminal.Say("error", problem.Message);
        if (engines.Count == 0)
            throw new UserError($"--merge {string.Join(' ', folders)}: expected a results.json of `check` in or below, found none that can be read");

        var table = EnginesTable.FromResults(engines);
        var written = ReportFiles.WriteTable(output.Path, table);
        terminal.Out.Write(parse.GetValue(_json) ? File.ReadAllText(written[0]) : EnginesText.Render(table, written[1], terminal.Style));
        return problems.Count > 0 ? ExitCode.WrongUse : ExitCode.Good;
    }

    private int Latest(ParseResult parse, Terminal terminal)
    {
        if (parse.GetValue(_json))
            throw new UserError("--json: expected --merge with it; the latest results are each command's own results.json");
        var output = OutputDirectory.Open(parse.GetValue(_out)!, LatestHtml.FileName);
        var latest = LatestResults.Below(Path.GetDirectoryName(Path.GetFullPath(output.Path))!);
        if (latest.Count == 0)
            throw new UserError(
                $"no results beside {output.Path}: run `{ProgramName.Text} check`, `compare` or `selfcheck` first, "
                    + "or give their common folder: --out FOLDER/report",
                ExitCode.Missing);
        var written = output.Write(LatestHtml.FileName, LatestHtml.Render(latest, output.Path));
        foreach (var one in latest)
            terminal.Out.WriteLine(terminal.Style.Fit($"{one.Command,-12}{one.Text}"));
        terminal.Out.WriteLine(terminal.Style.Fit($"details in {written}"));
        return ExitCode.Good;
    }
}
