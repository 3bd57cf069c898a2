using Conformance.Oracle;
using Conformance.Suite.Dialects;

namespace Conformance.Suite.Diagnosing.Patterns;

/// <summary>
/// Finds the correct values in another arrangement: axes permuted or reversed, or one axis more or less. The same arrangement must hold in every
/// failing case, and change nothing in the passing ones.
/// </summary>
internal static class Layout
{
    public static Pattern? Find(Evidence evidence)
    {
        if (evidence.Comparable() is not { } wrong)
            return null;
        var ranks = wrong.Select(sight => Natural(sight).Length).Distinct().ToArray();
        if (ranks is not [<= 4 and var rank])
            return null;
        var names = Axes.Names(evidence.Op, IsFlattened(wrong[0]) ? "gradients.input" : evidence.Tensor, rank);
        var found = Arrangements(rank)
            .Where(arrangement => wrong.All(sight => Explains(arrangement, sight)) && evidence.Right.All(sight => ChangesNothing(arrangement, sight)))
            .ToArray();
        if (found.Length == 0 || (!found[0].IsIdentity && !wrong.Any(sight => Moves(found[0], sight))))
            return null;
        // If other arrangements explain the answer too, they must be equal for these shapes and values. Otherwise the arrangement is unknown.
        return found.Skip(1).All(other => wrong.All(sight => found[0].Sources(Natural(sight)).SequenceEqual(other.Sources(Natural(sight)))))
            ? new($"identical up to layout: {Text(evidence, wrong, found[0], names)}{(found[0].IsIdentity ? "; its values are right" : "")}",
                ClassOf(evidence, found[0]))
            { Declare = Conventions.OfAxes(evidence.Op, evidence.Tensor, found[0].Order) }
            : null;
    }

    /// <summary>Values in another order with the correct shape are more than a convention: an index is wrong.</summary>
    private static MistakeClass? ClassOf(Evidence evidence, Arrangement arrangement) =>
        arrangement.IsIdentity || evidence.Op == "flatten" || !evidence.InPlace() ? MistakeClass.Layout
        : evidence.Tensor == "gradients.weight" ? MistakeClass.KernelIndex
        : evidence.Op == "max_pool2d" ? MistakeClass.PoolIndex : null;

    /// <summary>The layout in which a tensor comes: <c>the gradient of bias has the shape [1, C] instead of [C]</c>.</summary>
    public static string Text(Evidence evidence, Arrangement arrangement) =>
        Text(evidence, evidence.Wrong, arrangement, Axes.Names(evidence.Op, evidence.Tensor, arrangement.Order.Length));

    /// <summary>The permutations of so many axes; those that change little come first.</summary>
    public static IEnumerable<Arrangement> Permuted(int rank) =>
        Permutations(rank).Select(order => new Arrangement(order, new bool[rank])).OrderBy(arrangement => arrangement.Changes);

    private static string Text(Evidence evidence, IReadOnlyList<Sight> wrong, Arrangement arrangement, IReadOnlyList<string> names)
    {
        var what = evidence.Tensor.Replace("gradients.", "the gradient of ", StringComparison.Ordinal)
            .Replace("outputs.", "", StringComparison.Ordinal);
        if (arrangement.IsIdentity)
            return $"{what} has the shape {ShapeText(wrong[0], names)} instead of {(names.Count == 0 ? "[]" : Axes.Text(names))}";
        var moved = $"{what} is {Moved(arrangement, names)} instead of {Axes.Text(names)}";
        if (arrangement.Reversed.Contains(true))
            return moved;
        var anew = IsFlattened(wrong[0]) ? ", and then flattened"
            : wrong.All(sight => sight.Actual!.HasShape(arrangement.Shape(Natural(sight)))) ? ""
            : wrong.All(sight => sight.Actual!.HasShape(sight.Expected.Shape)) ? ", laid out anew in the right shape"
            : $", and then in the shape {wrong[0].Actual}";
        return $"{moved} (axes {string.Join(",", arrangement.Order)}){anew}";
    }

    private static string Moved(Arrangement arrangement, IReadOnlyList<string> names) => arrangement.Reversed.Contains(true)
        ? $"reversed along {string.Join(" and ", names.Where((_, axis) => arrangement.Reversed[axis]))}"
        : Axes.Text(arrangement.Order.Select(axis => names[axis]));

    private static string ShapeText(Sight sight, IReadOnlyList<string> names)
    {
        var (wide, next) = (new List<string>(), 0);
        foreach (var extent in sight.Actual!.Shape)
            if (next < names.Count && extent == sight.Expected.Shape[next] && (extent != 1 || sight.Actual.Rank - wide.Count <= names.Count - next))
                wide.Add(names[next++]);
            else if (extent == 1)
                wide.Add("1");
            else
                return sight.Actual.ToString();
        return next == names.Count ? Axes.Text(wide) : sight.Actual.ToString();
    }

    /// <summary>The shape with meaningful axes: for a flattened tensor, the shape before the flatten.</summary>
    private static int[] Natural(Sight sight) => (IsFlattened(sight) ? sight.Case.Input("input") : sight.Expected).Shape.ToArray();

    private static bool IsFlattened(Sight sight) => sight.Case.Op == "flatten" && sight.Comparison!.Name == "outputs.output";

    private static bool Explains(Arrangement arrangement, Sight sight)
    {
        var sources = arrangement.Sources(Natural(sight));
        for (var flat = 0; flat < sources.Length; flat++)
            if (!sight.Has(flat, sight.Expected[sources[flat]], sources[flat]))
                return false;
        return true;
    }

    private static bool ChangesNothing(Arrangement arrangement, Sight sight)
    {
        var shape = Natural(sight);
        if (shape.Length != arrangement.Order.Length || arrangement.IsIdentity)
            return arrangement.IsIdentity;
        var sources = arrangement.Sources(shape);
        return !sources.Where((source, flat) => !Elements.Agree(sight.Expected[source], sight.Expected[flat], 2 * sight.BoundAt(flat))).Any();
    }

    /// <summary>Whether the arrangement moves enough distinct values to be no accident.</summary>
    private static bool Moves(Arrangement arrangement, Sight sight) =>
        Elements.Tell(
            arrangement.Sources(Natural(sight)).Where((source, flat) => sight.Expected[source] != sight.Expected[flat])
            .Select(source => sight.Expected[source]));

    /// <summary>The arrangements, simplest first: nothing moved, then few axes.</summary>
    private static IEnumerable<Arrangement> Arrangements(int rank)
    {
        var upright = new bool[rank];
        var reversed = Enumerable.Range(1, (1 << rank) - 1)
            .Select(bits => new Arrangement([.. Enumerable.Range(0, rank)], [.. upright.Select((_, axis) => (bits >> axis & 1) == 1)]));
        return Permuted(rank).Concat(reversed).OrderBy(arrangement => arrangement.Changes);
    }

    private static IEnumerable<int[]> Permutations(int rank) => rank == 0
        ? [[]]
        : Permutations(rank - 1).SelectMany(rest => Enumerable.Range(0, rank).Select(at => (int[])[.. rest[..at], rank - 1, .. rest[at..]]));
}
