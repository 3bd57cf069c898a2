namespace Conformance.Suite.Diagnosing.Patterns;

/// <summary>
/// Finds a part of the tensor that contains all wrong elements of all failing cases, if they are unlikely to be there by chance.
/// </summary>
internal static class Where
{
    /// <summary>The largest probability that as many random elements are all in the part. About seventy parts are tried.</summary>
    private const double Chance = 1e-4;

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
        var (place, likelihood) = Place.All(evidence).Select(place => (place, LogLikelihood(place, wrong))).MinBy(pair => pair.Item2);
        if (!(likelihood <= Math.Log(Chance)))
            return null;
        var (there, found) = (
            wrong.Sum(one => Enumerable.Range(0, one.Sight.Expected.Length).Count(place.Of(one.Sight)!)), wrong.Sum(one => one.Flat.Length));
        return new($"wrong only {place.Name}{(there == found ? ", and everywhere there" : "")}", found >= Most * there ? place.Class : null);
    }

    /// <summary>
    /// ln of the probability that all wrong elements are in the part by chance; positive infinity if one is outside.
    /// </summary>
    private static double LogLikelihood(Place place, IEnumerable<(Sight Sight, int[] Flat)> wrong)
    {
        var sum = 0.0;
        foreach (var (sight, flat) in wrong)
        {
            if (place.Of(sight) is not { } isThere || !flat.All(isThere))
                return double.PositiveInfinity;
            var (all, there) = (sight.Expected.Length, Enumerable.Range(0, sight.Expected.Length).Count(isThere));
            for (var drawn = 0; drawn < flat.Length; drawn++)
                sum += Math.Log((there - drawn) / (double)(all - drawn));
        }
        return sum;
    }
}
