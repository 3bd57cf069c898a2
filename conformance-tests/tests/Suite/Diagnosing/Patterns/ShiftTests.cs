using Conformance.Oracle;
using Conformance.Suite.Diagnosing.Patterns;

namespace Conformance.Tests.Suite.Diagnosing.Patterns;

/// <summary>The right values some steps further on.</summary>
internal sealed class ShiftTests
{
    private static readonly string[] Conv2d =
        ["conv2d/n2c3h7w5-o4-k3x2-s2x1-p1x0", "conv2d/n3c4h8w6-o2-k2x3", "conv2d/n3c4h9w8-o5-k3x2-s2x1-p1x0-float"];

    [Test]
    public void ARowDown() => Assert.That(
        Said((index, from) => index[2] == 0 ? 0 : from([index[0], index[1], index[2] - 1, index[3]])),
        Is.EqualTo("shifted: the right values lie +1 along H, and zeros move in"));

    [Test]
    public void ARowUpAndAColumnRight() => Assert.That(
        Said((index, from) => index[3] == 0 ? 7 : from([index[0], index[1], index[2] + 1, index[3] - 1])),
        Is.EqualTo("shifted: the right values lie −1 along H and +1 along W"));

    [Test]
    public void AChannelOnRoundTheEnd() => Assert.That(
        Said((index, from) => from([index[0], index[1] + 1, index[2], index[3]])), Does.StartWith("shifted: the right values lie −1 along C"));

    [Test]
    public void NoiseIsNoShift() => Assert.That(Said((index, from) => from(index) + index[3]), Is.Null);

    [Test]
    public void NothingIsSaidWhereOneCaseIsShiftedOtherwise() => Assert.That(
        Shift.Find(WrongEngine.Evidence("gradients.input", (layerCase, right) => Moved(right, (index, from) =>
            index[2] == 0 ? 0 : from([index[0], index[1], index[2] - (layerCase.Id == Conv2d[0] ? 1 : 2), index[3]])), Conv2d)), Is.Null);

    private static string? Said(Func<int[], Func<int[], double>, double> value) =>
        Shift.Find(WrongEngine.Evidence("gradients.input", (_, right) => Moved(right, value), Conv2d))?.Text;

    /// <summary>Each element from its index and the right tensor; outside that is the number 0.</summary>
    private static Tensor64 Moved(Tensor64 right, Func<int[], Func<int[], double>, double> value) =>
        WrongEngine.Each(right, (index, _) => value(index, at =>
    {
        var flat = 0;
        for (var axis = 0; axis < at.Length; axis++)
        {
            if (at[axis] < 0 || at[axis] >= right.Shape[axis])
                return 0;
            flat = flat * right.Shape[axis] + at[axis];
        }
        return right[flat];
    }));
}
