namespace Conformance.Cli.Shared.Statistics;

/// <summary>
/// The interval of a share that was counted, as an accuracy is, by Wilson (1927): unlike ±1.96·√(p(1−p)/n) it is right near 0 and 1, and never leaves
/// them.
/// </summary>
internal static class Wilson
{
    private const double Z = 1.9599639845400543; // P(|normal| ≤ z) = 95 %

    /// <param name="count">Images that are right.</param>
    /// <param name="of">All images, at least one.</param>
    /// <returns>Shares, 0–1.</returns>
    public static (double Low, double High) Confidence95(int count, int of)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(of, 1);
        double share = (double)count / of, square = Z * Z / of;
        double middle = (share + square / 2) / (1 + square), half = Z / (1 + square) * Math.Sqrt(share * (1 - share) / of + square / (4.0 * of));
        return (Math.Max(0, middle - half), Math.Min(1, middle + half));
    }

    /// <summary>How many images it takes to know a share to ± <paramref name="half"/>.</summary>
    public static long CountFor(double share, double half) => (long)Math.Ceiling(Z * Z * share * (1 - share) / (half * half));
}
