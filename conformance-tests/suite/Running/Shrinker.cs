using System.Globalization;
using System.Text.RegularExpressions;
using Conformance.Oracle;

namespace Conformance.Suite.Running;

/// <summary>
/// Reduces a failing case as long as it still fails. Words and parts of its id are removed, and its numbers become 0, 1, half, or one less. The
/// result is the smallest geometry that shows the mistake.
/// </summary>
public static partial class Shrinker
{
    /// <summary>The most cases to try; each may cost a run of an engine.</summary>
    private const int MostTries = 500;

    /// <summary>The smallest id found; <paramref name="id"/> itself if nothing smaller fails.</summary>
    /// <param name="seed">The seed of the fills.</param>
    /// <param name="fails">Whether the engine fails a case in the same way.</param>
    public static string Smallest(string id, ulong seed, Func<LayerCase, bool> fails)
    {
        var tries = 0;
        for (var smaller = id; ; id = smaller)
        {
            foreach (var candidate in Candidates(id))
            {
                if (tries >= MostTries)
                    return id;
                if (Drawn(candidate, seed) is not { } drawn)
                    continue;
                tries++;
                if (!fails(drawn))
                    continue;
                smaller = candidate;
                break;
            }
            if (smaller == id)
                return id;
        }
    }

    /// <summary>Every case that is one change smaller and has an answer, the largest change first.</summary>
    public static IEnumerable<LayerCase> Smaller(string id, ulong seed) =>
        Candidates(id).Select(candidate => Drawn(candidate, seed)).OfType<LayerCase>();

    /// <summary>Every id that is one change smaller, the largest change first.</summary>
    private static IEnumerable<string> Candidates(string id)
    {
        var slash = id.IndexOf('/', StringComparison.Ordinal) + 1;
        var parts = id[slash..].Split('-');
        for (var i = 1; i < parts.Length; i++)
            yield return id[..slash] + string.Join('-', parts.Where((_, part) => part != i));
        foreach (Match number in WholeNumber().Matches(id[slash..]))
        {
            var value = int.Parse(number.Value, CultureInfo.InvariantCulture);
            foreach (var less in new[] { 0, 1, value / 2, value - 1 }.Distinct().Where(less => less >= 0 && less < value))
                yield return string.Concat(
                    id.AsSpan(0, slash + number.Index), less.ToString(CultureInfo.InvariantCulture), id.AsSpan(slash + number.Index + number.Length));
        }
    }

    /// <summary>The case of an id; null if the id can't be read, or its case must be refused.</summary>
    private static LayerCase? Drawn(string id, ulong seed)
    {
        try
        {
            var drawn = AllOperations.Draw(id, seed);
            return drawn.Refused is null ? drawn : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>A number that is no decimal and not part of a word.</summary>
    [GeneratedRegex(@"(?<![\d.])\d+(?![\d.])")]
    private static partial Regex WholeNumber();
}
