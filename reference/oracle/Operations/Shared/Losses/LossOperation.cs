namespace Conformance.Oracle.Operations;

/// <summary>
/// A loss with PyTorch's reductions. <c>none</c> keeps each loss (0 if it is ignored), <c>sum</c> adds them, <c>mean</c> divides the sum by the
/// weights of the losses that are not ignored, so that it is NaN if all are. Only <c>input</c> has a gradient; it is 0 for an ignored loss.
/// </summary>
public abstract class LossOperation : Operation
{
    protected static string Reduction(LayerCase layerCase) => layerCase.Attributes.Text("reduction");

    /// <summary>The losses before reduction, with a defect if there is one.</summary>
    protected abstract Losses Unreduced(LayerCase layerCase, Defect? defect);

    protected override LayerResult Answer(LayerCase layerCase, Defect? defect)
    {
        var (x, losses, terms) = (layerCase.Input("input"), Unreduced(layerCase, defect), Terms.Under(defect, ReductionTerms.Right));
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
                ["output"] = reduction == "none" ? new(losses.Shape, output)
                    : Tensor64.Scalar(terms.Whole(output.Aggregate(0.0, terms.Add) / divisor)),
            },
            new Dictionary<string, Tensor64> { ["input"] = new(x.Shape, dx) });
    }

    /// <summary>
    /// The tolerance of a reduced loss: with <c>none</c> u·(c·|r| + S) for each, otherwise u·((c + k)·|r| + Σ S / W). The losses have one sign,
    /// so the roundings of their sum are a multiple of the sum.
    /// </summary>
    /// <param name="each">c: four times the relative roundings of one loss, including product and quotient.</param>
    /// <param name="sum">k: the roundings of the sum over the batch.</param>
    /// <param name="sensitivity">S of each loss.</param>
    /// <param name="divisor">W, the mean's divisor; 1 with the other reductions.</param>
    protected static Tensor64 LossBound(LayerCase layerCase, Tensor64 output, double each, double sum, double[] sensitivity, double divisor)
    {
        var finite = output.Select(value => double.IsFinite(value) ? value : 0); // NaN is judged by its class alone
        sensitivity = Array.ConvertAll(sensitivity, s => double.IsFinite(s) ? s : 0);
        var reduced = divisor == 0 ? 0 : sensitivity.Sum() / divisor;
        return Reduction(layerCase) == "none"
            ? ErrorBound.NonLinear(finite, _ => each, i => sensitivity[i])
            : ErrorBound.NonLinear(finite, _ => each + sum, _ => reduced);
    }

    /// <summary>
    /// Whether a small integer divided by <paramref name="divisor"/> is exact in any arithmetic: the divisor is a power of two, or 0 (the mean is
    /// NaN).
    /// </summary>
    protected static bool DividesExactly(double divisor) => divisor == 0 || Math.ILogB(divisor) is var log && Math.ScaleB(1, log) == divisor;
}
