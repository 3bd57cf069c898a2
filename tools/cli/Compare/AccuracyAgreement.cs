using Conformance.Cli.Shared.Statistics;

namespace Conformance.Cli.Compare;

/// <summary>
/// Of one side against the baseline: how far apart, and whether that means anything. Each training is a draw of chaos, so only several say something.
/// </summary>
/// <param name="MeanDifference">Test accuracy of the side minus that of the baseline, mean over the seeds.</param>
/// <param name="Deviation">Standard deviation of the difference over the seeds; null for one.</param>
/// <param name="Disagreements">By seed: test images that one of the two gets right and the other wrong.</param>
internal sealed record Distance(double MeanDifference, double? Deviation, int[] Disagreements)
{
    public static Distance Measure(IReadOnlyList<(TestScores Side, TestScores Baseline)> final)
    {
        var differences = Differences(final);
        return new(
            Sample.MeanOfShares(differences),
            Sample.StandardDeviation(differences),
            [.. final.Select(seed => seed.Side.Correct.Zip(seed.Baseline.Correct).Count(image => image.First != image.Second))]);
    }

    public static double[] Differences(IEnumerable<(TestScores Side, TestScores Baseline)> final) =>
        [.. final.Select(seed => Sample.Difference(seed.Side.Accuracy, seed.Baseline.Accuracy))];
}

/// <summary>Whether the trained networks are equally good.</summary>
/// <param name="MeanDifference">Test accuracy of scratch minus that of the baseline, mean over the seeds.</param>
/// <param name="Deviation">Standard deviation of the difference over the seeds; null for one.</param>
/// <param name="Confidence95">Paired-t interval of that mean, [low, high]; null under three seeds.</param>
/// <param name="Margin">What counts as equal: a share of the test images.</param>
/// <param name="EquivalentP">The p-value of two one-sided tests, paired by seed, that the mean lies within the margin; null under three
/// seeds.</param>
/// <param name="DifferentP">The p-value of the two-sided test that it is 0; null under three seeds.</param>
/// <param name="Distinguishable">True: different; false: shown to be equivalent; null: neither is shown.</param>
/// <param name="Disagreements">By seed: test images that one side gets right and the other wrong.</param>
/// <param name="McnemarP">
/// Exact two-sided p by seed. It decides nothing: it compares two trained networks, not two engines.
/// </param>
/// <param name="Nudged">The control: the nudged baseline against the baseline.</param>
internal sealed record AccuracyAgreement(
    double MeanDifference, double? Deviation, double[]? Confidence95, double Margin, double? EquivalentP, double? DifferentP, bool? Distinguishable,
    int[] Disagreements, double[] McnemarP, Distance Nudged)
{
    /// <summary>0.3 points: about twice what one nudged bit does to the difference of one seed.</summary>
    public const double EqualWithin = 0.003;

    /// <param name="scratch">By seed, after the last epoch.</param>
    /// <param name="nudged">Likewise.</param>
    public static AccuracyAgreement Measure(
        IReadOnlyList<(TestScores Scratch, TestScores Baseline)> scratch, IReadOnlyList<(TestScores Nudged, TestScores Baseline)> nudged)
    {
        var (distance, differences) = (Distance.Measure(scratch), Distance.Differences(scratch));
        var equivalence = Equivalence.Test(differences, EqualWithin);
        return new(
            distance.MeanDifference,
            distance.Deviation,
            StudentT.Confidence95(differences) is var (low, high) ? [low, high] : null,
            EqualWithin, equivalence?.EquivalentP, equivalence?.DifferentP,
            equivalence?.Finding switch { Finding.Equivalent => false, Finding.Different => true, _ => null },
            distance.Disagreements,
            [.. scratch.Select(seed => McNemar.ExactP(seed.Scratch.Correct, seed.Baseline.Correct))],
            Distance.Measure(nudged));
    }
}
