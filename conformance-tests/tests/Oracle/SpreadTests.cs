using Conformance.Oracle;

namespace Conformance.Tests.Oracle;

/// <summary>The second test of a tensor: the root mean square of its errors.</summary>
internal sealed class SpreadTests
{
    [Test]
    public void EachErrorIsInItsOwnUnit()
    {
        var spread = new Spread(Vector(1, 2, 4), [10]);
        Assert.That(spread.Rms(Vector(1, 1, 1), Vector(2, 5, -11)), Is.EqualTo(Math.Sqrt((1 + 4 + 9) / 3.0)));
    }

    [Test]
    public void OneUnitHoldsForAll() => Assert.That(new Spread(Tensor64.Scalar(2), [10]).Rms(Vector(0, 0), Vector(2, 14)), Is.EqualTo(5));

    /// <summary>No unit, or no finite number to be near to.</summary>
    [Test]
    public void ElementsThatRoundNothingAreLeftOut() =>
        Assert.That(
            new Spread(Vector(0, 1, 1, 1), [10]).Rms(Vector(0, double.PositiveInfinity, double.NaN, 0), Vector(9, double.PositiveInfinity, 1, 3)),
            Is.EqualTo(3));

    [Test]
    public void NothingLeftIsNoError() => Assert.That(new Spread(Vector(0), [0]).Problem(Vector(1), Vector(2)), Is.Null);

    [TestCase(3.0, ExpectedResult = null)]
    [TestCase(3.5, ExpectedResult = "the errors line up: their root mean square is 3.5 where 3 is allowed")]
    [TestCase(double.NaN, ExpectedResult = "the errors line up: their root mean square is NaN where 3 is allowed")]
    public string? ALimitIsAllowedAndNothingBeyond(double error) => new Spread(Vector(1), [3]).Problem(Vector(0), Vector(error));

    [Test]
    public void EachStepHasItsLimit()
    {
        var spread = new Spread(Tensor64.Scalar(1), [1, 2, 3]);
        var zeros = Tensor64.Zeros(6);
        Assert.Multiple(() =>
        {
            Assert.That(spread.Problem(zeros, Vector(1, 1, 2, 2, 3, 3)), Is.Null);
            Assert.That(
                spread.Problem(zeros, Vector(1.5, 1.5, 0, 0, 0, 0)),
                Is.EqualTo("the errors line up: their root mean square is 1.5 where 1 is allowed, at step 0"));
            Assert.That(
                spread.Problem(zeros, Vector(1, 1, 2, 2, 4, 4)),
                Is.EqualTo("the errors line up: their root mean square is 4 where 3 is allowed, at step 2"));
        });
    }

    private static Tensor64 Vector(params double[] values) => new([values.Length], values);
}
