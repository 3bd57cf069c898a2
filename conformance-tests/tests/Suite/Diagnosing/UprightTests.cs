using Conformance.Oracle;
using Conformance.Suite.Diagnosing;
using Conformance.Suite.Reporting.Text;
using static Conformance.Tests.Suite.Diagnosing.Wrong;

namespace Conformance.Tests.Suite.Diagnosing;

/// <summary>A mistake in the numbers of a tensor that comes in another layout: both are said.</summary>
[Parallelizable]
internal sealed class UprightTests
{
    [Test]
    public void ARowForAVector() => Both(
        "linear.bias-gradient-mean", "gradients.bias", db => new([1, db.Length], db.Data.ToArray()),
        "the gradient of bias has the shape [1, out] instead of [out]");

    [Test]
    public void ATransposedGradient() => Both(
        "linear.backward-weight-mean", "gradients.weight", dw => WrongEngine.Permuted(dw, 1, 0),
        "the gradient of weight is [in, out] instead of [out, in]");

    [Test]
    public void AFlattenedGradient() => Both(
        "conv2d.backward-weight-rotated", "gradients.weight", dw => new([dw.Shape[0], dw.Length / dw.Shape[0]], dw.Data.ToArray()),
        "the gradient of weight has the shape [");

    [Test]
    public void AGradientWithItsChannelsLast() => Both(
        "conv2d.backward-weight-rotated", "gradients.weight", dw => WrongEngine.Permuted(dw, 0, 2, 3, 1),
        "the gradient of weight is [O, KH, KW, C] instead of [O, C, KH, KW]");

    /// <summary>A factor that is in no bank.</summary>
    [Test]
    public void APatternIsFoundInTheRightLayout()
    {
        var cause = Causes(But((_, right) => With(right, "gradients.bias", db => new([db.Length, 1], [.. db.Data.ToArray().Select(value => 7 * value)]))),
            "linear").Single();
        Assert.That(CauseText.Titled(cause), Is.EqualTo(
            "gradient of bias: every value is 7 times the right one; and in another layout: the gradient of bias has the shape [out, 1] instead of [out]"));
    }

    [Test]
    public void AReportKeepsTheEnginesOwnAnswers()
    {
        var cause = Causes(Turned("linear.bias-gradient-mean", "gradients.bias", db => new([1, db.Length], db.Data.ToArray())), "linear").Single();
        Assert.Multiple(() =>
        {
            Assert.That(cause.Wrong.Select(report => report.Reply!.Gradients["bias"].Rank), Is.All.EqualTo(2));
            // A mean over one row shows in the shape alone.
            Assert.That(cause.Wrong.Any(report => report.Question.Case.Input("input").Shape[0] == 1), Is.True);
        });
    }

    private static Conformance.Suite.Judging.ISubject Turned(string id, string tensor, Func<Tensor64, Tensor64> layout) =>
        But((layerCase, _) => With(With(id).Run(layerCase), tensor, layout));

    private static void Both(string id, string tensor, Func<Tensor64, Tensor64> layout, string said)
    {
        var cause = Causes(Turned(id, tensor, layout), id.Split('.')[0])[0];
        Assert.Multiple(() =>
        {
            Assert.That(cause.Diagnosis, Is.EqualTo(id));
            Assert.That(cause.Layout, Does.StartWith(said));
            Assert.That(CauseText.Titled(cause), Does.Contain("; and in another layout: " + said));
        });
    }
}
