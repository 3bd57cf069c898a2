using System.Globalization;
using Conformance.Oracle;

namespace Conformance.Suite.Diagnosing.Patterns;

/// <summary>Finds a constant offset from the correct values: one number for all of a tensor, or a multiple of each channel's bias.</summary>
internal static class Offset
{
    public static Pattern? Find(Evidence evidence) => !evidence.InPlace() ? null : OfBias(evidence) ?? OfNumber(evidence);

    private static Pattern? OfNumber(Evidence evidence)
    {
        var offsets = evidence.Wrong.Select(sight => (Sight: sight, Offset: Largest(sight))).ToArray();
        if (!offsets.All(pair => double.IsFinite(pair.Offset) && Holds(pair.Sight, _ => pair.Offset))
            || !offsets.Any(pair => Elements.Tell(pair.Sight.Expected.Data.ToArray())))
            return null;
        var first = offsets.MinBy(pair => LeastBound(pair.Sight)).Offset;
        if (offsets.All(pair => Holds(pair.Sight, _ => first)))
            return new($"every value is {Number(Math.Abs(first))} {(first > 0 ? "more" : "less")} than the right one");
        return new(
            $"in each case every value differs from the right one by one number: {string.Join(", ", offsets.Select(pair => Number(pair.Offset)).Distinct().Take(5))}");
    }

    private static Pattern? OfBias(Evidence evidence)
    {
        if (evidence.Tensor != "outputs.output"
            || !evidence.Wrong.All(
            sight => sight.Case.Inputs.TryGetValue("bias", out var bias) && bias.Data.ContainsAnyExcept(0.0) && sight.Expected.Rank > 1)
            || !evidence.Wrong.Any(sight => Elements.Tell(sight.Case.Input("bias").Data.ToArray())))
            return null;
        if (IsTimesMore(_ => -1))
            return new("the bias is missing: every value is its channel's bias less than the right one", MistakeClass.MissingGradient);
        if (IsTimesMore(_ => -2))
            return new("the bias is taken off instead of added");
        if (IsTimesMore(_ => 1))
            return new("the bias is added twice");
        if (evidence.Op == "conv2d" && IsTimesMore(sight => sight.Case.Input("weight").Shape[1] - 1))
            return new("the bias is added once for each input channel instead of once", MistakeClass.ChannelIndex);
        return IsTimesMore(sight => sight.Case.Input("weight").Length / sight.Case.Input("weight").Shape[0] - 1)
            ? new("the bias is added with each product of the sum instead of once")
            : null;

        bool IsTimesMore(Func<Sight, double> times) => evidence.Wrong.All(sight => Holds(sight, flat => times(sight) * BiasOf(sight, flat)));
    }

    private static double BiasOf(Sight sight, int flat) => sight.Case.Input("bias")[sight.Expected.IndexOf(flat)[1]];

    private static bool Holds(Sight sight, Func<int, double> offset) =>
        Enumerable.Range(0, sight.Expected.Length).All(flat => sight.Is(flat, 1, offset(flat)));

    /// <summary>The difference at the element with the smallest tolerance, where it is known best.</summary>
    private static double Largest(Sight sight)
    {
        var flat = Enumerable.Range(0, sight.Expected.Length).MinBy(sight.BoundAt);
        return sight.Actual![flat] - sight.Expected[flat];
    }

    private static double LeastBound(Sight sight) => Enumerable.Range(0, sight.Expected.Length).Min(sight.BoundAt);

    private static string Number(double value) => value.ToString("G4", CultureInfo.InvariantCulture);
}
