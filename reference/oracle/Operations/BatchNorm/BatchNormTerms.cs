namespace Conformance.Oracle.Operations;

/// <summary>
/// The extents of a batch norm case: N images, C channels of so many positions (H·W, L, or 1), and the length of the input's last axis.
/// </summary>
public readonly record struct BatchNormGeometry(int N, int C, int Positions, int Last)
{
    /// <summary>M: how many values a channel's statistics are taken over.</summary>
    public int Values => N * Positions;
}

/// <summary>Where an element lies: its image, its channel, and its position within the channel.</summary>
public readonly record struct BatchNormElement(int N, int C, int Position, int Flat);

/// <summary>
/// What the gradient of one element is made of, with h = γ·dy. The two means are over the elements that share its statistics; they are 0 where the
/// statistics are constants, and M is how many those elements are.
/// </summary>
public readonly record struct BatchNormSlope(double H, double MeanH, double Normal, double MeanHNormal, double Deviation, int M);

/// <summary>
/// What normalises may be made of: the statistics of the batch (of M values, the variance divided by M), the running ones, and the factor that blends
/// them.
/// </summary>
public readonly record struct BatchNormMoments(
    bool Training, double Mean, double Variance, int M, int Positions, double RunningMean, double RunningVariance, double Factor);

/// <summary>What an element may add to dγ and dβ.</summary>
public readonly record struct BatchNormShare(
    double Dy, double X, double Normal, double Y, double Deviation, double Gamma, BatchNormElement At, BatchNormGeometry Geometry);

/// <summary>Batch norm in named terms.</summary>
/// <param name="Channel">Which channel an element is in.</param>
/// <param name="Group">Elements with the same number share their statistics.</param>
/// <param name="Differentiates">From <c>training</c>: whether the gradient goes through the statistics.</param>
/// <param name="Variance">Of some values, divided by their number M.</param>
/// <param name="Normalising">The mean and the variance that normalise.</param>
/// <param name="Running">From the batch's variance to the one that is kept.</param>
/// <param name="Deviation">σ, from a variance and eps.</param>
/// <param name="Affine">Which γ and β an element takes.</param>
/// <param name="PlainGamma">γ where the case has none.</param>
/// <param name="Output">y, from x̂, γ and β.</param>
/// <param name="Upstream">h, from dy and γ.</param>
/// <param name="Slope">dx.</param>
/// <param name="WeightTerm">What an element adds to dγ.</param>
/// <param name="BiasTerm">What an element adds to dβ.</param>
/// <param name="Updates">From <c>training</c>: whether the running statistics change.</param>
/// <param name="Factor">The weight of the batch's statistics, from momentum (or none) and the batches seen before.</param>
/// <param name="BlendMean">The new running mean, from the old one, the batch's and that weight.</param>
/// <param name="BlendVariance">The same for the running variance.</param>
public sealed record BatchNormTerms(
    Func<BatchNormGeometry, BatchNormElement, int> Channel,
    Func<BatchNormGeometry, BatchNormElement, int> Group,
    Func<bool, bool> Differentiates,
    Func<IReadOnlyList<double>, double> Variance,
    Func<BatchNormMoments, (double Mean, double Variance)> Normalising,
    Func<double, BatchNormGeometry, double> Running,
    Func<double, double, double> Deviation,
    Func<BatchNormGeometry, BatchNormElement, int> Affine,
    double PlainGamma,
    Func<double, double, double, double> Output,
    Func<double, double, double> Upstream,
    Func<BatchNormSlope, double> Slope,
    Func<BatchNormShare, double> WeightTerm,
    Func<BatchNormShare, double> BiasTerm,
    Func<bool, bool> Updates,
    Func<double?, double, double> Factor,
    Func<double, double, double, double> BlendMean,
    Func<double, double, double, double> BlendVariance)
{
    public static BatchNormTerms Right { get; } = new(
        Channel: (_, at) => at.C,
        Group: (_, at) => at.C,
        Differentiates: training => training,
        Variance: TwoPass,
        Normalising: of => of.Training ? (of.Mean, of.Variance) : (of.RunningMean, of.RunningVariance),
        Running: (variance, g) => variance * g.Values / (g.Values - 1),
        Deviation: (variance, eps) => Math.Sqrt(variance + eps),
        Affine: (_, at) => at.C,
        PlainGamma: 1,
        Output: (normal, gamma, beta) => normal * gamma + beta,
        Upstream: (dy, gamma) => dy * gamma,
        Slope: s => (s.H - s.MeanH - s.Normal * s.MeanHNormal) / s.Deviation,
        WeightTerm: of => of.Dy * of.Normal,
        BiasTerm: of => of.Dy,
        Updates: training => training,
        Factor: (momentum, batches) => momentum ?? 1 / (batches + 1),
        BlendMean: Blend,
        BlendVariance: Blend);

    private static double Blend(double old, double batch, double factor) => (1 - factor) * old + factor * batch;

    /// <summary>The mean of (x − mean)²: nothing cancels, unlike in E[x²] − E[x]².</summary>
    private static double TwoPass(IReadOnlyList<double> values)
    {
        var mean = values.Average();
        return values.Average(value => (value - mean) * (value - mean));
    }
}
