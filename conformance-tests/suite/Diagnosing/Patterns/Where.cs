using Conformance.Oracle;

namespace Conformance.Suite.Diagnosing.Patterns;

/// <summary>
/// Finds a part of the tensor that contains all wrong elements of all failing cases, if they are unlikely to be there by chance: one part, or what
/// two have in common.
/// </summary>
internal static class Where
{
    /// <summary>The largest probability that as many random elements are all in the part. About a hundred parts are tried.</summary>
    private const double Chance = 7e-5;

    /// <summary>So much less likely by chance must two parts together be than the better of them.</summary>
    private const double ChanceOfBoth = 1e-6;

    /// <summary>
    /// The fraction of a part that must be wrong for it to imply a class of mistake. If less is wrong, the mistake may be in a smaller part.
    /// </summary>
    private const double Most = 0.75;

    public static Pattern? Find(Evidence evidence)
    {
        if (!evidence.InPlace())
            return null;
        var wrong = evidence.Wrong.Select(sight => (Sight: sight, Flat: sight.WrongElements().ToArray())).ToArray();
        if (wrong.All(one => one.Flat.Length == one.Sight.Expected.Length))
            return null;
        Held[] holding =
            [.. Place.All(evidence, wrong).Select(place => Held.By(place, wrong)).OfType<Held>()
                .Where(one => !one.Place.IsFitted || one.Wrong >= Most * one.There).OrderBy(one => one.LogLikelihood)];
        if (holding is not [var best, ..] || !(best.LogLikelihood <= Math.Log(Chance)))
            return null;
        if (!best.IsFull && holding.Skip(1).Select(other => best.And(other, wrong))
            .MinBy(one => one.LogLikelihood) is { } both && both.LogLikelihood <= best.LogLikelihood + Math.Log(ChanceOfBoth))
            best = both;
        return new(
            $"wrong only {best.Place.Name}{(best.IsFull ? ", and everywhere there" : "")}",
            best.Wrong >= Most * best.There ? best.Place.Class : null);
    }

    /// <summary>A part that holds every wrong element.</summary>
    /// <param name="Masks">For each failing case, which of its elements are in the part.</param>
    /// <param name="LogLikelihood">ln of the probability that all wrong elements are in the part by chance.</param>
    /// <param name="There">How many elements it has, in all failing cases.</param>
    private sealed record Held(Place Place, bool[][] Masks, double LogLikelihood, int There, int Wrong)
    {
        public bool IsFull => There == Wrong;

        /// <summary>Null where a wrong element is outside the part.</summary>
        public static Held? By(Place place, (Sight Sight, int[] Flat)[] wrong)
        {
            var masks = new bool[wrong.Length][];
            for (var i = 0; i < masks.Length; i++)
            {
                if (place.Of(wrong[i].Sight) is not { } isThere || !wrong[i].Flat.All(isThere))
                    return null;
                masks[i] = [.. Enumerable.Range(0, wrong[i].Sight.Expected.Length).Select(isThere)];
            }
            return Of(place, masks, wrong);
        }

        /// <summary>What both parts have in common.</summary>
        public Held And(Held other, (Sight Sight, int[] Flat)[] wrong) => Of(
            Place.And(other.Place), [.. Masks.Zip(other.Masks, (one, two) => one.Zip(two, (first, second) => first && second).ToArray())], wrong);

        private static Held Of(Place place, bool[][] masks, (Sight Sight, int[] Flat)[] wrong)
        {
            var (sum, size, count) = (0.0, 0, 0);
            foreach (var (mask, flat) in masks.Zip(wrong, (mask, one) => (mask, one.Flat)))
            {
                var there = mask.Count(isThere => isThere);
                for (var drawn = 0; drawn < flat.Length; drawn++)
                    sum += Math.Log((there - drawn) / (double)(mask.Length - drawn));
                (size, count) = (size + there, count + flat.Length);
            }
            return new(place, masks, sum, size, count);
        }
    }
}
