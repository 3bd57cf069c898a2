namespace Conformance.Suite.Reporting.Engines;

/// <summary>A table of several engines (rows) and operations (columns). The engine with most passes comes first.</summary>
/// <param name="Operations">Every operation that any engine was asked, in the order of the first engine that was asked it.</param>
public sealed record EnginesTable(IReadOnlyList<EnginesTable.Row> Rows, IReadOnlyList<string> Operations)
{
    /// <param name="Name">The engine's name. If several engines have it, the folder is added; if the run was interrupted, that too.</param>
    /// <param name="Path">The path of its <c>results.json</c>, relative to the table.</param>
    /// <param name="Cells">The cells by operation. An operation that the engine was not asked has none.</param>
    public sealed record Row(string Name, Results Results, string Path, IReadOnlyDictionary<string, Cell> Cells)
    {
        public int Passed => Cells.Values.Sum(cell => cell.Pass);

        /// <summary>The number of passed cases that are correct by a declared convention.</summary>
        public int Dialect => Results.Cases.Count(judged => judged.IsDialect);

        /// <summary>The number of passed cases in which the engine leaves tensors out.</summary>
        public int InPart => Results.Cases.Count(judged => judged.IsGood && judged.LeftOut is not null);

        public int Failed => Cells.Values.Sum(cell => cell.Fail);

        public int Unsupported => Cells.Values.Sum(cell => cell.Unsupported);
    }

    /// <summary>The result of one engine in one operation.</summary>
    /// <param name="Causes">The causes of failure: known mistakes by their ids, others as text.</param>
    public sealed record Cell(int Pass, int Fail, int Unsupported, IReadOnlyList<string> Causes)
    {
        public int Cases => Pass + Fail + Unsupported;

        /// <summary><c>pass</c>, <c>fail</c>, <c>part</c> (all offered cases pass, and others are unsupported), or <c>unsupported</c>.</summary>
        public string Kind => Fail > 0 ? "fail" : Pass == 0 ? "unsupported" : Unsupported > 0 ? "part" : "pass";

        /// <summary>The number of passes; <c>50/54</c> if others fail, a dash if nothing was judged.</summary>
        public string Text => Kind switch { "unsupported" => "–", "fail" => $"{Pass}/{Pass + Fail}", _ => $"{Pass}" };
    }

    /// <summary>The hash of the suite; null if the engines were not asked the same questions.</summary>
    public string? SuiteHash => Rows.Select(row => row.Results.SuiteHash).Distinct().ToArray() is [var only] ? only : null;

    /// <param name="engines">The results of each engine, with their path.</param>
    public static EnginesTable FromResults(IEnumerable<(Results Results, string Path)> engines)
    {
        var all = engines.ToArray();
        var shared = all.CountBy(engine => engine.Results.Engine).Where(name => name.Value > 1).Select(name => name.Key).ToHashSet();
        Row[] rows = [.. all.Select(engine => RowOf(Name(engine.Results, engine.Path), engine.Results, engine.Path))
            .OrderByDescending(row => row.Passed).ThenBy(row => row.Name, StringComparer.OrdinalIgnoreCase)];
        return new(rows, [.. rows.SelectMany(row => row.Cells.Keys).Distinct()]);

        string Name(Results results, string path) => results.Engine
            + (shared.Contains(results.Engine) ? $" ({System.IO.Path.GetFileName(System.IO.Path.GetDirectoryName(path))})" : "")
            + (results.Interrupted ? " (interrupted)" : "");
    }

    private static Row RowOf(string name, Results results, string path) =>
        new(name, results, path, results.Cases.GroupBy(judged => Op(judged.Id)).ToDictionary(group => group.Key, group => new Cell(
        group.Count(judged => judged.IsGood),
        group.Count(judged => judged.IsBad),
        group.Count(judged => judged.IsUnsupported),
        [.. results.Diagnoses.Where(cause => cause.Explains.Any(id => Op(id) == group.Key)).Select(cause => cause.Id ?? cause.Text).Distinct()])));

    private static string Op(string id) => id.Split('/')[0];
}
