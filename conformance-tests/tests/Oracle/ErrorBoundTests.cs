using Conformance.Oracle;

namespace Conformance.Tests.Oracle;

/// <summary>The formulas of the tolerance, number by number; <see cref="ToleranceTests"/> proves that they are right.</summary>
internal sealed class ErrorBoundTests
{
    private const double U = 5.9604644775390625e-8; // 2⁻²⁴

    [Test]
    public void TheConstantsAreThoseOfFloat32() => Assert.Multiple(() =>
    {
        Assert.That(ErrorBound.U, Is.EqualTo(U));
        Assert.That(ErrorBound.Budget, Is.EqualTo(16_777_216));
        Assert.That((float)ErrorBound.SmallestNormal, Is.EqualTo(BitConverter.Int32BitsToSingle(0x00800000)));
    });

    [Test]
    public void AScalarHoldsForAllElementsAndWhatIsNotThereIsExact()
    {
        var bound = new ErrorBound(new Dictionary<string, Tensor64> { ["one"] = Tensor64.Scalar(3), ["each"] = Vector(4, 5) });
        Assert.That(
            new[] { bound.At("one", 0), bound.At("one", 7), bound.At("each", 0), bound.At("each", 1), bound.At("none", 0) },
            Is.EqualTo(new double[] { 3, 3, 4, 5, 0 }));
    }

    /// <summary>K + 2 up to 19 terms, 4√K + 4 from 20 on.</summary>
    [TestCase(1, 3, true)]
    [TestCase(9, 11, true)]
    [TestCase(19, 21, true)]
    [TestCase(20, 21.888543819998318, false)]
    [TestCase(100, 44, false)]
    public void RoundingsGrowLikeTheRootOfManyTerms(double terms, double roundings, bool worstCase)
    {
        Assert.That(ErrorBound.Roundings(terms), Is.EqualTo(roundings));
        Assert.That(ErrorBound.IsWorstCase(terms), Is.EqualTo(worstCase));
    }

    [TestCase(false, 7.0, 1.0, ExpectedResult = U * 7 * 3 + ErrorBound.SmallestNormal)]
    [TestCase(true, 7.0, 1.0, ExpectedResult = 0)]
    [TestCase(true, 7.0, 2.0, ExpectedResult = U * 7 * 4 + 2 * ErrorBound.SmallestNormal)]
    [TestCase(false, 1e-30, 3.0, ExpectedResult = U * 1e-30 * 5 + 3 * ErrorBound.SmallestNormal)]
    [TestCase(false, 0.0, 3.0, ExpectedResult = 0)]
    [TestCase(false, double.PositiveInfinity, 3.0, ExpectedResult = 0)]
    [TestCase(false, double.NaN, 3.0, ExpectedResult = 0)]
    public double ASumOfProductsHasRoundingsAndUnderflows(bool picked, double magnitude, double terms) =>
        ErrorBound.Accumulated(Vector(2, magnitude), Vector(3, terms), picked)[1];

    [Test]
    public void TheSpreadIsInUnitsOfTheRootOfTheTerms()
    {
        var spread = ErrorBound.SpreadOf(Vector(1e-31, 2, 0, 2, 2, 2, 2, 2, 2), Vector(4, 9, 9, 9, 9, 9, 9, 9, 9));
        Assert.Multiple(() =>
        {
            Assert.That(spread.Limits, Is.EqualTo(new[] { 1.0 }));
            Assert.That(spread.Unit[0], Is.EqualTo(U * 1e-31 * 2 + 4 * ErrorBound.SmallestNormal).Within(1e-12).Percent);
            Assert.That(spread.Unit[1], Is.EqualTo(U * 2 * 3 + 9 * ErrorBound.SmallestNormal));
            Assert.That(spread.Unit[2], Is.Zero);
        });
    }

    [TestCase(7, ExpectedResult = false)]
    [TestCase(8, ExpectedResult = true)]
    public bool ItTakesEightSums(int sums)
    {
        var spread = ErrorBound.SpreadOf(Vector([0, .. Enumerable.Repeat(1.0, sums)]), Vector([.. Enumerable.Repeat(1.0, sums + 1)]));
        return spread.Unit[1] > 0;
    }

    [TestCase(2.0, ExpectedResult = U * (3 * 2 + 5) + ErrorBound.SmallestNormal)]
    [TestCase(-2.0, ExpectedResult = U * (3 * 2 + 5) + ErrorBound.SmallestNormal)]
    [TestCase(double.NegativeInfinity, ExpectedResult = 0)]
    [TestCase(double.NaN, ExpectedResult = 0)]
    public double ANonLinearResultHasItsFactorAndItsSensitivity(double result) => ErrorBound.NonLinear(Vector(9, result), i => 2 + i, i => 4 + i)[1];

    [Test]
    public void WhatUnderflowsMayBeOffByTheSmallestNormal() =>
        Assert.That(
            ErrorBound.NonLinear(Vector(1e-32), _ => 1, _ => 1e-32)[0],
            Is.EqualTo(U * 2e-32 + ErrorBound.SmallestNormal).Within(1e-12).Percent);

    [Test]
    public void BoundsHaveTheShapeOfTheResult()
    {
        var tensor = Tensor64.Zeros(2, 3);
        Assert.That(
            new[]
            {
                ErrorBound.Accumulated(tensor, tensor, false),
                ErrorBound.SpreadOf(tensor, tensor).Unit,
                ErrorBound.NonLinear(tensor, _ => 1, _ => 1),
            }.Select(bound => bound.ToString()),
            Is.All.EqualTo("[2,3]"));
    }

    private static Tensor64 Vector(params double[] values) => new([values.Length], values);
}
