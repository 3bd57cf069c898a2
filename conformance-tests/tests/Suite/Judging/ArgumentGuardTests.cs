using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Tests.Suite.Judging;

/// <summary>An engine that writes to any bit of any argument is seen.</summary>
internal sealed class ArgumentGuardTests
{
    private readonly double[] _input = [1, 0, 3];
    private readonly double[] _cotangent = [4, 5, 6];

    [Test]
    public void WhatIsNotChangedPasses() => Assert.That(Guard().Verify, Throws.Nothing);

    [TestCase(0, 2.0)]
    [TestCase(1, -0.0)]
    [TestCase(2, 3.0000000000000004)]
    public void AChangedInputIsNamed(int element, double value)
    {
        var guard = Guard();
        _input[element] = value;
        Assert.That(
            guard.Verify,
            Throws.TypeOf<ChangedArgumentException>()
                .With.Message.EqualTo("input was changed in place: an engine may read its arguments, and must not write to them"));
    }

    [Test]
    public void AChangedCotangentIsNamed()
    {
        var guard = Guard();
        _cotangent[2] = 7;
        Assert.That(guard.Verify, Throws.TypeOf<ChangedArgumentException>().With.Message.StartsWith("cotangent.output was changed"));
    }

    private ArgumentGuard Guard() => ArgumentGuard.FromCase(AllOperations.Draw("relu/n1c3") with
    {
        Inputs = new Dictionary<string, Tensor64> { ["input"] = new([3], _input) },
        Cotangents = new Dictionary<string, Tensor64> { ["output"] = new([3], _cotangent) },
    });
}
