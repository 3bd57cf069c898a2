using static Conformance.Oracle.MistakeClass;
using static Conformance.Oracle.Operations.BatchNormDefect;

namespace Conformance.Oracle.Operations;

/// <summary>Known mistakes in the running statistics, and inputs that training must refuse.</summary>
internal static class BatchNormRunningDefects
{
    /// <summary>The meaning of the momentum, statistics that are not kept, and the refusal of single values.</summary>
    public static IEnumerable<Defect> Momentum(string op) =>
    [
        Term(op, "momentum-reversed", Passes.Forward, BatchNormStatistics,
            "momentum weighs the old statistics, as elsewhere it does",
            "in PyTorch it weighs the new ones: (1 − momentum)·running + momentum·batch",
            terms => Blended(terms, (old, batch, factor) => factor * old + (1 - factor) * batch))
            .From(Seen.Convention("Keras: momentum weighs the old statistics")),
        Term(op, "momentum-unread", Passes.Forward, BatchNormStatistics,
            "the batch's statistics weigh 0.1, whatever the momentum",
            "read the momentum",
            terms => terms with { Factor = (momentum, batches) => momentum is null ? terms.Factor(null, batches) : 0.1 }),
        Term(op, "running-deviation-for-variance", Passes.Forward, BatchNormStatistics,
            "the running variance blends in the deviation",
            "keep the unbiased variance: var·M/(M − 1)",
            terms => terms with { Running = (variance, g) => Math.Sqrt(terms.Running(variance, g)) }),
        Term(op, "running-statistics-not-updated", Passes.Forward, BatchNormStatistics,
            "training leaves the running statistics as they are",
            "blend the batch's into them",
            terms => terms with { Updates = _ => false }),
        Term(op, "running-statistics-updated-in-eval", Passes.Forward, BatchNormStatistics,
            "evaluation changes the running statistics",
            "leave them as they are in evaluation",
            terms => terms with { Updates = _ => true }),
        Term(op, "cumulative-factor-late", Passes.Forward, BatchNormStatistics,
            "without momentum, the factor is one over the batches seen before this one",
            "count this batch too: 1/(n + 1)",
            terms => terms with { Factor = (momentum, batches) => momentum ?? 1 / Math.Max(1, batches) }),
        Term(op, "no-momentum-is-the-default", Passes.Forward, BatchNormStatistics,
            "without momentum, 0.1 is taken",
            "momentum null asks for plain averages: the factor is 1/(n + 1)",
            terms => terms with { Factor = (momentum, _) => momentum ?? 0.1 }),
        new AcceptDefect($"{op}.single-value-accepted",
            "training takes one value in each channel, whose variance is 0",
            "refuse it: N·H·W must be more than 1 in training",
            _ => true),
    ];

    /// <summary>Wrong ways to blend the batch's statistics into the running ones.</summary>
    public static IEnumerable<Defect> Blending(string op) =>
    [
        Term(op, "running-statistics-replaced", Passes.Forward, BatchNormStatistics,
            "the batch's statistics replace the running ones",
            "blend them: (1 − momentum)·running + momentum·batch",
            terms => Blended(terms, (_, batch, _) => batch)),
        Term(op, "running-statistics-added-up", Passes.Forward, BatchNormStatistics,
            "momentum·batch is added to the whole of the running statistics",
            "weigh the old ones with 1 − momentum",
            terms => Blended(terms, (old, batch, factor) => old + factor * batch)),
        Term(op, "running-statistics-unweighted-batch", Passes.Forward, BatchNormStatistics,
            "the batch's statistics are added whole: (1 − momentum)·running + batch",
            "weigh them with momentum",
            terms => Blended(terms, (old, batch, factor) => (1 - factor) * old + batch)),
        Term(op, "running-mean-not-updated", Passes.Forward, BatchNormStatistics,
            "training leaves the running mean as it is",
            "blend the batch's mean into it",
            terms => terms with { BlendMean = (old, _, _) => old }),
        Term(op, "running-variance-not-updated", Passes.Forward, BatchNormStatistics,
            "training leaves the running variance as it is",
            "blend the batch's variance into it",
            terms => terms with { BlendVariance = (old, _, _) => old }),
        Term(op, "running-variance-corrected-by-images", Passes.Forward, BatchNormStatistics,
            "the running variance is corrected by N/(N − 1), over the images alone",
            "the number of values is M = N·H·W: M/(M − 1)",
            terms => terms with { Running = (variance, g) => variance * g.N / (g.N - 1) }),
        Term(op, "running-variance-correction-upside-down", Passes.Forward, BatchNormStatistics,
            "the running variance is multiplied by (M − 1)/M",
            "the unbiased one is larger: M/(M − 1)",
            terms => terms with { Running = (variance, g) => variance * (g.Values - 1) / g.Values }),
        Term(op, "batches-uncounted", Passes.Forward, BatchNormStatistics,
            "without momentum, num_batches_tracked counts as 0: the batch replaces the running statistics",
            "read num_batches_tracked: the factor is 1/(n + 1)",
            terms => terms with { Factor = (momentum, _) => momentum ?? 1 }),
        Term(op, "batch-counted-twice", Passes.Forward, BatchNormStatistics,
            "without momentum, this batch is counted twice: the factor is 1/(n + 2)",
            "count it once: 1/(n + 1)",
            terms => terms with { Factor = (momentum, batches) => momentum ?? 1 / (batches + 2) }),
    ];

    /// <summary>Terms that blend both running statistics in the same way.</summary>
    private static BatchNormTerms Blended(BatchNormTerms terms, Func<double, double, double, double> blend) =>
        terms with { BlendMean = blend, BlendVariance = blend };
}
