using Conformance.Oracle;
using Conformance.Suite.Diagnosing;
using Conformance.Suite.Judging;
using Conformance.Suite.Reporting.Text;
using Conformance.Suite.Running;
using static Conformance.Tests.Suite.Diagnosing.Wrong;

namespace Conformance.Tests.Suite.Diagnosing;

/// <summary>What is named though it does not explain every failing case, and in which order causes come.</summary>
[Parallelizable]
internal sealed class SharesTests
{
    private static bool IsEmpty(LayerCase layerCase) => layerCase.Inputs.Values.Any(input => input.Length == 0);

    /// <summary>A known mistake, and another shape for a batch of none.</summary>
    [Test]
    public void WhatFailsOnAnEmptyBatchVetoesNoName()
    {
        var causes = Causes(But((layerCase, _) => IsEmpty(layerCase)
            ? With("linear.weight-transposed").Run(layerCase).Select((_, tensor) => new Tensor64([1, .. tensor.Shape], tensor.Data.ToArray()))
            : With("linear.weight-transposed").Run(layerCase)), "linear");
        Assert.Multiple(() =>
        {
            Assert.That(causes[0].Diagnosis, Is.EqualTo("linear.weight-transposed"));
            Assert.That(causes[0].Edge, Is.Null);
            Assert.That(causes.Skip(1).Select(cause => cause.Edge), Is.Not.Empty.And.All.EqualTo("an empty batch (N = 0)"));
        });
    }

    /// <summary>The commonest real one: ties to all by x == max, which NaN never is.</summary>
    [Test]
    public void WhatFailsOnNaNVetoesNoName()
    {
        var causes = Causes(But((layerCase, right) => layerCase.Input("input").Data.ToArray().Any(double.IsNaN)
            ? Wrong.With(right, "gradients.input", dx => dx.Select(_ => 0)) : With("max_pool2d.ties-to-all").Run(layerCase)), "max_pool2d");
        Assert.Multiple(() =>
        {
            Assert.That(causes[0].Diagnosis, Is.EqualTo("max_pool2d.ties-to-all"));
            Assert.That(CauseText.Render(causes[0]), Does.Contain(" failures, contradicts none"));
            Assert.That(causes.Skip(1).Select(cause => cause.Edge), Has.All.EqualTo("NaN or infinity"));
        });
    }

    /// <summary>Two mistakes on two ways through an engine, of which the second is in no bank.</summary>
    [Test, Category("Long")]
    public void AMistakeIsNamedBesideAnotherThatNothingExplains()
    {
        var causes = Causes(But((layerCase, _) => layerCase.Attributes.Int("groups") > 1
            ? Wrong.With(With("conv2d.bias-gradient-mean-over-pixels").Run(layerCase), "gradients.bias", db =>
            {
                var dice = new Fill(7, layerCase.Id, "nonsense");
                return db.Select(value => value + dice.Pick(100, 300));
            })
            : With("conv2d.bias-gradient-mean-over-pixels").Run(layerCase)), "conv2d");
        Assert.Multiple(() =>
        {
            Assert.That(causes[0].Diagnosis, Is.EqualTo("conv2d.bias-gradient-mean-over-pixels"));
            Assert.That(causes[0].Fit, Is.EqualTo(Fit.Share));
            Assert.That(causes[0].Failures, Is.GreaterThan(causes[0].Wrong.Count));
            Assert.That(causes.Skip(1).SelectMany(cause => cause.Explanations), Is.Empty);
        });
    }

    [Test]
    public void RefusalsComeLast()
    {
        var accepting = AllOperations.Named("cross_entropy").Defects.OfType<AcceptDefect>().First();
        var causes = Causes(new Either(With("cross_entropy.gradient-sign"), With(accepting.Id)), "cross_entropy");
        Assert.That(causes.Select(cause => cause.Diagnosis), Is.EqualTo(new[] { "cross_entropy.gradient-sign", accepting.Id }));
    }

    /// <summary>An engine that adds a little more at each call.</summary>
    [Test]
    public void WhatDiffersWhenAskedAgainIsSaidToBeSo()
    {
        var calls = 0;
        var engine = But((_, right) => Wrong.With(right, "outputs.output", y =>
        {
            var dice = new Fill((ulong)++calls, "memory", "unwritten");
            return y.Select(value => value + dice.Pick(1, 3));
        }));
        var report = new Examiner([engine]).Report([.. Questions("linear").Where(question => question.Case.Repeat == 1).Select(question => Judge.Run(engine, question))], "hash", () => TimeSpan.Zero, CancellationToken.None);
        Assert.That(report.Findings.Select(finding => CauseText.Render(finding.Cause)), Is.All.Contains("any.answers-differ").And.All.Contains("asked again, "));
    }

    private sealed class Either(ISubject answering, ISubject refusing) : ISubject
    {
        public string Name => "either";

        public LayerResult Run(LayerCase layerCase) => (layerCase.Refused is null ? answering : refusing).Run(layerCase);
    }
}
