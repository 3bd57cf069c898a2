using Conformance.Cli.Statistics;

namespace Conformance.Cli.Comparing;

/// <summary>How far the two sides are apart, and whether that means anything.</summary>
/// <param name="FirstStepMaxError">
/// max |Δgradient| / max |gradient of the baseline| of the first batch, both sides at the same weights: the worst tensor of the worst seed.
/// </param>
/// <param name="MeanDifference">Test accuracy of scratch minus that of the baseline, mean over the seeds.</param>
/// <param name="Confidence95">Paired-t interval of that mean, [low, high]; null under three seeds.</param>
/// <param name="McnemarP">
/// Exact two-sided p by seed. It decides nothing: it compares two trained networks, not two engines.
/// </param>
/// <param name="Distinguishable">Whether 0 lies outside the interval; null where there is none.</param>
internal sealed record Agreement(
    double FirstStepMaxError, double MeanDifference, double[]? Confidence95, double[] McnemarP, bool? Distinguishable)
{
    public static Agreement Of(double firstStepMaxError, IReadOnlyList<(Evaluation Scratch, Evaluation Baseline)> final)
    {
        var differences = final.Select(seed => Sample.Difference(seed.Scratch.Accuracy, seed.Baseline.Accuracy)).ToArray();
        var interval = StudentT.Confidence95(differences);
        return new(
            firstStepMaxError,
            Sample.MeanOfShares(differences),
            interval is var (low, high) ? [low, high] : null,
            [.. final.Select(seed => McNemar.ExactP(seed.Scratch.Correct, seed.Baseline.Correct))],
            interval is var (from, to) ? from > 0 || to < 0 : null);
    }

    /// <summary>The largest error of any tensor, each relative to the largest element of the baseline's. NaN where a gradient is NaN.</summary>
    /// <exception cref="ArgumentException">The two sides don't have the same parameters.</exception>
    public static double GradientError(IReadOnlyDictionary<string, float[]> scratch, IReadOnlyDictionary<string, float[]> baseline)
    {
        if (!scratch.Keys.Order(StringComparer.Ordinal).SequenceEqual(baseline.Keys.Order(StringComparer.Ordinal)))
        {
            throw new ArgumentException(
                $"parameters differ: scratch has {string.Join(", ", scratch.Keys)}; the baseline {string.Join(", ", baseline.Keys)}");
        }
        var worst = 0.0;
        foreach (var (name, expected) in baseline)
            worst = Math.Max(worst, RelativeError(name, scratch[name], expected)); // Math.Max keeps a NaN
        return worst;
    }

    private static double RelativeError(string name, float[] actual, float[] expected)
    {
        if (actual.Length != expected.Length)
            throw new ArgumentException($"{name}: scratch has {actual.Length} elements, the baseline {expected.Length}");
        var (error, largest) = (0.0, 0.0);
        for (var i = 0; i < expected.Length; i++)
        {
            error = Math.Max(error, Math.Abs((double)actual[i] - expected[i]));
            largest = Math.Max(largest, Math.Abs((double)expected[i]));
        }
        return error == 0 ? 0 : error / largest;
    }
}
