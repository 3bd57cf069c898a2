using static Conformance.Oracle.MistakeClass;

namespace Conformance.Oracle.Operations;

/// <summary>One loss before the batch is reduced: that of a row of classes, or of an element.</summary>
/// <param name="Target">Its class, where it has one.</param>
/// <param name="Weight">What its target's class weighs; 1 where there are no weights.</param>
public readonly record struct LossItem(int Target, int IgnoreIndex, double Weight)
{
    /// <summary>The class that PyTorch ignores when nobody names another.</summary>
    public const int DefaultIgnoreIndex = -100;

    public bool Ignored => Target == IgnoreIndex;
}

/// <summary>What the divisor of a mean may depend on: the sum of the shares, how many losses there are, and the lengths of the input's first and last axes.</summary>
public readonly record struct LossTotals(double Shares, int Items, int Rows, int Classes);

/// <summary>How losses become the batch's loss and gradient, in terms that a defect can replace.</summary>
/// <param name="Reduction">From the reduction that is asked for to the one that is done.</param>
/// <param name="GradientReduction">The same for the gradient.</param>
/// <param name="Counts">Whether a loss is counted at all.</param>
/// <param name="Learns">Whether it has a gradient.</param>
/// <param name="Share">What it adds to the divisor of the mean.</param>
/// <param name="Divisor">What the sum of the losses is divided by, with <c>mean</c>.</param>
/// <param name="GradientDivisor">The same for the gradient.</param>
/// <param name="Add">The sum so far and the next loss.</param>
/// <param name="Whole">The batch's loss, from the quotient.</param>
/// <param name="Upstream">What a loss's gradient is multiplied by, from its cotangent, with <c>none</c>.</param>
public sealed record ReductionTerms(
    Func<string, string> Reduction, Func<string, string> GradientReduction,
    Func<LossItem, bool> Counts, Func<LossItem, bool> Learns, Func<LossItem, double> Share,
    Func<LossTotals, double> Divisor, Func<LossTotals, double> GradientDivisor, Func<double, double, double> Add, Func<double, double> Whole,
    Func<double, double> Upstream)
{
    public static ReductionTerms Right { get; } = new(
        reduction => reduction, reduction => reduction, item => !item.Ignored, item => !item.Ignored, item => item.Ignored ? 0 : item.Weight,
        totals => totals.Shares, totals => totals.Shares, (sum, loss) => sum + loss, loss => loss,
        cotangent => cotangent);
}

/// <summary>The losses of a batch and their derivatives, before they are reduced.</summary>
/// <param name="Shape">Of the losses: [N] for rows of classes, the input's own for elements.</param>
/// <param name="Gradient">From a loss and a position within its part of the input.</param>
public sealed record Losses(int[] Shape, Func<int, LossItem> Item, Func<int, double> Loss, Func<int, int, double> Gradient);

/// <summary>
/// A loss as PyTorch reduces it: <c>none</c> keeps each (0 where it is ignored), <c>sum</c> adds them, <c>mean</c> divides the sum by the weights of those
/// that count, so that it is NaN where none does. Only <c>input</c> has a gradient; where a loss is ignored it is 0.
/// </summary>
public abstract class LossOperation : Operation
{
    protected static string Reduction(LayerCase layerCase) => layerCase.Attributes.Text("reduction");

    /// <summary>The losses; with a defect of one of them, the wrong ones.</summary>
    protected abstract Losses Unreduced(LayerCase layerCase, Defect? defect);

    protected override LayerResult Answer(LayerCase layerCase, Defect? defect)
    {
        var (x, losses, terms) = (layerCase.Input("input"), Unreduced(layerCase, defect), Terms.Of(defect, ReductionTerms.Right));
        var (reduction, gradientReduction) = (terms.Reduction(Reduction(layerCase)), terms.GradientReduction(Reduction(layerCase)));
        var values = Tensor64.Zeros(losses.Shape);
        var items = Enumerable.Range(0, values.Length).Select(losses.Item).ToArray();
        var totals = new LossTotals(items.Sum(terms.Share), items.Length, x.Shape[0], x.Shape[^1]);
        var divisor = reduction == "mean" ? terms.Divisor(totals) : 1;
        var gradientDivisor = gradientReduction == "mean" ? terms.GradientDivisor(totals) : 1;

        var (width, output, dx) = (x.Length / Math.Max(1, items.Length), new double[items.Length], new double[x.Length]);
        for (var i = 0; i < items.Length; i++)
        {
            if (terms.Counts(items[i]))
                output[i] = losses.Loss(i);
            var upstream = gradientReduction == "none" ? terms.Upstream(layerCase.Cotangents["output"][i]) : 1;
            for (var c = 0; c < width && terms.Learns(items[i]); c++)
                dx[i * width + c] = upstream * losses.Gradient(i, c) / gradientDivisor;
        }
        return new(
            new Dictionary<string, Tensor64>
            {
                ["output"] = reduction == "none" ? new(losses.Shape, output) : Tensor64.Scalar(terms.Whole(output.Aggregate(0.0, terms.Add) / divisor)),
            },
            new Dictionary<string, Tensor64> { ["input"] = new(x.Shape, dx) });
    }

    /// <summary>
    /// The tolerance of a reduced loss: with <c>none</c> u·(c·|r| + S) for each, else u·((c + k)·|r| + Σ S / W), where the losses have one sign, so that the roundings
    /// of their sum are a multiple of itself.
    /// </summary>
    /// <param name="each">c: four times the roundings of a loss that multiply it, product and quotient among them.</param>
    /// <param name="sum">k: the roundings of the sum over the batch.</param>
    /// <param name="sensitivity">S of each loss.</param>
    /// <param name="divisor">W, the mean's divisor; 1 with the other reductions.</param>
    protected static Tensor64 LossBound(LayerCase layerCase, Tensor64 output, double each, double sum, double[] sensitivity, double divisor)
    {
        var finite = output.Select(value => double.IsFinite(value) ? value : 0); // NaN is judged by its class alone
        var reduced = divisor == 0 ? 0 : sensitivity.Sum() / divisor;
        return Reduction(layerCase) == "none"
            ? ErrorBound.NonLinear(finite, _ => each, i => sensitivity[i])
            : ErrorBound.NonLinear(finite, _ => each + sum, _ => reduced);
    }

    /// <summary>Whether a small integer divided by <paramref name="divisor"/> is exact in any arithmetic: a power of two. So is NaN, over nothing.</summary>
    protected static bool DividesExactly(double divisor) => divisor == 0 || Math.ILogB(divisor) is var log && Math.ScaleB(1, log) == divisor;

    /// <summary>The mistakes that every reduction invites.</summary>
    protected static IEnumerable<Defect> ReductionDefects(string op) =>
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
        Reduced(op, "loss-sign", Passes.Forward, Formula,
            "the batch's loss has the wrong sign",
            "reduce the losses as they are",
            terms => terms with { Whole = loss => -loss }),
    ];

    private static string MeanForSum(string reduction) => reduction == "sum" ? "mean" : reduction;

    protected static TermDefect<ReductionTerms> Reduced(
        string op, string name, Passes passes, MistakeClass kind, string mistake, string mend, Func<ReductionTerms, ReductionTerms> change) =>
        new($"{op}.{name}", passes, kind, mistake, mend, change);
}
