using System.Numerics;
using Conformance.Cli.Statistics;
using NUnit.Framework;

namespace Conformance.Tests.Cli;

/// <summary>Against printed tables and exact arithmetic, not against a second copy of the same formula.</summary>
public class StatisticsTests
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
    public void The_t_quantile_is_that_of_the_table(int degrees, double expected) =>
        Assert.That(StudentT.Quantile(0.95, degrees), Is.EqualTo(expected).Within(1e-9));

    [Test]
    public void The_t_quantile_approaches_the_normal_one() =>
        Assert.That(StudentT.Quantile(0.95, 100_001), Is.EqualTo(1.959963985).Within(1e-4));

    [Test]
    public void The_confidence_interval_is_mean_plus_minus_t_s_over_root_n()
    {
        // Differences 1, 2, 3 points: mean 2, s 1, half width 4.30265/√3 = 2.48414.
        var interval = StudentT.Confidence95([0.01, 0.02, 0.03])!.Value;
        Assert.That(interval.Low, Is.EqualTo(-0.0048414).Within(1e-7));
        Assert.That(interval.High, Is.EqualTo(0.0448414).Within(1e-7));
    }

    [Test]
    public void Two_seeds_have_no_confidence_interval() => Assert.That(StudentT.Confidence95([0.01, 0.02]), Is.Null);

    [TestCase(0, 0, 1.0)]
    [TestCase(5, 5, 1.0)]
    [TestCase(1, 0, 1.0)]
    [TestCase(0, 5, 0.0625)] // 2/2⁵
    [TestCase(5, 0, 0.0625)]
    [TestCase(2, 8, 0.109375)] // 2·(1 + 10 + 45)/2¹⁰
    [TestCase(59, 121, 4.434e-06)] // 2·Σ_{k≤59} C(180,k)/2¹⁸⁰ in whole numbers
    public void McNemar_small_counts(int onlyFirst, int onlySecond, double expected) =>
        Assert.That(McNemar.ExactP(onlyFirst, onlySecond), Is.EqualTo(expected).Within(0.001 * expected));

    [TestCase(4900, 5100)]
    [TestCase(5000, 5000)]
    [TestCase(4999, 5001)]
    [TestCase(0, 1074)]
    [TestCase(300, 700)]
    public void McNemar_equals_exact_big_integer_arithmetic(int onlyFirst, int onlySecond)
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
    public void McNemar_counts_only_the_images_on_which_one_side_is_right()
    {
        bool[] first = [true, true, true, true, true, true, false, true];
        bool[] second = [false, false, false, false, false, true, false, true];
        Assert.That(McNemar.ExactP(first, second), Is.EqualTo(0.0625).Within(1e-12));
    }

    [Test]
    public void Shares_are_averaged_without_the_last_bit_error_of_binary_fractions()
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
    public void Standard_deviation_divides_by_n_minus_1()
    {
        Assert.That(Sample.StandardDeviation([2, 4, 4, 4, 5, 5, 7, 9]), Is.EqualTo(Math.Sqrt(32.0 / 7)).Within(1e-12));
        Assert.That(Sample.StandardDeviation([1]), Is.Null);
    }
}
