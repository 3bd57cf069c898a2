using System.Globalization;
using System.Text.Json;
using Conformance.Oracle;

namespace Conformance.Suite.Fixtures;

/// <summary>One change that a regeneration would make in a stored vector.</summary>
/// <param name="Field"><c>expected.gradients.weight</c>, <c>catches</c>, …</param>
/// <param name="What">The old and the new value, and the difference.</param>
/// <param name="IsValue">
/// Whether a question, an answer or a tolerance changes; otherwise only the claims of the case change, and no number that an engine sees.
/// </param>
public sealed record VectorChange(string Field, string What, bool IsValue)
{
    /// <summary>
    /// The largest relative difference of a bound that counts as no change, by operation. A bound is recomputed from numbers that differ in their
    /// last bits. A network's bound is a difference of numbers that agree in seven digits, and so is less accurate by as many digits.
    /// </summary>
    public static double OfBounds(string op) => AllOperations.KindOf(op) is OperationKind.Network ? 1e-6 : 1e-9;

    /// <summary>The same for a separation or a float32 error, which may be a difference of nearly equal numbers.</summary>
    private const double OfSeparation = 1e-5;

    private static readonly string[] OfAnAnswer = ["expected.outputs.", "expected.gradients.", "bounds.", "rms."];

    /// <summary>Whether the change is in one tensor of the answer or of its tolerance, so that the other tensors may stay.</summary>
    public bool IsOfAnAnswer => OfAnAnswer.Any(place => Field.StartsWith(place, StringComparison.Ordinal));

    /// <summary>
    /// Every change. Numbers that agree within the last bits of float64 have not changed, because torch's answers differ in them between CPUs.
    /// </summary>
    public static IReadOnlyList<VectorChange> Between(StoredVector stored, StoredVector made)
    {
        var (before, after) = (stored.Case, made.Case);
        var changes = new List<VectorChange>();
        Text("attributes", Json(before), Json(after));
        Text("tier", $"{before.Tier}", $"{after.Tier}");
        Text("repeat", $"{before.Repeat}", $"{after.Repeat}");
        Text("expected.refused", before.Refused ?? "an answer", after.Refused ?? "an answer");
        Text("expected", Kept(stored), Kept(made));
        if (!before.Catches.SequenceEqual(after.Catches))
            changes.Add(new("catches", $"{Names(before.Catches)} becomes {Names(after.Catches)}", false));
        if (changes.Exists(change => change.IsValue))
            return changes;

        changes.AddRange(Tensors("inputs", before.Inputs, after.Inputs, ErrorBound.Exact));
        changes.AddRange(Tensors("cotangent", before.Cotangents, after.Cotangents, ErrorBound.Exact));
        if (stored.Question.Hashes is { } hashes && made.Question.Hashes is { } others)
        {
            foreach (var name in hashes.Keys.Union(others.Keys).Where(name => hashes.GetValueOrDefault(name) != others.GetValueOrDefault(name)))
                changes.Add(new($"expected.{name}", $"{hashes.GetValueOrDefault(name)} becomes {others.GetValueOrDefault(name)}", true));
        }
        else
        {
            var unit = ReferenceDistance.Unit(after, made.Expected, made.Bound);
            changes.AddRange(
                Tensors("expected", stored.Expected.Tensors.ToDictionary(), made.Expected.Tensors.ToDictionary(),
                ReferenceDistance.Within(ReferenceDistance.MostOfOne, unit)));
            changes.AddRange(Limits(stored.Case.Op, "bounds", stored.Bound.Tensors, made.Bound.Tensors));
            changes.AddRange(Limits(stored.Case.Op, "rms", Steps(stored), Steps(made)));
        }
        foreach (var id in made.Separation.Keys.Where(id => !stored.Separation.TryGetValue(id, out var old) || !Close(old, made.Separation[id])))
            changes.Add(new("separation", $"{id}: {stored.Separation.GetValueOrDefault(id):G6} becomes {made.Separation[id]:G6}", false));
        if (stored.Provenance.Reference != made.Provenance.Reference)
            changes.Add(new("provenance.reference", $"{stored.Provenance.Reference} becomes {made.Provenance.Reference}", false));
        if (!Close(stored.Provenance.ReferenceFloat32Error, made.Provenance.ReferenceFloat32Error))
            changes.Add(
                new("provenance.referenceFloat32Error",
                $"{stored.Provenance.ReferenceFloat32Error:G6} becomes {made.Provenance.ReferenceFloat32Error:G6}", false));
        return changes;

        void Text(string field, string old, string now)
        {
            if (old != now)
                changes.Add(new(field, $"{old} becomes {now}", true));
        }

        static string Json(LayerCase layerCase) =>
            string.Join(", ", layerCase.Attributes.All.Select(pair => $"{pair.Key} {JsonSerializer.Serialize(pair.Value)}"));
        static string Kept(StoredVector vector) => vector.IsRecipe ? "hashes" : "numbers";
        static string Names(IReadOnlyList<string> names) => names.Count == 0 ? "nothing" : string.Join(" ", names);
    }

    /// <summary>Whether two separations or float32 errors are equal, as exactly as they can be determined.</summary>
    public static bool Close(double old, double now) => old.Equals(now) || Math.Abs(old - now) <= OfSeparation * Math.Abs(now);

    /// <summary>A network's limits on mean errors, for each step. Those of sums follow from the case.</summary>
    private static Dictionary<string, Tensor64> Steps(StoredVector vector) => AllOperations.KindOf(vector.Case.Op) is not OperationKind.Network ? []
        : vector.Bound.Spreads.ToDictionary(pair => pair.Key, pair => new Tensor64([pair.Value.Limits.Count], [.. pair.Value.Limits]));

    private static IEnumerable<VectorChange> Limits(
        string op, string place, IReadOnlyDictionary<string, Tensor64> stored, IReadOnlyDictionary<string, Tensor64> made) =>
        Tensors(place, stored, made, new(stored.ToDictionary(pair => pair.Key, pair => pair.Value.Select(value => value * OfBounds(op)))));

    private static IEnumerable<VectorChange> Tensors(
        string place, IReadOnlyDictionary<string, Tensor64> stored, IReadOnlyDictionary<string, Tensor64> made, ErrorBound slack)
    {
        foreach (var name in stored.Keys.Union(made.Keys).Order(StringComparer.Ordinal))
        {
            var (before, after) = (stored.GetValueOrDefault(name), made.GetValueOrDefault(name));
            if (before is null || after is null || !before.HasShape(after.Shape))
                yield return new($"{place}.{name}", $"{before?.ToString() ?? "nothing"} becomes {after?.ToString() ?? "nothing"}", true);
            else if (Differences(name, before, after, slack) is { } what)
                yield return new($"{place}.{name}", what, true);
        }
    }

    private static string? Differences(string name, Tensor64 before, Tensor64 after, ErrorBound slack)
    {
        var (count, worst, most) = (0, -1, -1.0);
        for (var i = 0; i < before.Length; i++)
        {
            var difference = Math.Abs(before[i] - after[i]);
            if (before[i].Equals(after[i]) || difference <= slack.At(name, i))
                continue;
            count++;
            if (!(difference <= most))
                (worst, most) = (i, double.IsNaN(difference) ? double.PositiveInfinity : difference);
        }
        return count == 0 ? null : string.Create(CultureInfo.InvariantCulture,
            $"{count} of {before.Length} elements, by {most:G3} at most, at {Tensor64.Text(before.IndexOf(worst))}: "
                + $"{before[worst]:R} becomes {after[worst]:R}");
    }
}
