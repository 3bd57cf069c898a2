namespace Conformance.Oracle.Operations;

/// <summary>One loss before reduction: that of a row of classes, or of an element.</summary>
/// <param name="Target">The class of the row, if it has one.</param>
/// <param name="Weight">The weight of the target's class; 1 without weights.</param>
public readonly record struct LossItem(int Target, int IgnoreIndex, double Weight)
{
    /// <summary>PyTorch's default for the class to ignore.</summary>
    public const int DefaultIgnoreIndex = -100;

    public bool Ignored => Target == IgnoreIndex;

    /// <summary>The place of the loss in its batch.</summary>
    public int Index { get; init; }

    /// <summary>The number of losses in the batch.</summary>
    public int Of { get; init; }
}

/// <summary>
/// The quantities that the divisor of a mean may depend on: the sum of the shares, the number of losses, and the lengths of the input's first and
/// last axes.
/// </summary>
public readonly record struct LossTotals(double Shares, int Items, int Rows, int Classes);

/// <summary>The terms of a reduction of losses to the batch's loss and gradient, which a defect can replace.</summary>
/// <param name="Reduction">The reduction that is computed, from the one that is asked for.</param>
/// <param name="GradientReduction">The reduction that is computed for the gradient, from the one that is asked for.</param>
/// <param name="Counts">Whether a loss is counted.</param>
/// <param name="Learns">Whether a loss has a gradient.</param>
/// <param name="Share">The share of a loss in the divisor of the mean.</param>
/// <param name="Divisor">The divisor of the sum of the losses, with <c>mean</c>.</param>
/// <param name="GradientDivisor">The divisor of the gradient, with <c>mean</c>.</param>
/// <param name="Add">Adds the next loss to the sum so far.</param>
/// <param name="Whole">The batch's loss, from the quotient.</param>
/// <param name="Upstream">The factor of a loss's gradient, from its cotangent, with <c>none</c>.</param>
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

/// <summary>The losses of a batch and their derivatives, before reduction.</summary>
/// <param name="Shape">The shape of the losses: [N] for rows of classes, the input's own for elements.</param>
/// <param name="Gradient">The derivative, from the index of a loss and a position within its part of the input.</param>
public sealed record Losses(int[] Shape, Func<int, LossItem> Item, Func<int, double> Loss, Func<int, int, double> Gradient);
