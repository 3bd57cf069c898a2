using Conformance.Oracle;
using Conformance.Suite.Judging;
using Conformance.Suite.Running;
using Conformance.Suite.Views;

namespace Conformance.Tests.Suite.Views;

/// <summary>
/// Engines that take offset and strides. A right one passes with every memory layout; one that ignores them passes with the contiguous layout alone.
/// </summary>
internal sealed class StridedViewTests
{
    private static readonly Question Rectangular = Repository.Fixtures.Vector("relu/n2c3h4w5").Question;

    [TestCase(ViewLayout.Contiguous, new[] { 6, 2, 1 }, 0)]
    [TestCase(ViewLayout.Sliced, new[] { 16, 5, 2 }, 3)]
    [TestCase(ViewLayout.Transposed, new[] { 2, 5, 16 }, 3)]
    public void EveryElementIsWhereItsStridesSay(ViewLayout layout, int[] strides, int offset)
    {
        var tensor = new Tensor64([2, 3, 2], [.. Enumerable.Range(0, 12).Select(i => (double)i)]);
        var view = StridedView.FromTensor(tensor, layout);
        Assert.That((view.Shape.ToArray(), view.Strides.ToArray(), view.Offset), Is.EqualTo((new[] { 2, 3, 2 }, strides, offset)));
        for (var i = 0; i < 12; i++)
            Assert.That(view.Buffer[view.PlaceOf(tensor.IndexOf(i))], Is.EqualTo(i));
        Assert.That(view.Buffer.Count(float.IsNaN), Is.EqualTo(view.Buffer.Length - 12), "what lies between is NaN");
    }

    [Test]
    public void AScalarAndATensorWithoutElementsHaveViewsToo([Values] ViewLayout layout)
    {
        var scalar = StridedView.FromTensor(Tensor64.Scalar(7), layout);
        Assert.That(scalar.Buffer[scalar.PlaceOf()], Is.EqualTo(7));
        Assert.That(StridedView.FromTensor(Tensor64.Zeros(0, 3), layout).Shape.ToArray(), Is.EqualTo(new[] { 0, 3 }));
    }

    [Test]
    public void ARightEngineIsRightWithEveryLayout([Values] ViewLayout layout) =>
        Assert.That(Verdict(new Relu(ByStrides), layout), Is.EqualTo(Conformance.Suite.Judging.Verdict.Pass));

    [TestCase(ViewLayout.Contiguous, Conformance.Suite.Judging.Verdict.Pass)]
    [TestCase(ViewLayout.Sliced, Conformance.Suite.Judging.Verdict.Fail)]
    [TestCase(ViewLayout.Transposed, Conformance.Suite.Judging.Verdict.Fail)]
    public void OneThatIgnoresThemIsSeen(ViewLayout layout, Verdict verdict) =>
        Assert.That(Verdict(new Relu((view, _, i) => view.Buffer[i]), layout), Is.EqualTo(verdict));

    [Test]
    public void OneThatIgnoresTheOffsetAloneIsSeen() =>
        Assert.That(
            Verdict(new Relu((view, index, _) => view.Buffer[view.PlaceOf(index) - view.Offset]), ViewLayout.Sliced),
            Is.EqualTo(Conformance.Suite.Judging.Verdict.Fail));

    [Test]
    public void OneThatWritesBetweenTheElementsIsSeen()
    {
        var report = Judge.Run(new StridedSubject(new Relu((view, index, i) =>
        {
            view.Buffer[view.PlaceOf(index) + 1] = 0;
            return ByStrides(view, index, i);
        }), ViewLayout.Sliced), Rectangular);
        Assert.That((report.Verdict, report.ChangedArgument is not null), Is.EqualTo((Conformance.Suite.Judging.Verdict.Fail, true)), report.Message);
    }

    [Test]
    public void ReportsTellTheLayoutsApart() =>
        Assert.That(
            StridedSubject.Each(new Relu(ByStrides)).Select(subject => subject.Kernel),
            Is.EqualTo(new[] { "contiguous", "sliced", "transposed" }));

    private static float ByStrides(StridedView view, int[] index, int flat) => view.Buffer[view.PlaceOf(index)];

    private static Verdict Verdict(IStridedEngine engine, ViewLayout layout) => Judge.Run(new StridedSubject(engine, layout), Rectangular).Verdict;

    private delegate float Reader(StridedView view, int[] index, int flat);

    private sealed class Relu(Reader read) : IStridedEngine
    {
        public string Name => "with views";

        public LayerResult Run(StridedCase question)
        {
            var (x, dy) = (Elements(question.Inputs["input"]), Elements(question.Cotangents["output"]));
            var shape = question.Inputs["input"].Shape;
            return new(
                new Dictionary<string, Tensor64>
                {
                    ["output"] = Tensor64.From(shape, [.. x.Select(value => value > 0 || float.IsNaN(value) ? value : 0)])
                },
                new Dictionary<string, Tensor64> { ["input"] = Tensor64.From(shape, [.. x.Zip(dy, (value, d) => value > 0 ? d : 0)]) });
        }

        private float[] Elements(StridedView view)
        {
            var tensor = Tensor64.Zeros(view.Shape);
            return [.. Enumerable.Range(0, tensor.Length).Select(i => read(view, tensor.IndexOf(i), i))];
        }
    }
}
