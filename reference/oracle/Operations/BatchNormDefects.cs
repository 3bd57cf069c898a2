using static Conformance.Oracle.MistakeClass;

namespace Conformance.Oracle.Operations;

/// <summary>The mistakes that people make in batch norm; the same for one axis and for two.</summary>
public static class BatchNormDefects
{
    /// <param name="op"><c>batch_norm1d</c> or <c>batch_norm2d</c>.</param>
    public static IReadOnlyList<Defect> Of(string op)
    {
        return
        [
            Term("statistics-per-element", Passes.All, BatchNormStatistics,
                "mean and variance are taken over the images alone, for each position by itself",
                "take one mean and one variance for each channel, over n, h and w",
                terms => terms with { Group = (g, at) => at.C * g.Positions + at.Position })
            .Index("mean[c, h, w]", "mean[c]"),
            Term("statistics-per-image", Passes.All, BatchNormStatistics,
                "mean and variance are taken over the channels of each image: layer norm",
                "take them over n, h and w for each channel",
                terms => terms with { Group = (_, at) => at.N })
            .Index("mean[n]", "mean[c]"),
            Term("statistics-over-everything", Passes.All, BatchNormStatistics,
                "one mean and one variance serve all channels",
                "take them for each channel by itself",
                terms => terms with { Group = (_, _) => 0 })
            .Index("mean", "mean[c]"),
            Term("running-statistics-in-training", Passes.All, BatchNormStatistics,
                "the running statistics normalise in training",
                "normalise with the batch's own statistics in training",
                terms => terms with { Normalising = of => (of.RunningMean, of.RunningVariance), Differentiates = _ => false }),
            Term("batch-statistics-in-eval", Passes.All, BatchNormStatistics,
                "the batch's own statistics normalise in evaluation",
                "normalise with the running statistics in evaluation",
                terms => terms with { Normalising = of => (of.Mean, of.Variance), Differentiates = _ => true }),
            Term("variance-unbiased", Passes.All, BatchNormStatistics,
                "the variance that normalises is divided by M − 1",
                "divide it by M; only the running variance takes M − 1",
                terms => terms with { Normalising = of => of.Training ? (of.Mean, of.Variance * of.M / (of.M - 1)) : terms.Normalising(of) }),
            Term("running-variance-biased", Passes.Forward, BatchNormStatistics,
                "the running variance keeps the variance divided by M",
                "keep the unbiased one: var·M/(M − 1)",
                terms => terms with { Running = (variance, _) => variance })
            .From(Seen.Issues("mlx PR#3817", "pytorch#3122")),
            Term("variance-in-one-pass", Passes.All, Precision,
                "the variance is E[x²] − E[x]² in float32, where two nearly equal numbers cancel",
                "take the mean first, then the mean of (x − mean)²; or Welford's update",
                terms => terms with { Variance = OnePass }),
            Term("eps-outside-the-root", Passes.All, Formula,
                "eps is added to the deviation: √var + eps",
                "add it under the root: √(var + eps)",
                terms => terms with { Deviation = (variance, eps) => Math.Sqrt(variance) + eps }),
            Term("eps-missing", Passes.All, Formula,
                "nothing is added to the variance",
                "divide by √(var + eps)",
                terms => terms with { Deviation = (variance, _) => Math.Sqrt(variance) }),
            Term("eps-unread", Passes.All, Option,
                "eps is always 1e-5",
                "read eps",
                terms => terms with { Deviation = (variance, _) => Math.Sqrt(variance + 1e-5) }),
            Term("divided-by-variance", Passes.All, Formula,
                "x − mean is divided by the variance",
                "divide by its root, √(var + eps)",
                terms => terms with { Deviation = (variance, eps) => variance + eps }),
            Term("gamma-along-last-axis", Passes.All, ChannelIndex,
                "γ and β are broadcast along the last axis, not along the channels",
                "index them by the second axis",
                terms => terms with { Affine = (g, at) => at.Flat % g.Last % g.C })
            .Index("γ[w]", "γ[c]"),
            Term("beta-times-gamma", Passes.Forward, Formula,
                "β is added before γ multiplies: γ·(x̂ + β)",
                "y = γ·x̂ + β",
                terms => terms with { Output = (normal, gamma, beta) => gamma * (normal + beta) }),
            Term("backward-input-without-gamma", Passes.InputGradient, Derivative,
                "γ is missing in the input gradient",
                "start from h = γ·dy",
                terms => terms with { Upstream = (dy, _) => dy }),
            Term("backward-input-without-mean", Passes.InputGradient, Derivative,
                "the input gradient lacks the term of the mean",
                "dx = γ/σ·(dy − mean(dy) − x̂·mean(dy·x̂))",
                terms => terms with { Slope = s => (s.H - s.Normal * s.MeanHNormal) / s.Deviation }),
            Term("backward-input-without-variance", Passes.InputGradient, Derivative,
                "the input gradient lacks the term of the variance",
                "dx = γ/σ·(dy − mean(dy) − x̂·mean(dy·x̂))",
                terms => terms with { Slope = s => (s.H - s.MeanH) / s.Deviation }),
            Term("backward-input-statistics-constant", Passes.InputGradient, Derivative,
                "mean and variance count as constants in training: dx = γ/σ·dy",
                "they depend on x: dx = γ/σ·(dy − mean(dy) − x̂·mean(dy·x̂))",
                terms => terms with { Differentiates = _ => false }),
            Term("backward-input-as-in-training", Passes.InputGradient, Derivative,
                "the gradient goes through the statistics in evaluation too",
                "the running statistics are constants: dx = γ/σ·dy",
                terms => terms with { Differentiates = _ => true }),
            Term("backward-input-without-deviation", Passes.InputGradient, Derivative,
                "the input gradient is not divided by σ",
                "dx = γ/σ·(dy − mean(dy) − x̂·mean(dy·x̂))",
                terms => terms with { Slope = s => s.H - s.MeanH - s.Normal * s.MeanHNormal }),
            Term("backward-input-divided-by-variance", Passes.InputGradient, Derivative,
                "the input gradient is divided by σ twice",
                "dx = γ/σ·(dy − mean(dy) − x̂·mean(dy·x̂))",
                terms => terms with { Slope = s => (s.H - s.MeanH - s.Normal * s.MeanHNormal) / (s.Deviation * s.Deviation) }),
            Term("backward-input-missing", Passes.InputGradient, MissingGradient,
                "the input gradient stays zero: layers before it learn nothing",
                "dx = γ/σ·(dy − mean(dy) − x̂·mean(dy·x̂))",
                terms => terms with { Slope = _ => 0 }),
            Term("backward-weight-missing", Passes.WeightGradient, MissingGradient,
                "dγ stays zero",
                "dγ = Σ dy·x̂",
                terms => terms with { WeightTerm = _ => 0 }),
            Term("backward-bias-missing", Passes.BiasGradient, MissingGradient,
                "dβ stays zero",
                "dβ = Σ dy",
                terms => terms with { BiasTerm = _ => 0 }),
            Term("backward-weight-without-normal", Passes.WeightGradient, Derivative,
                "dγ is the sum of dy",
                "dγ = Σ dy·x̂",
                terms => terms with { WeightTerm = of => of.Dy }),
            Term("backward-weight-mean", Passes.WeightGradient, Scale,
                "dγ is a mean over the channel",
                "sum it: the loss has divided by N already",
                terms => terms with { WeightTerm = of => of.Dy * of.Normal / of.Geometry.Values }),
            Term("backward-bias-mean", Passes.BiasGradient, Scale,
                "dβ is a mean over the channel",
                "sum it: the loss has divided by N already",
                terms => terms with { BiasTerm = of => of.Dy / of.Geometry.Values }),
            Term("momentum-reversed", Passes.Forward, BatchNormStatistics,
                "momentum weighs the old statistics, as elsewhere it does",
                "in PyTorch it weighs the new ones: (1 − momentum)·running + momentum·batch",
                terms => Blended(terms, (old, batch, factor) => factor * old + (1 - factor) * batch))
            .From(Seen.Convention("Keras: momentum weighs the old statistics")),
            Term("momentum-unread", Passes.Forward, BatchNormStatistics,
                "the batch's statistics weigh 0.1, whatever the momentum",
                "read the momentum",
                terms => terms with { Factor = (momentum, batches) => momentum is null ? terms.Factor(null, batches) : 0.1 }),
            Term("running-deviation-for-variance", Passes.Forward, BatchNormStatistics,
                "the running variance blends in the deviation",
                "keep the unbiased variance: var·M/(M − 1)",
                terms => terms with { Running = (variance, g) => Math.Sqrt(terms.Running(variance, g)) }),
            Term("running-statistics-not-updated", Passes.Forward, BatchNormStatistics,
                "training leaves the running statistics as they are",
                "blend the batch's into them",
                terms => terms with { Updates = _ => false }),
            Term("running-statistics-updated-in-eval", Passes.Forward, BatchNormStatistics,
                "evaluation changes the running statistics",
                "leave them as they are in evaluation",
                terms => terms with { Updates = _ => true }),
            Term("cumulative-factor-late", Passes.Forward, BatchNormStatistics,
                "without momentum, the factor is one over the batches seen before this one",
                "count this batch too: 1/(n + 1)",
                terms => terms with { Factor = (momentum, batches) => momentum ?? 1 / Math.Max(1, batches) }),
            Term("no-momentum-is-the-default", Passes.Forward, BatchNormStatistics,
                "without momentum, 0.1 is taken",
                "momentum null asks for plain averages: the factor is 1/(n + 1)",
                terms => terms with { Factor = (momentum, _) => momentum ?? 0.1 }),
            new AcceptDefect($"{op}.single-value-accepted",
                "training takes one value in each channel, whose variance is 0",
                "refuse it: N·H·W must be more than 1 in training",
                _ => true),
            .. BatchNormForwardDefects.Of(op),
            .. BatchNormGradientDefects.Of(op),
        ];

        TermDefect<BatchNormTerms> Term(
            string mistake, Passes passes, MistakeClass kind, string what, string mend, Func<BatchNormTerms, BatchNormTerms> change) =>
            new($"{op}.{mistake}", passes, kind, what, mend, change);
    }

    /// <summary>Both running statistics blended in the same way.</summary>
    internal static BatchNormTerms Blended(BatchNormTerms terms, Func<double, double, double, double> blend) =>
        terms with { BlendMean = blend, BlendVariance = blend };

    /// <summary>Even with what falls below 0 cut off, as careful authors do.</summary>
    private static double OnePass(IReadOnlyList<double> values)
    {
        var (sum, squares) = (0f, 0f);
        foreach (float value in values)
            (sum, squares) = (sum + value, squares + value * value);
        var mean = sum / values.Count;
        return Math.Max(0, squares / values.Count - mean * mean);
    }
}
