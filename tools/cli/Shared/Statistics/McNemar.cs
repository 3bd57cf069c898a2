namespace Conformance.Cli.Shared.Statistics;

/// <summary>McNemar's exact test: do two classifiers err on the same images equally often?</summary>
internal static class McNemar
{
    /// <summary>The two-sided p-value of two classifiers judged on the same images, in the same order.</summary>
    /// <param name="first">For each image whether the first was right.</param>
    /// <param name="second">For each image whether the second was right.</param>
    public static double ExactP(ReadOnlySpan<bool> first, ReadOnlySpan<bool> second)
    {
        if (first.Length != second.Length)
            throw new ArgumentException($"McNemar: expected as many images on both sides, got {first.Length} and {second.Length}");
        var (onlyFirst, onlySecond) = (0, 0);
        for (var i = 0; i < first.Length; i++)
        {
            if (first[i] && !second[i])
                onlyFirst++;
            if (second[i] && !first[i])
                onlySecond++;
        }
        return ExactP(onlyFirst, onlySecond);
    }

    /// <summary>
    /// Under the null hypothesis each of the n images on which exactly one is right is a fair coin:
    /// p = min(1, 2·Σ_{k ≤ m} C(n,k)/2ⁿ) with m the smaller count.
    /// </summary>
    public static double ExactP(int onlyFirst, int onlySecond)
    {
        var n = onlyFirst + onlySecond;
        var m = Math.Min(onlyFirst, onlySecond);

        // C(n,m)/2ⁿ overflows and underflows on the way, so its logarithm is built up; the other terms follow as quotients of it.
        var logLargest = -n * Math.Log(2);
        for (var k = 1; k <= m; k++)
            logLargest += Math.Log((double)(n - k + 1) / k);
        var (term, sum) = (1.0, 1.0);
        for (var k = m; k > 0; k--)
        {
            term *= (double)k / (n - k + 1);
            sum += term;
        }
        return Math.Min(1, 2 * Math.Exp(logLargest) * sum);
    }
}
