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

/// <summary>
/// What the divisor of a mean may depend on: the sum of the shares, how many losses there are, and the lengths of the input's first and last axes.
/// </summary>
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
