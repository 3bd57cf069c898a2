using Conformance.Cli.Shared.Statistics;
using MathNet.Numerics.Statistics;

namespace Conformance.Tests.Cli.Shared;

/// <summary>The statistics of <c>compare</c> and <c>evaluate</c> against those of Math.NET, over more arguments than a table has.</summary>
internal sealed class StatisticsAgainstMathNet
{
    [Test]
    public void TheTDistribution() => Bulk.Check(
        from degrees in Enumerable.Range(1, 60)
        from t in new[] { 0.01, 0.5, 1, 2, 3.5, 8 }
        select (degrees, t),
        pair => $"{pair.degrees} degrees, t = {pair.t}",
        pair => Problem(
            StudentT.Upper(pair.t, pair.degrees), 1 - MathNet.Numerics.Distributions.StudentT.CDF(0, 1, pair.degrees, pair.t), within: 1e-12));

    [Test]
    public void TheTQuantile() => Bulk.Check(
        from degrees in Enumerable.Range(1, 60)
        from central in new[] { 0.5, 0.9, 0.95, 0.99 }
        select (degrees, central),
        pair => $"{pair.degrees} degrees, central {pair.central}",
        pair => MathNet.Numerics.Distributions.StudentT.InvCDF(0, 1, pair.degrees, 0.5 + pair.central / 2) is var expected
            ? Problem(StudentT.Quantile(pair.central, pair.degrees), expected, within: 1e-6 * expected) : null);

    [Test]
    public void McNemarsP() => Bulk.Check(
        from first in Enumerable.Range(0, 30)
        from second in Enumerable.Range(0, 30)
        where first + second > 0
        select (first, second),
        pair => $"{pair.first} and {pair.second}",
        pair => Problem(
            McNemar.ExactP(pair.first, pair.second),
            Math.Min(1, 2 * MathNet.Numerics.Distributions.Binomial.CDF(0.5, pair.first + pair.second, Math.Min(pair.first, pair.second))),
            within: 1e-12));

    [Test]
    public void MedianAndDeviation() => Bulk.Check(
        Enumerable.Range(2, 50),
        count => $"{count} values",
        count =>
        {
            var dice = new Random(count);
            var values = Enumerable.Range(0, count).Select(_ => dice.NextDouble()).ToArray();
            return Problem(Sample.Median(values), values.Median(), within: 1e-15)
                ?? Problem(Sample.StandardDeviation(values)!.Value, values.StandardDeviation(), within: 1e-14);
        });

    private static string? Problem(double actual, double expected, double within) =>
        Math.Abs(actual - expected) <= within ? null : $"expected {expected:R}, got {actual:R}";
}
