using System.Text.RegularExpressions;

namespace Conformance.Suite.Reporting.Files;

/// <summary>
/// Chooses a folder name for each engine: letters, digits, '-', '_' and '.', all distinct, and none that leads elsewhere or looks like a report's
/// file. So an engine called <c>results.json</c> gets the folder <c>results-json</c>.
/// </summary>
internal static partial class EngineFolders
{
    private const int Longest = 60;

    /// <summary>The name for each engine, in order.</summary>
    public static IReadOnlyList<string> Names(IEnumerable<string> engines)
    {
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var names = new List<string>();
        foreach (var engine in engines)
        {
            var safe = Unsafe().Replace(engine, "-").Trim('-', '.');
            safe = safe.Length == 0 ? "engine" : FileEnding().Replace(safe[..Math.Min(safe.Length, Longest)], "-$1");
            var (name, number) = (safe, 1);
            while (!taken.Add(name))
                name = $"{safe}-{++number}";
            names.Add(name);
        }
        return names;
    }

    [GeneratedRegex(@"\.(json|jsonl|html|csv|xml|md|svg|txt|tmp|lock)$", RegexOptions.IgnoreCase)]
    private static partial Regex FileEnding();

    [GeneratedRegex("[^A-Za-z0-9._-]+")]
    private static partial Regex Unsafe();
}
