namespace Conformance.Oracle.Operations;

/// <summary>The extents of a batch norm case: N images, C channels of so many positions (H·W, L, or 1), and the length of the input's last axis.</summary>
public readonly record struct BatchNormGeometry(int N, int C, int Positions, int Last)
{
    /// <summary>M: how many values a channel's statistics are taken over.</summary>
    public int Values => N * Positions;
}

/// <summary>Where an element lies: its image, its channel, and its position within the channel.</summary>
public readonly record struct BatchNormElement(int N, int C, int Position, int Flat);

/// <summary>
/// What the gradient of one element is made of, with h = γ·dy. The two means are over the elements that share its statistics; they are 0 where the
/// statistics are constants.
/// </summary>
public readonly record struct BatchNormSlope(double H, double MeanH, double Normal, double MeanHNormal, double Deviation);

/// <summary>Batch norm in named terms.</summary>
/// <param name="Group">Elements with the same number share their statistics.</param>
/// <param name="UsesBatch">From <c>training</c>: whether the batch's own statistics normalise, or the running ones.</param>
/// <param name="Differentiates">From <c>training</c>: whether the gradient goes through the statistics.</param>
/// <param name="Variance">Of some values, divided by their number M.</param>
/// <param name="Normalising">From that variance and M to the one that normalises.</param>
/// <param name="Running">From that variance and M to the one that is kept.</param>
/// <param name="Deviation">σ, from a variance and eps.</param>
/// <param name="Affine">Which γ and β an element takes.</param>
/// <param name="Output">y, from x̂, γ and β.</param>
/// <param name="Upstream">h, from dy and γ.</param>
/// <param name="Slope">dx.</param>
/// <param name="WeightTerm">What an element adds to dγ, from dy, x̂ and M.</param>
/// <param name="BiasTerm">What an element adds to dβ, from dy and M.</param>
/// <param name="Updates">From <c>training</c>: whether the running statistics change.</param>
/// <param name="Factor">The weight of the batch's statistics, from momentum (or none) and the batches seen before.</param>
/// <param name="Blend">The new running statistic, from the old one, the batch's and that weight.</param>
public sealed record BatchNormTerms(
    Func<BatchNormGeometry, BatchNormElement, int> Group,
    Func<bool, bool> UsesBatch,
    Func<bool, bool> Differentiates,
    Func<IReadOnlyList<double>, double> Variance,
    Func<double, int, double> Normalising,
    Func<double, int, double> Running,
    Func<double, double, double> Deviation,
    Func<BatchNormGeometry, BatchNormElement, int> Affine,
    Func<double, double, double, double> Output,
    Func<double, double, double> Upstream,
    Func<BatchNormSlope, double> Slope,
    Func<double, double, int, double> WeightTerm,
    Func<double, int, double> BiasTerm,
    Func<bool, bool> Updates,
    Func<double?, double, double> Factor,
    Func<double, double, double, double> Blend)
{
    public static BatchNormTerms Right { get; } = new(
        Group: (_, at) => at.C,
        UsesBatch: training => training,
        Differentiates: training => training,
        Variance: TwoPass,
        Normalising: (variance, _) => variance,
        Running: (variance, m) => variance * m / (m - 1),
        Deviation: (variance, eps) => Math.Sqrt(variance + eps),
        Affine: (_, at) => at.C,
        Output: (normal, gamma, beta) => normal * gamma + beta,
        Upstream: (dy, gamma) => dy * gamma,
        Slope: s => (s.H - s.MeanH - s.Normal * s.MeanHNormal) / s.Deviation,
        WeightTerm: (dy, normal, _) => dy * normal,
        BiasTerm: (dy, _) => dy,
        Updates: training => training,
        Factor: (momentum, batches) => momentum ?? 1 / (batches + 1),
        Blend: (old, batch, factor) => (1 - factor) * old + factor * batch);

    /// <summary>The mean of (x − mean)²: nothing cancels, unlike in E[x²] − E[x]².</summary>
    private static double TwoPass(IReadOnlyList<double> values)
    {
        var mean = values.Average();
        return values.Average(value => (value - mean) * (value - mean));
    }
}
