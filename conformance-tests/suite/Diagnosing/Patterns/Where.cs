namespace Conformance.Suite.Diagnosing.Patterns;

/// <summary>
/// The part of the tensor that all wrong elements of all wrong cases lie in, where there is one that they would not all lie in by chance.
/// </summary>
internal static class Where
{
    /// <summary>How likely it may at most be that so many elements drawn at random all lie there: some seventy places are tried.</summary>
    private const double Chance = 1e-4;

    /// <summary>How much of a place must be wrong for it to say what kind of mistake it is: less may be a part of it.</summary>
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
    /// ln of the probability that all wrong elements lie there, were they drawn without regard to it; positive infinity where one does not.
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
