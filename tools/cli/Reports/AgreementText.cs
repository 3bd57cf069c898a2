using System.Globalization;
using Conformance.Cli.Comparing;

namespace Conformance.Cli.Reports;

/// <summary>The agreement in words, the same on the console and in the page.</summary>
internal static class AgreementText
{
    /// <summary>One sentence: whether the difference means anything.</summary>
    public static string Verdict(Agreement agreement) => agreement.Distinguishable switch
    {
        true => "The two sides are distinguishable: 0 lies outside the 95 % interval.",
        false => "The two sides are not distinguishable: 0 lies inside the 95 % interval.",
        null => "Too few seeds to say whether the difference means anything (three give an interval).",
    };

    /// <summary>Such as <c>+0.02 points, 95 % interval −0.11 to +0.15</c>.</summary>
    public static string Difference(Agreement agreement) => agreement.Confidence95 is [var low, var high]
        ? $"{Points(agreement.MeanDifference)} points, 95 % interval {Points(low)} to {Points(high)}"
        : $"{Points(agreement.MeanDifference)} points";

    public static string FirstStep(Agreement agreement) => agreement.FirstStepMaxError == 0
        ? "all gradients equal, bit for bit"
        : $"gradients differ by at most {Small(agreement.FirstStepMaxError)} of the largest in their tensor";

    /// <summary>The p-values, by seed.</summary>
    public static string McNemar(Agreement agreement) =>
        "p = " + string.Join(", ", agreement.McnemarP.Select(p => p < 0.0005 ? Small(p) : p.ToString("F3", CultureInfo.InvariantCulture)));

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
