using System.Globalization;
using Conformance.Cli.Comparing;

namespace Conformance.Cli.Reports;

/// <summary>The agreement in words, the same on the console and in the page.</summary>
internal static class AgreementText
{
    /// <summary>One sentence: whether the difference means anything.</summary>
    public static string Verdict(Agreement agreement) => agreement.Distinguishable switch
    {
        true => "Distinguishable: 0 lies outside the 95 % interval.",
        false => "Not distinguishable: 0 lies inside the 95 % interval.",
        null => "Too few seeds to tell: three or more give a 95 % interval.",
    };

    /// <summary>Such as <c>+0.02 points, 95 % interval −0.11 to +0.15</c>.</summary>
    public static string Difference(Agreement agreement) => agreement.Confidence95 is [var low, var high]
        ? $"{Points(agreement.MeanDifference)} points, 95 % interval {Points(low)} to {Points(high)}"
        : $"{Points(agreement.MeanDifference)} points";

    public static string FirstStep(Agreement agreement) => agreement.FirstStepMaxError == 0
        ? "all gradients equal, bit for bit"
        : $"gradients differ by at most {Small(agreement.FirstStepMaxError)} of the largest in their tensor";

    /// <summary>The p-values: each, or of many seeds the range.</summary>
    public static string McNemar(Agreement agreement) => agreement.McnemarP switch
    {
        [var only] => $"p = {Probability(only)}",
        { Length: <= 4 } few => $"p = {string.Join(", ", few.Select(Probability))} by seed",
        var many => $"p from {Probability(many.Min())} to {Probability(many.Max())}",
    };

    public static string Probability(double p) => p < 0.0005 ? Small(p) : p.ToString("F3", CultureInfo.InvariantCulture);

    /// <summary>A share as a percentage: <c>98.76 %</c>.</summary>
    public static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:F2} %");

    /// <summary>A difference of shares in signed percentage points, with a real minus sign.</summary>
    public static string Points(double difference)
    {
        var text = Math.Abs(100 * difference).ToString("F2", CultureInfo.InvariantCulture);
        return (difference < 0 ? "−" : difference > 0 ? "+" : "") + text;
    }

    private static string Small(double value) => value.ToString("0.0e-0", CultureInfo.InvariantCulture);
}
