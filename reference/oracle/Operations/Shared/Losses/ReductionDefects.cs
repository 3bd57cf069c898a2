using static Conformance.Oracle.MistakeClass;

namespace Conformance.Oracle.Operations;

/// <summary>Known mistakes in the reduction of a batch's losses to one loss and one gradient.</summary>
internal static class ReductionDefects
{
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
    ];

    public static TermDefect<ReductionTerms> Reduced(
        string op, string name, Passes passes, MistakeClass kind, string mistake, string mend, Func<ReductionTerms, ReductionTerms> change) =>
        new($"{op}.{name}", passes, kind, mistake, mend, change);

    private static string MeanForSum(string reduction) => reduction == "sum" ? "mean" : reduction;
}
