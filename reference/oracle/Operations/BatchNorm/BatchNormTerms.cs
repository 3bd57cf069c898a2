namespace Conformance.Oracle.Operations;

/// <summary>
/// The extents of a batch norm case: N images, C channels, the positions of a channel (H·W, L, or 1), and the length of the input's last axis.
/// </summary>
public readonly record struct BatchNormGeometry(int N, int C, int Positions, int Last)
{
    /// <summary>M: the number of values in a channel's statistics.</summary>
    public int Values => N * Positions;
}

/// <summary>The place of an element: its image, its channel, and its position within the channel.</summary>
public readonly record struct BatchNormElement(int N, int C, int Position, int Flat);

/// <summary>
/// The parts of one element's gradient, with h = γ·dy. The two means run over the elements that share its statistics; they are 0 if the statistics
/// are constants. M is the number of those elements.
/// </summary>
public readonly record struct BatchNormSlope(double H, double MeanH, double Normal, double MeanHNormal, double Deviation, int M)
{
    /// <summary>The variance of σ, without eps.</summary>
    public required double Variance { get; init; }
}

/// <summary>
/// The statistics that may normalise: those of the batch (of M values, the variance divided by M), the running ones, and the factor that blends them.
/// </summary>
public readonly record struct BatchNormMoments(
    bool Training, double Mean, double Variance, int M, int Positions, double RunningMean, double RunningVariance, double Factor);

/// <summary>The quantities from which an element's terms of dγ and dβ are computed.</summary>
public readonly record struct BatchNormShare(
    double Dy, double X, double Normal, double Y, double Deviation, double Gamma, BatchNormElement At, BatchNormGeometry Geometry)
{
    /// <summary>The variance of σ, without eps.</summary>
    public required double Variance { get; init; }
}

/// <summary>Batch norm in named terms, which a defect can replace.</summary>
/// <param name="Channel">The channel of an element.</param>
/// <param name="Group">The group of an element. Elements of one group share their statistics.</param>
/// <param name="Differentiates">From <c>training</c>: whether the gradient flows through the statistics.</param>
/// <param name="Variance">The variance of some values, divided by their number M.</param>
/// <param name="Normalising">The mean and the variance that normalise.</param>
/// <param name="Running">The variance for the running statistics, from the batch's variance.</param>
/// <param name="Deviation">σ, from a variance and eps.</param>
/// <param name="Affine">The γ and β of an element.</param>
/// <param name="PlainGamma">γ if the case has none.</param>
/// <param name="Output">y, from x̂, γ and β.</param>
/// <param name="Upstream">h, from dy and γ.</param>
/// <param name="Slope">dx.</param>
/// <param name="WeightTerm">The term of dγ that an element adds.</param>
/// <param name="BiasTerm">The term of dβ that an element adds.</param>
/// <param name="Updates">From <c>training</c>: whether the running statistics change.</param>
/// <param name="Factor">The weight of the batch's statistics, from the momentum (or none) and the number of earlier batches.</param>
/// <param name="BlendMean">The new running mean, from the old one, the batch's mean and that weight.</param>
/// <param name="BlendVariance">The new running variance, from the old one, the batch's variance and that weight.</param>
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
    /// <summary>The values of a group that enter its statistics.</summary>
    public Func<BatchNormGeometry, double[], double[]> Counted { get; init; } = (_, values) => values;

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

    /// <summary>The mean of (x − mean)². Nothing cancels, unlike in E[x²] − E[x]².</summary>
    private static double TwoPass(IReadOnlyList<double> values)
    {
        var mean = values.Average();
        return values.Average(value => (value - mean) * (value - mean));
    }
}
