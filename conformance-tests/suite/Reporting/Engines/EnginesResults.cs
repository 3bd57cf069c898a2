using System.Text.Json;

namespace Conformance.Suite.Reporting.Engines;

/// <summary>
/// <c>results.json</c> of several engines, format version 1: where each one's own results are, and how many cases came to each verdict.
/// </summary>
/// <param name="SuiteHash">Null where they were not asked the same questions.</param>
public sealed record EnginesResults(int Conformance, string? SuiteHash, IReadOnlyList<EnginesResults.Entry> Engines)
{
    private const int Version = 1;

    /// <param name="Results">The engine's own <c>results.json</c>, as a path from this file.</param>
    public sealed record Entry(string Engine, IReadOnlyDictionary<string, int> Summary, string Results);

    public static EnginesResults FromTable(EnginesTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return new(Version, table.SuiteHash, [.. table.Rows.Select(row => new Entry(row.Name, row.Results.Summary, row.Path))]);
    }

    /// <summary>The file's text.</summary>
    public string Text() => JsonSerializer.Serialize(this, Results.Indented) + "\n";
}
