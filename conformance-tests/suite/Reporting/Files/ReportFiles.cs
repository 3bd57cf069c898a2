using Conformance.Suite.Fixtures;
using Conformance.Suite.Reporting.Engines;
using Conformance.Suite.Reporting.Html;
using Conformance.Suite.Reporting.Text;
using Conformance.Suite.Running;

namespace Conformance.Suite.Reporting.Files;

/// <summary>Writes every report of a run. Each file is renamed to its final name when it is complete.</summary>
public static class ReportFiles
{
    /// <summary>The names of the files in an engine's folder, the file for programs first.</summary>
    public static IReadOnlyList<string> OfOne { get; } = [Results.FileName, CheckHtml.FileName, JUnitXml.FileName, CheckMarkdown.FileName,
        BadgeSvg.FileName];

    /// <summary>The names of the files above the folders of several engines.</summary>
    public static IReadOnlyList<string> OfSeveral { get; } = [Results.FileName, EnginesHtml.FileName, EnginesCsv.FileName];

    /// <summary>Every file name that a run may write.</summary>
    public static IReadOnlyList<string> OfAll { get; } = [.. OfOne.Union(OfSeveral), GateText.FileName];

    /// <summary>Whether a run with its reports in a folder may write, or remove, a file of this path.</summary>
    internal static bool IsOne(string path, string folder)
    {
        var inside = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + Path.DirectorySeparatorChar;
        return Path.GetFullPath(path).StartsWith(inside, StringComparison.Ordinal) && OfAll.Contains(Path.GetFileName(path));
    }

    /// <summary>The folder in <c>--out</c> for the reports of an interrupted run. They never replace those of complete runs.</summary>
    internal const string InterruptedFolder = "interrupted";

    /// <summary>Writes one engine's files to the folder itself. Several engines get a folder each, with a table of all of them above.</summary>
    /// <param name="aspects">The case files that declare the aspects of each case.</param>
    /// <returns>The paths: for one engine in the order of <see cref="OfOne"/>, for several in that of <see cref="OfSeveral"/>.</returns>
    /// <exception cref="IOException">A file can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">A file can't be written.</exception>
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
    /// Writes what was judged until now to <see cref="InterruptedFolder"/>, for programs alone. A diagnosis takes its time and may be the end of the
    /// process; what was judged is there all the same. <see cref="ForgetJudged"/> removes it when the run is complete.
    /// </summary>
    /// <param name="before">The engines that are done: with several, each has a folder.</param>
    /// <param name="engines">The number of engines.</param>
    /// <exception cref="IOException">The file can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file can't be written.</exception>
    public static void WriteJudged(string folder, CheckReport check, IEnumerable<string> before, int engines)
    {
        ArgumentNullException.ThrowIfNull(check);
        folder = Path.Combine(folder, InterruptedFolder);
        Write(
            engines == 1 ? folder : Path.Combine(folder, EngineFolders.Names(before.Append(check.Engine))[^1]),
            (Results.FileName, Results.FromReport(check).Text()));
    }

    /// <summary>Removes the reports of an interrupted run, and what <see cref="WriteJudged"/> wrote. Files of other names stay.</summary>
    public static void ForgetJudged(string folder)
    {
        folder = Path.Combine(folder, InterruptedFolder);
        if (!Directory.Exists(folder))
            return;
        foreach (var inside in Directory.GetDirectories(folder).Append(folder))
        {
            foreach (var name in OfAll)
                File.Delete(Path.Combine(inside, name));
            if (!Directory.EnumerateFileSystemEntries(inside).Any())
                Directory.Delete(inside);
        }
    }

    /// <summary>The table alone, of results that are already there.</summary>
    /// <returns>The paths, in the order of <see cref="OfSeveral"/>.</returns>
    public static IReadOnlyList<string> WriteTable(string folder, EnginesTable table) =>
        Write(folder, (Results.FileName, EnginesResults.FromTable(table).Text()),
            (EnginesHtml.FileName, EnginesHtml.Render(table, path => PageBeside(folder, path))), (EnginesCsv.FileName, EnginesCsv.Render(table)));

    /// <summary>The path of an engine's page relative to the folder; null if it has none.</summary>
    private static string? PageBeside(string folder, string results)
    {
        var page = Path.Combine(Path.GetDirectoryName(results) ?? "", CheckHtml.FileName).Replace('\\', '/');
        return File.Exists(Path.Combine(folder, page)) ? page : null;
    }

    private static string[] Write(string folder, CheckReport check, IReadOnlyList<CaseFile> aspects)
    {
        var (results, hasEntries) = (Results.FromReport(check), check.Gate is { Unknown.Count: > 0 });
        if (check.Gate is not null && !hasEntries)
            File.Delete(Path.Combine(folder, GateText.FileName)); // an earlier run's, which is no longer true
        return Write(folder,
        [
            (Results.FileName, results.Text()), (CheckHtml.FileName, CheckHtml.Render(check, aspects)), (JUnitXml.FileName, JUnitXml.Render(check)),
                (CheckMarkdown.FileName, CheckMarkdown.Render(check)), (BadgeSvg.FileName, BadgeSvg.Draw(check)),
            .. hasEntries ? [(GateText.FileName, GateText.Entries(check.Gate!, check))] : Array.Empty<(string, string)>(),
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
