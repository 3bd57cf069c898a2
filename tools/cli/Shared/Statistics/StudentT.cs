namespace Conformance.Cli.Shared.Statistics;

/// <summary>Student's t distribution for a whole number of degrees of freedom.</summary>
internal static class StudentT
{
    /// <summary>
    /// The 95 % confidence interval of the mean of paired differences: mean ± t·s/√n with n − 1 degrees of freedom.
    /// Null under three pairs, which would give an interval too wide to say anything.
    /// </summary>
    public static (double Low, double High)? Confidence95(IReadOnlyList<double> differences)
    {
        if (differences.Count < 3)
            return null;
        var mean = Sample.MeanOfShares(differences);
        var half = Quantile(0.95, differences.Count - 1) * Sample.StandardDeviation(differences)!.Value / Math.Sqrt(differences.Count);
        return (mean - half, mean + half);
    }

    /// <summary>The t with P(|T| ≤ t) = <paramref name="central"/>, found by bisection to the last bit.</summary>
    public static double Quantile(double central, int degrees)
    {
        var (low, high) = (0.0, 1.0);
        while (CentralProbability(high, degrees) < central)
            (low, high) = (high, 2 * high);
        while (true)
        {
            var middle = low + ((high - low) / 2);
            if (middle <= low || middle >= high)
                return high;
            if (CentralProbability(middle, degrees) < central)
                low = middle;
            else
                high = middle;
        }
    }

    /// <summary>P(T > t) for t of at least 0.</summary>
    public static double Upper(double t, int degrees) => (1 - CentralProbability(t, degrees)) / 2;

    /// <summary>P(|T| ≤ t): the finite series of Abramowitz and Stegun, 26.7.3 (odd degrees) and 26.7.4 (even degrees).</summary>
    public static double CentralProbability(double t, int degrees)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(degrees, 1);
        var angle = Math.Atan(t / Math.Sqrt(degrees));
        var (sine, cosine) = Math.SinCos(angle);
        var odd = degrees % 2 == 1;

        // Each term is the one before times cos² and a quotient: 2/3, 4/5, … for odd degrees, 1/2, 3/4, … for even ones.
        var term = odd ? cosine : 1.0;
        var series = degrees == 1 ? 0.0 : term;
        for (var k = odd ? 3 : 2; k < degrees; k += 2)
        {
            term *= cosine * cosine * (k - 1) / k;
            series += term;
        }
        return odd ? 2 / Math.PI * (angle + (sine * series)) : sine * series;
    }
}
