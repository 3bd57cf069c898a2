using System.Text.Json;

namespace Conformance.Suite.Reporting.Engines;

/// <summary>
/// <c>results.json</c> of several engines, format version 1: the path of each engine's own results, and its number of cases by verdict.
/// </summary>
/// <param name="SuiteHash">The hash of the suite; null if the engines were not asked the same questions.</param>
public sealed record EnginesResults(int Conformance, string? SuiteHash, IReadOnlyList<EnginesResults.Entry> Engines)
{
    private const int Version = 1;

    /// <param name="Results">The path of the engine's own <c>results.json</c>, relative to this file.</param>
    public sealed record Entry(string Engine, IReadOnlyDictionary<string, int> Summary, string Results);

    public static EnginesResults FromTable(EnginesTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return new(Version, table.SuiteHash, [.. table.Rows.Select(row => new Entry(row.Name, row.Results.Summary, row.Path))]);
    }

    /// <summary>The text of the file.</summary>
    public string Text() => JsonSerializer.Serialize(this, Results.Indented) + "\n";
}
