using static Conformance.Oracle.MistakeClass;
using static Conformance.Oracle.Operations.BatchNormDefect;

namespace Conformance.Oracle.Operations;

/// <summary>Known mistakes in the statistics that normalise: over wrong elements, by a wrong formula, or those of another element.</summary>
internal static class BatchNormStatisticsDefects
{
    /// <summary>An element is normalised with another mean and variance.</summary>
    public static IEnumerable<Defect> Groups(string op) =>
    [
        Term(op, "statistics-per-element", Passes.All, BatchNormStatistics,
            "mean and variance are taken over the images alone, for each position by itself",
            "take one mean and one variance for each channel, over n, h and w",
            terms => terms with { Group = (g, at) => at.C * g.Positions + at.Position })
            .Index("mean[c, h, w]", "mean[c]"),
        Term(op, "statistics-per-image", Passes.All, BatchNormStatistics,
            "mean and variance are taken over the channels of each image: layer norm",
            "take them over n, h and w for each channel",
            terms => terms with { Group = (_, at) => at.N })
            .Index("mean[n]", "mean[c]"),
        Term(op, "statistics-over-everything", Passes.All, BatchNormStatistics,
            "one mean and one variance serve all channels",
            "take them for each channel by itself",
            terms => terms with { Group = (_, _) => 0 })
            .Index("mean", "mean[c]"),
        Term(op, "running-statistics-in-training", Passes.All, BatchNormStatistics,
            "the running statistics normalise in training",
            "normalise with the batch's own statistics in training",
            terms => terms with { Normalising = of => (of.RunningMean, of.RunningVariance), Differentiates = _ => false }),
        Term(op, "batch-statistics-in-eval", Passes.All, BatchNormStatistics,
            "the batch's own statistics normalise in evaluation",
            "normalise with the running statistics in evaluation",
            terms => terms with { Normalising = of => (of.Mean, of.Variance), Differentiates = _ => true }),
        Term(op, "variance-unbiased", Passes.All, BatchNormStatistics,
            "the variance that normalises is divided by M − 1",
            "divide it by M; only the running variance takes M − 1",
            terms => terms with { Normalising = of => of.Training ? (of.Mean, of.Variance * of.M / (of.M - 1)) : terms.Normalising(of) }),
        Term(op, "running-variance-biased", Passes.Forward, BatchNormStatistics,
            "the running variance keeps the variance divided by M",
            "keep the unbiased one: var·M/(M − 1)",
            terms => terms with { Running = (variance, _) => variance })
            .From(Seen.Issues("mlx PR#3817", "pytorch#3122")),
        Term(op, "variance-in-one-pass", Passes.All, Precision,
            "the variance is E[x²] − E[x]² in float32, where two nearly equal numbers cancel",
            "take the mean first, then the mean of (x − mean)²; or Welford's update",
            terms => terms with { Variance = OnePass }),
    ];

    /// <summary>An element belongs to another channel, or its statistics run over other axes.</summary>
    public static IEnumerable<Defect> Axes(string op) =>
    [
        Term(op, "channels-last", Passes.All, ChannelIndex,
            "the channels are taken to be the last axis, as where an input is reshaped to [N·H·W, C] without being transposed",
            "the second axis is the channel: transpose before the reshape",
            terms => terms with { Channel = (g, at) => at.Flat % g.C })
            .Index("c = flat % C", "c = flat / (H·W) % C"),
        Term(op, "channels-first", Passes.All, ChannelIndex,
            "the input is reshaped to [C, N·H·W] without being transposed",
            "transpose the channels to the front before the reshape",
            terms => terms with { Channel = (g, at) => at.Flat / g.Values })
            .Index("c = flat / (N·H·W)", "c = flat / (H·W) % C"),
        Term(op, "statistics-per-plane", Passes.All, BatchNormStatistics,
            "mean and variance are taken over each image's plane by itself: instance norm",
            "take them over the images too",
            terms => terms with { Group = (g, at) => at.N * g.C + at.C })
            .Index("mean[n, c]", "mean[c]"),
        Term(op, "statistics-along-last-axis", Passes.All, BatchNormStatistics,
            "mean and variance are taken for each place along the last axis, over all others",
            "the statistics belong to the second axis, the channels",
            terms => terms with { Group = (g, at) => g.Positions == 1 ? at.C : at.Flat % g.Last })
            .Index("mean[w]", "mean[c]"),
    ];

    /// <summary>Wrong formulas of mean and variance, in training and in evaluation.</summary>
    public static IEnumerable<Defect> Moments(string op) =>
    [
        Term(op, "mean-not-taken-off", Passes.All, Formula,
            "x is divided by σ without taking the mean off: RMS norm, but for the variance",
            "x̂ = (x − mean)/σ",
            terms => terms with { Normalising = of => (0, terms.Normalising(of).Variance) }),
        Term(op, "variance-around-zero", Passes.All, BatchNormStatistics,
            "the variance is the mean of x², without taking the mean off",
            "average (x − mean)²",
            terms => terms with { Variance = values => values.Average(value => value * value) }),
        Term(op, "variance-is-a-sum", Passes.All, BatchNormStatistics,
            "the variance is the sum of (x − mean)²",
            "divide it by M",
            terms => terms with { Variance = values => terms.Variance(values) * values.Count }),
        Term(op, "variance-by-images-alone", Passes.All, BatchNormStatistics,
            "the sum of (x − mean)² over n, h and w is divided by N",
            "divide it by M = N·H·W",
            terms => terms with { Normalising = of => of.Training ? (of.Mean, of.Variance * of.Positions) : terms.Normalising(of) }),
        Term(op, "mean-by-images-alone", Passes.All, BatchNormStatistics,
            "the sum over n, h and w is divided by N for the mean that normalises",
            "divide it by M = N·H·W",
            terms => terms with { Normalising = of => of.Training ? (of.Mean * of.Positions, of.Variance) : terms.Normalising(of) }),
        Term(op, "blended-statistics-normalise", Passes.All, BatchNormStatistics,
            "training blends the statistics first, and the running ones then normalise",
            "normalise with the batch's own statistics in training",
            terms => terms with
            {
                Normalising = of => of.Training
                    ? (terms.BlendMean(of.RunningMean, of.Mean, of.Factor),
                        terms.BlendVariance(of.RunningVariance, of.Variance * of.M / (of.M - 1), of.Factor))
                    : terms.Normalising(of),
            }),
        Term(op, "eval-mean-of-the-batch", Passes.All, BatchNormStatistics,
            "evaluation takes the running variance and the batch's own mean",
            "take both from the running statistics in evaluation",
            terms => terms with { Normalising = of => of.Training ? terms.Normalising(of) : (of.Mean, of.RunningVariance) }),
        Term(op, "eval-variance-of-the-batch", Passes.All, BatchNormStatistics,
            "evaluation takes the running mean and the batch's own variance",
            "take both from the running statistics in evaluation",
            terms => terms with { Normalising = of => of.Training ? terms.Normalising(of) : (of.RunningMean, of.Variance) }),
        Term(op, "eval-variance-corrected-again", Passes.All, BatchNormStatistics,
            "evaluation multiplies the running variance by M/(M − 1), as the paper's algorithm 2 does",
            "the running variance is unbiased already",
            terms => terms with { Normalising = of => of.Training ? terms.Normalising(of)
                : (of.RunningMean, of.RunningVariance * of.M / (of.M - 1)) })
            .From(Seen.Convention("Ioffe and Szegedy 2015: algorithm 2 corrects the variance at inference")),
    ];

    /// <summary>Values that the sums over a channel leave out.</summary>
    public static IEnumerable<Defect> Counted(string op)
    {
        yield return Of("last-value-not-counted", OddInput, "the sums of mean and variance leave the channel's last value out",
            (_, values) => values[..Math.Max(1, values.Length - 1)]);
        yield return Of("last-image-not-counted", BatchIndex, "mean and variance are taken over all images but the last",
            (g, values) => values[..Math.Max(g.Positions, values.Length - g.Positions)]);
        yield return Of("first-image-alone-counted", BatchIndex, "mean and variance are those of the first image",
            (g, values) => values[..g.Positions]);
        foreach (var (lanes, word) in new[] { (4, "four"), (8, "eight"), (16, "sixteen") })
            yield return Of($"tail-of-{lanes}-not-counted", OddInput,
                $"the sums of mean and variance leave out what is behind a channel's last whole vector of {word}",
                (_, values) => [.. values.Where((_, i) => Vectors.Hold(i, values.Length, lanes))]);

        TermDefect<BatchNormTerms> Of(string name, MistakeClass kind, string what, Func<BatchNormGeometry, double[], double[]> counted) =>
            Term(op, name, Passes.All, kind, what, "take mean and variance over every value of the channel",
                terms => terms with { Counted = (g, values) => values.Length < g.Positions ? values : counted(g, values) });
    }

    /// <summary>The one-pass variance, limited to 0 or more, as careful authors do.</summary>
    private static double OnePass(IReadOnlyList<double> values)
    {
        var (sum, squares) = (0f, 0f);
        foreach (float value in values)
            (sum, squares) = (sum + value, squares + value * value);
        var mean = sum / values.Count;
        return Math.Max(0, squares / values.Count - mean * mean);
    }
}
