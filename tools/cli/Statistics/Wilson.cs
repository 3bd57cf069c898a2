namespace Conformance.Cli.Statistics;

/// <summary>How well a share is known from a sample: Wilson's score interval (1927), which stays within 0 … 1 and has its say at 100 % too.</summary>
internal static class Wilson
{
    /// <summary>The 0.975 quantile of the standard normal distribution.</summary>
    private const double Z = 1.959963984540054;

    /// <summary>The shares, 0–1, that a sample in which <paramref name="hits"/> of <paramref name="count"/> are right does not contradict at 95 %.</summary>
    public static (double Low, double High) Interval95(int hits, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)hits, (uint)count, nameof(hits));
        double share = (double)hits / count, spread = Z * Z / count;
        var middle = (share + (spread / 2)) / (1 + spread);
        var half = Math.Sqrt((share * (1 - share) * spread) + (spread * spread / 4)) / (1 + spread);
        return (hits == 0 ? 0 : middle - half, hits == count ? 1 : middle + half);
    }

    /// <summary>How many images it takes to know a share to ± <paramref name="half"/>.</summary>
    public static long CountFor(double share, double half) => (long)Math.Ceiling(Z * Z * share * (1 - share) / (half * half));
}
