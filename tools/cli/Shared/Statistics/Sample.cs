namespace Conformance.Cli.Shared.Statistics;

/// <summary>Mean, spread and middle of a few measurements.</summary>
internal static class Sample
{
    /// <summary>
    /// The mean of accuracies or of their differences. They are counts over a number of images, so they are added as decimals:
    /// 0.98 − 0.97 is then 0.01, and a gate at exactly that value holds.
    /// </summary>
    public static double MeanOfShares(IEnumerable<double> shares) => (double)shares.Average(share => (decimal)share);

    /// <summary>a − b for two shares of the same images, without the last-bit error of float64.</summary>
    public static double Difference(double a, double b) => (double)((decimal)a - (decimal)b);

    /// <summary>Sample standard deviation, with n − 1; null for fewer than two values, which have no spread.</summary>
    public static double? StandardDeviation(IReadOnlyList<double> values)
    {
        if (values.Count < 2)
            return null;
        var mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1));
    }

    /// <summary>The middle value, or the mean of the two in the middle.</summary>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
