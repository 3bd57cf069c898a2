using static Conformance.Oracle.MistakeClass;

namespace Conformance.Oracle.Operations;

/// <summary>Known mistakes in the reduction of a batch's losses to one loss and one gradient.</summary>
internal static class ReductionDefects
{
    private const Passes Both = Passes.Forward | Passes.InputGradient;

    /// <summary>The mistakes that are possible in every reduction.</summary>
    public static IEnumerable<Defect> For(string op) =>
    [
        Reduced(op, "sum-for-mean", Passes.Forward, Scale,
            "the loss is a sum where the mean was asked for",
            "divide the loss by what counts in the batch",
            terms => terms with { Divisor = _ => 1 }),
        Reduced(op, "gradient-not-averaged", Passes.InputGradient, Scale,
            "the gradient is that of the sum while the loss is the mean",
            "divide the gradient by what the loss is divided by",
            terms => terms with { GradientDivisor = _ => 1 }),
        Reduced(op, "averaged-twice", Passes.InputGradient, Scale,
            "the gradient is divided by N twice: in the loss and again in the layer or the update",
            "divide by N once",
            terms => terms with { GradientDivisor = totals => totals.Shares * totals.Items }),
        Reduced(op, "loss-averaged-twice", Passes.Forward, Scale,
            "the loss is divided by N twice: by a mean of means",
            "divide by N once",
            terms => terms with { Divisor = totals => totals.Shares * totals.Items }),
        Reduced(op, "gradient-missing", Passes.InputGradient, MissingGradient,
            "the gradient stays zero: nothing learns",
            "differentiate the loss",
            terms => terms with { Learns = _ => false }),
        Reduced(op, "last-loss-alone", Passes.Forward, Assignment,
            "the batch's loss is that of its last row: = for +=",
            "add the losses up",
            terms => terms with { Add = (_, loss) => loss }),
        Reduced(op, "cotangent-ignored", Passes.InputGradient, Derivative,
            "the gradient that arrives from above is taken for ones",
            "multiply each loss's gradient by its cotangent",
            terms => terms with { Upstream = _ => 1 }),
        Reduced(op, "empty-mean-is-zero", Passes.Forward, NonFinite,
            "the mean over nothing is 0 where PyTorch gives NaN: the divisor is kept from being 0",
            "divide by the sum of weights whatever it is",
            terms => terms with { Divisor = totals => totals.Shares == 0 ? 1 : totals.Shares }),
        Reduced(op, "reduction-unread", Passes.Forward | Passes.InputGradient, Option,
            "the mean is taken, whatever the reduction",
            "read the reduction: mean, sum or none",
            terms => terms with { Reduction = _ => "mean", GradientReduction = _ => "mean" }),
        Reduced(op, "sum-is-a-mean", Passes.Forward, Option,
            "the loss is the mean where the sum was asked for",
            "divide with reduction mean alone",
            terms => terms with { Reduction = MeanForSum }),
        Reduced(op, "sum-is-a-mean-in-the-gradient", Passes.InputGradient, Scale,
            "the gradient is divided by N where the sum was asked for",
            "divide with reduction mean alone",
            terms => terms with { GradientReduction = MeanForSum }),
        Reduced(op, "sum-in-float16", Passes.Forward, Precision,
            "the sum over the batch is kept in float16, which has 11 bits and ends at 65504",
            "add up in float32",
            terms => terms with { Add = (sum, loss) => (double)(Half)(sum + loss) }),
        Reduced(op, "sum-in-integers", Passes.Forward, Precision,
            "the sum over the batch is kept in an integer, which cuts each loss's fraction off",
            "add up in float32",
            terms => terms with { Add = (sum, loss) => double.IsFinite(sum + loss) ? Math.Truncate(sum + loss) : sum + loss }),
        Reduced(op, "loss-missing", Passes.Forward, MissingGradient,
            "the loss that is reported stays zero",
            "add the losses up",
            terms => terms with { Add = (_, _) => 0, Counts = _ => false }),
        Reduced(op, "nan-losses-left-out", Passes.Forward, NonFinite,
            "a loss that is NaN is left out of the batch's",
            "add every loss, so that a NaN is seen",
            terms => terms with { Add = (sum, loss) => double.IsNaN(loss) ? sum : terms.Add(sum, loss) }),
        Reduced(op, "loss-sign", Passes.Forward, Formula,
            "the batch's loss has the wrong sign",
            "reduce the losses as they are",
            terms => terms with { Whole = loss => -loss }),
        .. Items(op), .. Reductions(op),
        new OperandDefect($"{op}.cotangent-of-the-first", Passes.InputGradient, BatchIndex,
            "the first loss's cotangent is taken for every one",
            "multiply each loss's gradient by its own cotangent",
            OperandDefect.Cotangent, (_, dy) => dy.Select(_ => dy[0])),
        Targets(op, "target-of-the-first-row", "every row is compared with the first row's target", (_, _) => 0),
        Targets(op, "target-of-the-next-row", "each row is compared with the target of the row after it, and the last with the first's",
            (row, rows) => (row + 1) % rows),
    ];

    /// <summary>Losses of the batch that are left out, of the sum and of the gradient.</summary>
    private static IEnumerable<Defect> Items(string op)
    {
        yield return Lost("last-lost", OddInput, "the loop over the losses ends one early", "let it run to the last",
            item => item.Index < item.Of - 1);
        yield return Reduced(op, "last-lost-from-the-mean", Both, OddInput,
            "the last loss is left out, and does not count in the mean either", "let the loop run to the last",
            terms => Only(terms, item => item.Index < item.Of - 1) with { Share = item => item.Index < item.Of - 1 ? terms.Share(item) : 0 });
        yield return Lost("first-alone", BatchIndex, "only the first loss counts", "add all losses up", item => item.Index == 0);
        foreach (var (lanes, word) in new[] { (4, "four"), (8, "eight") })
            yield return Lost($"tail-of-{lanes}-lost", OddInput, $"the losses behind the last whole vector of {word} are left out",
                "add a loop for those that remain", item => Vectors.Hold(item.Index, item.Of, lanes));
        yield return Reduced(op, "last-gradient-lost", Passes.InputGradient, OddInput,
            "the backward pass's loop over the losses ends one early", "let it run to the last",
            terms => terms with { Learns = item => item.Index < item.Of - 1 && terms.Learns(item) });
        yield return Reduced(op, "first-gradient-alone", Passes.InputGradient, BatchIndex,
            "only the first loss has a gradient", "let the backward pass's loop run over all losses",
            terms => terms with { Learns = item => item.Index == 0 && terms.Learns(item) });

        TermDefect<ReductionTerms> Lost(string name, MistakeClass kind, string mistake, string mend, Func<LossItem, bool> counts) =>
            Reduced(op, name, Both, kind, mistake, mend, terms => Only(terms, counts));

        static ReductionTerms Only(ReductionTerms terms, Func<LossItem, bool> counts) => terms with
        {
            Counts = item => counts(item) && terms.Counts(item),
            Learns = item => counts(item) && terms.Learns(item),
        };
    }

    /// <summary>Another reduction than the one that is asked for, and a mean by another number.</summary>
    private static IEnumerable<Defect> Reductions(string op) =>
    [
        Reduced(op, "always-a-sum", Both, Option,
            "the sum is taken, whatever the reduction",
            "read the reduction: mean, sum or none",
            terms => terms with { Reduction = _ => "sum", GradientReduction = _ => "sum" }),
        Reduced(op, "never-reduced", Passes.Forward, Option,
            "the losses are answered one by one, whatever the reduction",
            "read the reduction: mean, sum or none",
            terms => terms with { Reduction = _ => "none" }),
        Reduced(op, "none-is-a-sum", Both, Option,
            "the losses are added up where they were asked for one by one",
            "with reduction none answer each loss by itself",
            terms => terms with { Reduction = SumForNone, GradientReduction = SumForNone }),
        Reduced(op, "none-is-a-mean", Both, Option,
            "the mean is answered where the losses were asked for one by one",
            "with reduction none answer each loss by itself",
            terms => terms with { Reduction = MeanForNone, GradientReduction = MeanForNone }),
        Reduced(op, "mean-of-one-less", Both, Scale,
            "the mean is divided by one less than it should be, as a variance is",
            "divide by what counts in the batch",
            terms => terms with { Divisor = totals => totals.Shares - 1, GradientDivisor = totals => totals.Shares - 1 }),
    ];

    private static OperandDefect Targets(string op, string name, string mistake, Func<int, int, int> row) => new(
        $"{op}.{name}", Both, BatchIndex, mistake, "take input and target of one row", "target", (_, t) =>
        {
            var width = t.Length / Math.Max(1, t.Shape[0]);
            return new(t.Shape, [.. Enumerable.Range(0, t.Length).Select(flat => t[row(flat / width, t.Shape[0]) * width + flat % width])]);
        });

    public static TermDefect<ReductionTerms> Reduced(
        string op, string name, Passes passes, MistakeClass kind, string mistake, string mend, Func<ReductionTerms, ReductionTerms> change) =>
        new($"{op}.{name}", passes, kind, mistake, mend, change);

    private static string MeanForSum(string reduction) => reduction == "sum" ? "mean" : reduction;

    private static string MeanForNone(string reduction) => reduction == "none" ? "mean" : reduction;

    private static string SumForNone(string reduction) => reduction == "none" ? "sum" : reduction;
}
