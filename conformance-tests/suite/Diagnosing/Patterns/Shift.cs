using Conformance.Oracle;

namespace Conformance.Suite.Diagnosing.Patterns;

/// <summary>
/// Finds the correct values moved by whole steps along an axis, or along rows and columns at once, by the same steps in every failing case.
/// </summary>
internal static class Shift
{
    private const int Furthest = 2;

    public static Pattern? Find(Evidence evidence)
    {
        if (!evidence.InPlace() || evidence.Wrong.Select(sight => sight.Expected.Rank).Distinct().ToArray() is not [> 0 and var rank])
            return null;
        foreach (var steps in Candidates(rank))
        {
            if (!evidence.Wrong.All(sight => IsMoved(sight, steps)) || !evidence.Wrong.Any(sight => Tells(sight, steps)))
                continue;
            if (!Conditions.Allow(evidence, sight => ChangesNothing(sight, steps)))
                continue;
            var names = Axes.Names(evidence.Op, evidence.Tensor, rank);
            var moved = string.Join(
                " and ", steps.Select((step, axis) => (step, axis)).Where(pair => pair.step != 0)
                .Select(pair => $"{pair.step:+0;−0} along {names[pair.axis]}"));
            return new(
                $"shifted: the right values lie {moved}{Filled(evidence, steps)}",
                evidence.Op.EndsWith("pool2d", StringComparison.Ordinal) ? MistakeClass.PoolIndex : null);
        }
        return null;
    }

    private static IEnumerable<int[]> Candidates(int rank)
    {
        var all = Enumerable.Range(-Furthest, 2 * Furthest + 1).ToArray();
        IEnumerable<int[]> alone = from axis in Enumerable.Range(0, rank) from step in all select Steps((axis, step));
        IEnumerable<int[]> together = rank < 4
            ? []
            : from row in all from column in all where row != 0 && column != 0 select Steps((2, row), (3, column));
        return alone.Concat(together).Where(steps => steps.Any(step => step != 0)).OrderBy(steps => steps.Sum(Math.Abs));

        int[] Steps(params (int Axis, int Step)[] along)
        {
            var steps = new int[rank];
            foreach (var (axis, step) in along)
                steps[axis] = step;
            return steps;
        }
    }

    private static bool IsMoved(Sight sight, int[] steps) =>
        Enumerable.Range(0, sight.Expected.Length)
            .All(flat => Source(sight.Expected, flat, steps) is not { } source || sight.Has(flat, sight.Expected[source], source));

    private static bool Tells(Sight sight, int[] steps) =>
        Elements.Tell(
            Enumerable.Range(0, sight.Expected.Length).Select(flat => Source(sight.Expected, flat, steps)).OfType<int>()
            .Select(source => sight.Expected[source]));

    private static bool ChangesNothing(Sight sight, int[] steps) =>
        sight.Expected.Rank == steps.Length && Enumerable.Range(0, sight.Expected.Length).All(
        flat => Source(sight.Expected, flat, steps) is { } source
            && Elements.Agree(sight.Expected[source], sight.Expected[flat], 2 * sight.BoundAt(flat)));

    /// <summary>Describes the fill of the places that nothing moved into; empty if it differs between cases.</summary>
    private static string Filled(Evidence evidence, int[] steps)
    {
        return All((sight, flat) => sight.Actual![flat] == 0) ? ", and zeros move in"
            : All((sight, flat) => Source(sight.Expected, flat, steps, wraps: true) is { } source && sight.Has(flat, sight.Expected[source], source))
                ? ", and what moves out comes in again at the other end"
            : All((sight, flat) => sight.IsRight(flat)) ? ", and the rest is right" : "";

        bool All(Func<Sight, int, bool> isFilled) => evidence.Wrong.All(sight =>
            Enumerable.Range(0, sight.Expected.Length).All(flat => Source(sight.Expected, flat, steps) is not null || isFilled(sight, flat)));
    }

    /// <summary>The former position of the value at <paramref name="flat"/>; null if it is outside the tensor.</summary>
    private static int? Source(Tensor64 tensor, int flat, int[] steps, bool wraps = false)
    {
        var (source, index) = (0, tensor.IndexOf(flat));
        for (var axis = 0; axis < index.Length; axis++)
        {
            var (from, extent) = (index[axis] - steps[axis], tensor.Shape[axis]);
            if (!wraps && (from < 0 || from >= extent))
                return null;
            source = source * extent + (from % extent + extent) % extent;
        }
        return source;
    }
}
