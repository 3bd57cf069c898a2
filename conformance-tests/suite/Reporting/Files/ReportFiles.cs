using Conformance.Suite.Fixtures;
using Conformance.Suite.Reporting.Engines;
using Conformance.Suite.Reporting.Html;
using Conformance.Suite.Reporting.Text;
using Conformance.Suite.Running;

namespace Conformance.Suite.Reporting.Files;

/// <summary>Writes every report of a run. Each file is renamed into its place when it is whole.</summary>
public static class ReportFiles
{
    /// <summary>What stands in the folder of an engine, the file for programs first.</summary>
    public static IReadOnlyList<string> OfOne { get; } = [Results.FileName, CheckHtml.FileName, JUnitXml.FileName, CheckMarkdown.FileName,
        BadgeSvg.FileName];

    /// <summary>What stands above the folders of several engines.</summary>
    public static IReadOnlyList<string> OfSeveral { get; } = [Results.FileName, EnginesHtml.FileName, EnginesCsv.FileName];

    /// <summary>Every name that a run may write.</summary>
    public static IReadOnlyList<string> OfAll { get; } = [.. OfOne.Union(OfSeveral), GateText.FileName];

    /// <summary>One engine's files go into the folder itself; those of several into a folder each, with a table of all of them above.</summary>
    /// <param name="aspects">The case files that say what each case is there for.</param>
    /// <returns>The paths: of one engine in the order of <see cref="OfOne"/>, of several in that of <see cref="OfSeveral"/>.</returns>
    /// <exception cref="IOException">A file can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static IReadOnlyList<string> Write(string folder, IReadOnlyList<CheckReport> checks, IReadOnlyList<CaseFile> aspects)
    {
        ArgumentNullException.ThrowIfNull(checks);
        if (checks is [var only])
            return Write(folder, only, aspects);
        var names = EngineFolders.Names(checks.Select(check => check.Engine));
        foreach (var (check, name) in checks.Zip(names))
            Write(Path.Combine(folder, name), check, aspects);
        return WriteTable(
            folder, EnginesTable.FromResults(
            checks.Zip(names).Select(pair => (Results.FromReport(pair.First), $"{pair.Second}/{Results.FileName}"))));
    }

    /// <summary>
    /// What was judged until now, for programs alone: it is there whatever becomes of the diagnosis, which takes its time and may be the end of the
    /// process.
    /// </summary>
    /// <param name="before">The engines that are done: with several each has a folder.</param>
    /// <param name="engines">How many engines there are.</param>
    /// <exception cref="IOException">The file can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static void WriteJudged(string folder, CheckReport check, IEnumerable<string> before, int engines)
    {
        ArgumentNullException.ThrowIfNull(check);
        Write(
            engines == 1 ? folder : Path.Combine(folder, EngineFolders.Names(before.Append(check.Engine))[^1]),
            (Results.FileName, Results.FromReport(check).Text()));
    }

    /// <summary>The table alone, of results that are already there.</summary>
    /// <returns>The paths, in the order of <see cref="OfSeveral"/>.</returns>
    public static IReadOnlyList<string> WriteTable(string folder, EnginesTable table) =>
        Write(folder, (Results.FileName, EnginesResults.FromTable(table).Text()),
            (EnginesHtml.FileName, EnginesHtml.Of(table, path => PageBeside(folder, path))), (EnginesCsv.FileName, EnginesCsv.Render(table)));

    /// <summary>The page of an engine, as a path from the folder; null where it has none.</summary>
    private static string? PageBeside(string folder, string results)
    {
        var page = Path.Combine(Path.GetDirectoryName(results) ?? "", CheckHtml.FileName).Replace('\\', '/');
        return File.Exists(Path.Combine(folder, page)) ? page : null;
    }

    private static string[] Write(string folder, CheckReport check, IReadOnlyList<CaseFile> aspects)
    {
        var results = Results.FromReport(check);
        return Write(folder,
        [
            (Results.FileName, results.Text()), (CheckHtml.FileName, CheckHtml.Of(check, aspects)), (JUnitXml.FileName, JUnitXml.Render(check)),
                (CheckMarkdown.FileName, CheckMarkdown.Render(check)), (BadgeSvg.FileName, BadgeSvg.Of(check)),
            .. check.Gate is { Unknown.Count: > 0 } gate ? [(GateText.FileName, GateText.Entries(gate, check))] : Array.Empty<(string, string)>(),
        ]);
    }

    private static string[] Write(string folder, params IEnumerable<(string Name, string Text)> files)
    {
        Directory.CreateDirectory(folder);
        var written = new List<string>();
        foreach (var (name, text) in files)
        {
            written.Add(Path.Combine(folder, name));
            AtomicFile.Write(written[^1], text);
        }
        return [.. written];
    }
}
