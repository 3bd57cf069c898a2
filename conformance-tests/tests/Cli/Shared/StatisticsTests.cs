using System.Numerics;
using Conformance.Cli.Shared.Statistics;
using Conformance.Engine.Tensors;

namespace Conformance.Tests.Cli.Shared;

/// <summary>Against printed tables and exact arithmetic, not against a second copy of the same formula.</summary>
internal sealed class StatisticsTests
{
    // The column "0.05, two-tailed" of the usual table of critical values, to ten digits.
    [TestCase(1, 12.7062047362)]
    [TestCase(2, 4.3026527297)]
    [TestCase(3, 3.1824463053)]
    [TestCase(4, 2.7764451052)]
    [TestCase(5, 2.5705818356)]
    [TestCase(9, 2.2621571628)]
    [TestCase(10, 2.2281388520)]
    [TestCase(29, 2.0452296421)]
    [TestCase(30, 2.0422724563)]
    [TestCase(100, 1.9839715185)]
    public void TheTQuantileIsThatOfTheTable(int degrees, double expected) =>
        Assert.That(StudentT.Quantile(0.95, degrees), Is.EqualTo(expected).Within(1e-9));

    [Test]
    public void TheTQuantileApproachesTheNormalOne() =>
        Assert.That(StudentT.Quantile(0.95, 100_001), Is.EqualTo(1.959963985).Within(1e-4));

    [Test]
    public void TheConfidenceIntervalIsMeanPlusMinusTSOverRootN()
    {
        // Differences 1, 2, 3 points: mean 2, s 1, half width 4.30265/√3 = 2.48414.
        var interval = StudentT.Confidence95([0.01, 0.02, 0.03])!.Value;
        Assert.That(interval.Low, Is.EqualTo(-0.0048414).Within(1e-7));
        Assert.That(interval.High, Is.EqualTo(0.0448414).Within(1e-7));
    }

    // By hand with two degrees of freedom, where P(T > t) = (1 − t/√(2 + t²))/2. Differences 0, 0.1, 0.2 points: mean 0.1, error 0.1/√3;
    // t = 0.2/error = 3.4641 and 0.1/error = 1.7321.
    [Test]
    public void TwoOneSidedTestsByHand()
    {
        var equivalence = Equivalence.Test([0, 0.001, 0.002], 0.003)!;
        Assert.That(equivalence.EquivalentP, Is.EqualTo(0.0370900).Within(1e-7));
        Assert.That(equivalence.DifferentP, Is.EqualTo(0.2254033).Within(1e-7));
        Assert.That(equivalence.Finding, Is.EqualTo(Finding.Equivalent));
        Assert.That(Equivalence.Test([0, -0.001, -0.002], 0.003), Is.EqualTo(equivalence), "either way");
        Assert.That(Equivalence.Test([0.004, 0.005, 0.006], 0.003)!.EquivalentP, Is.EqualTo(1 - 0.0370900).Within(1e-7), "beyond the margin");
    }

    [TestCase(new[] { 0.001, 0.001, 0.001 }, Finding.Equivalent, TestName = "The same within the margin")]
    [TestCase(new[] { 0.003, 0.003, 0.003 }, Finding.Different, TestName = "The same at the margin")]
    [TestCase(new[] { 0.0, 0.0, 0.0 }, Finding.Equivalent, TestName = "Nothing")]
    [TestCase(new[] { 0.001, 0.0011, 0.0012 }, Finding.Equivalent, TestName = "Real and too small to matter")]
    [TestCase(new[] { 0.005, 0.0051, 0.0052 }, Finding.Different, TestName = "Real")]
    [TestCase(new[] { -0.004, 0.0, 0.005 }, Finding.NotShown, TestName = "Anything")]
    public void WhatDifferencesShow(double[] differences, Finding expected) =>
        Assert.That(Equivalence.Test(differences, 0.003)!.Finding, Is.EqualTo(expected));

    [Test]
    public void TwoSeedsShowNothing() => Assert.That(Equivalence.Test([0, 0], 0.003), Is.Null);

    /// <summary>
    /// A thousand comparisons of two engines. The difference of one seed was measured to deviate by 0.25 points after one epoch and 0.15 to 0.17 after
    /// two to four (the engine against itself with one bit nudged, twelve seeds).
    /// </summary>
    [Test]
    public void EqualEnginesAreHardlyEverCalledDifferent([Values(3, 4, 6, 10)] int seeds, [Values(0.05, 0.1, 0.15, 0.25)] double deviation) =>
        Assert.That(Share(Finding.Different, seeds, 0, deviation), Is.LessThanOrEqualTo(0.01));

    [Test]
    public void HalfAPointIsFoundWithTenSeeds([Values(0.1, 0.15, 0.2, 0.25)] double deviation) =>
        Assert.That(Share(Finding.Different, 10, 0.5, deviation), Is.GreaterThanOrEqualTo(0.9));

    /// <summary>Four are the default, for the sake of time.</summary>
    [TestCase(4, 0.65)]
    [TestCase(6, 0.9)]
    [TestCase(10, 0.99)]
    public void EqualEnginesAreShownToBeEquivalentTheMoreOftenTheMoreSeeds(int seeds, double least) =>
        Assert.That(Share(Finding.Equivalent, seeds, 0, 0.17), Is.GreaterThanOrEqualTo(least));

    /// <summary>Two engines at the margin are equivalent to one in twenty: that is what the test's level means.</summary>
    [Test]
    public void EnginesAtTheMarginAreSeldomCalledEquivalent([Values(3, 6, 10)] int seeds) =>
        Assert.That(Share(Finding.Equivalent, seeds, 0.3, 0.15), Is.InRange(0.03, 0.07));

    /// <summary>
    /// How often a thousand comparisons find that, in which the differences are normal, in points, and accuracies are counts of 10,000 images.
    /// </summary>
    private static double Share(Finding finding, int seeds, double mean, double deviation)
    {
        const int Comparisons = 1000;
        var dice = new SplitMix64(16);
        int found = Enumerable.Range(0, Comparisons).Count(_ => Equivalence.Test(Differences(), 0.003)!.Finding == finding);
        return (double)found / Comparisons;

        double[] Differences() => [.. Enumerable.Range(0, seeds).Select(_ => Math.Round(100 * (mean + (deviation * dice.Normal()))) / 10_000)];
    }

    [Test]
    public void TwoSeedsHaveNoConfidenceInterval() => Assert.That(StudentT.Confidence95([0.01, 0.02]), Is.Null);

    [TestCase(0, 0, 1.0)]
    [TestCase(5, 5, 1.0)]
    [TestCase(1, 0, 1.0)]
    [TestCase(0, 5, 0.0625)] // 2/2⁵
    [TestCase(5, 0, 0.0625)]
    [TestCase(2, 8, 0.109375)] // 2·(1 + 10 + 45)/2¹⁰
    [TestCase(59, 121, 4.434e-06)] // 2·Σ_{k≤59} C(180,k)/2¹⁸⁰ in whole numbers
    public void McNemarSmallCounts(int onlyFirst, int onlySecond, double expected) =>
        Assert.That(McNemar.ExactP(onlyFirst, onlySecond), Is.EqualTo(expected).Within(0.001 * expected));

    [TestCase(4900, 5100)]
    [TestCase(5000, 5000)]
    [TestCase(4999, 5001)]
    [TestCase(0, 1074)]
    [TestCase(300, 700)]
    public void McNemarEqualsExactBigIntegerArithmetic(int onlyFirst, int onlySecond)
    {
        var (n, m) = (onlyFirst + onlySecond, Math.Min(onlyFirst, onlySecond));
        BigInteger binomial = 1, sum = 1;
        for (var k = 1; k <= m; k++)
        {
            binomial = binomial * (n - k + 1) / k;
            sum += binomial;
        }
        // 2·sum/2ⁿ, scaled so that the quotient keeps 60 bits.
        var shift = n - 1;
        var excess = (int)sum.GetBitLength() - 60;
        var expected = Math.Min(1, Math.ScaleB((double)(excess > 0 ? sum >> excess : sum), Math.Max(excess, 0) - shift));

        Assert.That(McNemar.ExactP(onlyFirst, onlySecond), Is.EqualTo(expected).Within(1e-9 * expected));
    }

    [Test]
    public void McNemarCountsOnlyTheImagesOnWhichOneSideIsRight()
    {
        bool[] first = [true, true, true, true, true, true, false, true];
        bool[] second = [false, false, false, false, false, true, false, true];
        Assert.That(McNemar.ExactP(first, second), Is.EqualTo(0.0625).Within(1e-12));
    }

    [Test]
    public void SharesAreAveragedWithoutTheLastBitErrorOfBinaryFractions()
    {
        Assert.That(0.98 - 0.97, Is.Not.EqualTo(0.01), "the trap that this is for");
        Assert.That(Sample.Difference(0.98, 0.97), Is.EqualTo(0.01));
        Assert.That(Sample.MeanOfShares([0.965, 0.965, 0.965]), Is.EqualTo(0.965));
    }

    [TestCase(new[] { 3.0 }, 3.0)]
    [TestCase(new[] { 3.0, 1.0, 2.0 }, 2.0)]
    [TestCase(new[] { 4.0, 1.0, 2.0, 3.0 }, 2.5)]
    public void Median(double[] values, double expected) => Assert.That(Sample.Median(values), Is.EqualTo(expected));

    [Test]
    public void StandardDeviationDividesByNMinus1()
    {
        Assert.That(Sample.StandardDeviation([2, 4, 4, 4, 5, 5, 7, 9]), Is.EqualTo(Math.Sqrt(32.0 / 7)).Within(1e-12));
        Assert.That(Sample.StandardDeviation([1]), Is.Null);
    }
}
