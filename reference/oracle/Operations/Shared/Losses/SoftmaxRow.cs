namespace Conformance.Oracle.Operations;

/// <summary>
/// The logarithm of the softmax of a row of logits: log p[c] = x[c] − logsumexp(x), with logsumexp(x) = m + log Σ exp(x[c] − m). m is the row's
/// largest logit, so no exponential overflows and at least one is 1. The sum is never 0.
/// </summary>
public sealed class SoftmaxRow
{
    private readonly double[] _logP;
    private readonly double[] _p;
    private readonly double[] _wanted;

    /// <param name="shift">m. A wrong m is visible where exponentials overflow or underflow.</param>
    /// <param name="wanted">q, the target's weight of each class.</param>
    public SoftmaxRow(ClassRow row, double shift, Func<ClassRow, int, double> wanted)
    {
        var classes = Enumerable.Range(0, row.Classes).ToArray();
        Row = row;
        LogSumExp = shift + Math.Log(classes.Sum(c => Math.Exp(row.X(c) - shift)));
        _logP = [.. classes.Select(c => row.X(c) - LogSumExp)];
        _p = [.. _logP.Select(Math.Exp)];
        _wanted = [.. classes.Select(c => wanted(row, c))];
        (Max, WantedInAll) = (row.Max, _wanted.Sum());
        LogSumExpOfP = Math.Log(_p.Sum(Math.Exp));
        MeanSlopeOfP = Sum(c => P(c) * SlopeOfP(c));
    }

    public ClassRow Row { get; }

    public double LogSumExp { get; }

    public double Max { get; }

    /// <summary>log p of the target.</summary>
    public double LogPOfTarget => _logP[Row.Target];

    public double LogP(int c) => _logP[c];

    public double P(int c) => _p[c];

    public double Wanted(int c) => _wanted[c];

    /// <summary>Σ q; 1 without weights.</summary>
    public double WantedInAll { get; }

    /// <summary>logsumexp(p), for engines that apply the softmax to the probabilities again.</summary>
    public double LogSumExpOfP { get; }

    /// <summary>Σ p[c]·<see cref="SlopeOfP"/>.</summary>
    public double MeanSlopeOfP { get; }

    /// <summary>The derivative of the cross entropy with respect to p[c], if the probabilities are used as logits.</summary>
    public double SlopeOfP(int c) => Math.Exp(P(c) - LogSumExpOfP) * WantedInAll - Wanted(c);

    /// <summary>Sums a term over the classes.</summary>
    public double Sum(Func<int, double> term) => Enumerable.Range(0, Row.Classes).Sum(term);

    /// <summary>
    /// S of log p[c], in units of u: the rounding of x, m and logsumexp, and the C exponentials, whose relative error is an absolute error of the
    /// logarithm.
    /// </summary>
    public double LogSensitivity(int c) => 8 * (Math.Abs(Row.X(c)) + Math.Abs(Max) + Math.Abs(LogSumExp)) + ErrorBound.Roundings(Row.Classes);

    /// <summary>
    /// Four times the relative error of p[c], in units of u. x − m is rounded, and so is log p if p is its exponential. exp turns both into
    /// relative errors, which grow with the distance from the maximum; at −∞ p is 0 and exact. The rest comes from the C terms of the sum.
    /// </summary>
    public double RelativeError(int c) => (double.IsNegativeInfinity(Row.X(c)) ? 0 : 8 * (Max - Row.X(c))) + Row.Classes + 16;

    /// <summary>
    /// Draws logits: ±4; <c>large</c>: ±1000; <c>mixed</c>: rows of ±1000, ±4 and ±1/256 in turn; <c>low</c>: −1000 ± 4; <c>flat</c>: zeros.
    /// <c>sure</c>, <c>hopeless</c>: the target's logit is 800 above or below the others (<c>g20</c>: 20).
    /// </summary>
    internal static Tensor64 Logits(Spelling spelling, Fill fill, Tensor64 target, int n, int classes)
    {
        var size = spelling.OneOf("", "large", "mixed", "low", "flat");
        var gap = spelling.OneOf("", "sure", "hopeless") switch { "sure" => 1, "hopeless" => -1, _ => 0 };
        if (gap != 0)
            gap *= spelling.Single('g', 800);
        var flat = -1;
        return fill.Uniform(1, n, classes).Select(number =>
        {
            var (row, c) = (++flat / classes, flat % classes);
            var (middle, scale) = size switch
            {
                "large" => (0, 1000.0),
                "mixed" => (0, row % 3 == 0 ? 1000 : row % 3 == 1 ? 4 : 1.0 / 256),
                "low" => (-1000, 4),
                "flat" => (0, 0),
                _ => (0, 4),
            };
            return (float)(middle + scale * number + (row < target.Length && c == (int)target[row] ? gap : 0));
        });
    }
}
