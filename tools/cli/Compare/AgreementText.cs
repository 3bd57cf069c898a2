using System.Globalization;

namespace Conformance.Cli.Compare;

/// <summary>The agreement in words, the same on the console and in the page.</summary>
internal static class AgreementText
{
    /// <summary>Whether the trained networks are equally good.</summary>
    public static string Verdict(AccuracyAgreement agreement) => agreement switch
    {
        { Distinguishable: true, DifferentP: { } p } => $"Different (p = {Probability(p)}).",
        { Distinguishable: false, EquivalentP: { } p } => $"Equivalent within {Margin(agreement)} points (p = {Probability(p)}).",
        _ => $"Not yet shown with {Seeds(agreement.McnemarP.Length)} that they are equal within {Margin(agreement)} points.",
    };

    /// <summary>The spread of the difference over the seeds, beside that which one bit makes.</summary>
    public static string Spread(AccuracyAgreement agreement) => agreement is { Deviation: { } ours, Nudged.Deviation: { } nudged }
        ? $"± {Size(ours)} by seed; torch with one bit nudged − torch: ± {Size(nudged)}"
        : $"torch with one bit nudged − torch = {Points(agreement.Nudged.MeanDifference)} points";

    /// <summary>Test images judged differently, a seed.</summary>
    public static string Disagreements(AccuracyAgreement agreement) => string.Create(CultureInfo.InvariantCulture,
        $"{agreement.Disagreements.Average():F0} a seed judged differently; "
            + $"by torch and torch nudged: {agreement.Nudged.Disagreements.Average():F0}");

    /// <summary>Such as <c>+0.02 points, 95 % interval −0.11 to +0.15</c>.</summary>
    public static string Difference(AccuracyAgreement agreement) => agreement.Confidence95 is [var low, var high]
        ? $"{Points(agreement.MeanDifference)} points, 95 % interval {Points(low)} to {Points(high)}"
        : $"{Points(agreement.MeanDifference)} points";

    /// <summary>The p-values: each, or of many seeds the range.</summary>
    public static string McNemar(AccuracyAgreement agreement) => agreement.McnemarP switch
    {
        [var only] => $"p = {Probability(only)}",
        { Length: <= 4 } few => $"p = {string.Join(", ", few.Select(Probability))} by seed",
        var many => $"p from {Probability(many.Min())} to {Probability(many.Max())}",
    };

    public static string Probability(double p) => p < 0.0005 ? Small(p) : p.ToString("F3", CultureInfo.InvariantCulture);

    /// <summary>A difference of shares in signed percentage points, with a real minus sign.</summary>
    public static string Points(double difference)
    {
        var points = Math.Round(100 * difference, 2); // first, so that what is shown as 0 has no sign
        return (points < 0 ? "−" : points > 0 ? "+" : "") + Math.Abs(points).ToString("F2", CultureInfo.InvariantCulture);
    }

    /// <summary>In points, without a sign.</summary>
    public static string Margin(AccuracyAgreement agreement) => (100 * agreement.Margin).ToString("0.##", CultureInfo.InvariantCulture);

    private static string Size(double share) => (100 * share).ToString("F2", CultureInfo.InvariantCulture);

    private static string Seeds(int count) => count == 1 ? "1 seed" : $"{count} seeds";

    private static string Small(double value) => value.ToString("0.0e-0", CultureInfo.InvariantCulture);
}
