using Conformance.Oracle;
using Conformance.Suite.Diagnosing;
using Conformance.Suite.Diagnosing.Probing;
using Conformance.Suite.Judging;
using Conformance.Suite.Reporting.Text;
using Conformance.Suite.Running;
using static Conformance.Tests.Suite.Diagnosing.Wrong;
using static VerifyNUnit.Verifier;

namespace Conformance.Tests.Suite.Diagnosing;

/// <summary>What a person reads of a wrong engine: one block a cause.</summary>
[Parallelizable]
internal sealed class CauseTextTests
{
    [Test]
    public Task AStrideIgnoredInTheWeightGradient() => Verify(Told(With("conv2d.backward-weight-ignores-stride"), "conv2d"));

    [Test]
    public Task ARotatedKernel() => Verify(Told(With("conv2d.kernel-rotated"), "conv2d"));

    [Test]
    public Task TiesToAllMaxima() => Verify(Told(With("max_pool2d.ties-to-all"), "max_pool2d"));

    [Test]
    public Task TwoUnrelatedMistakes() => Verify(Told(With("conv2d.stride-ignored", "conv2d.backward-weight-ignores-padding"), "conv2d"));

    [Test]
    public Task TwoMistakesInOnePass() => Verify(Told(With("sgd.decay-sign", "sgd.buffer-is-a-mean"), "sgd"));

    [Test]
    public Task AMistakeInOnePassAlone() =>
        Verify(Told(But((layerCase, right) => right with { Outputs = With("conv2d.padding-replicated").Run(layerCase).Outputs }), "conv2d"));

    [Test, Category("Long")]
    public Task AMistakeOnOneWayThroughTheEngine() =>
        Verify(Told(
            But((layerCase, right) => layerCase.Attributes.Int("groups") > 1 ? With("conv2d.last-kernel-row-lost").Run(layerCase) : right),
            "conv2d"));

    [Test]
    public Task AWeightGradientInAnotherLayout() => Verify(Told(
        But((_, right) => With(
            right,
            "gradients.weight",
            dw => new(
                [dw.Shape[1], dw.Shape[0]], [.. Enumerable.Range(0, dw.Length).Select(i => dw[i % dw.Shape[0] * dw.Shape[1] + i / dw.Shape[0]])]))),
        "linear"));

    [Test]
    public Task AFactorThatIsInNoBank() =>
        Verify(Told(But((layerCase, right) => With(right, "gradients.bias", db => db.Select(value => 3 * value))), "linear"));

    [Test, Category("Long")]
    public Task NonsenseThatNothingExplains() => Verify(Told(
        But((layerCase, right) => With(right, "gradients.weight", answer =>
        {
            var dice = new Fill(7, layerCase.Id, "nonsense");
            return answer.Select(value => value + dice.Pick(1, 3));
        })), "linear"));

    [Test]
    public Task AnEngineThatThrowsWhereTheKernelIsNotSquare() => Verify(Told(
        But((layerCase, right) => layerCase.Input("weight") is var w && w.Shape[2] != w.Shape[3]
            ? throw new OverflowException("the kernel has 6 elements, room is for 9")
            : right),
        "conv2d"));

    [Test]
    public Task AMissingRefusal() =>
        Verify(Told(With(AllOperations.Named("cross_entropy").Defects.OfType<AcceptDefect>().First().Id), "cross_entropy"));

    [Test]
    public Task TheSignOfTheLossGradient() => Verify(Told(With("cross_entropy.gradient-sign"), "cross_entropy"));

    [Test]
    public Task HowMuchAFewPassesMean() => Verify(string.Join("\n", new[] { "conv2d/n1c1h5w7-o1-k3", "max_pool2d/n2c3h8w6-k2-ties" }.Select(id =>
        Reach.Measure([Judge.Run(With("relu.mask-missing"), Questions(id.Split('/')[0]).Single(question => question.Case.Id == id))], new()))));

    private static string Told(ISubject subject, string op) => string.Join("\n\n", Causes(subject, op).Select(cause =>
    {
        var first = cause.First;
        var picture = first.Comparison is { First: [var wrong, ..] } tensor
            ? Probe.Read(subject, first.Case, tensor.Name, first.Expected.FlatOf(wrong.Index))
            : null;
        return CauseText.Render(cause, picture);
    }));
}
