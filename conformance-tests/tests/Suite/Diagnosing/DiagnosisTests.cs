using Conformance.Oracle;
using Conformance.Suite.Diagnosing;
using Conformance.Suite.Judging;
using Conformance.Suite.Reporting.Text;
using Conformance.Suite.Running;
using static Conformance.Tests.Suite.Diagnosing.Wrong;

namespace Conformance.Tests.Suite.Diagnosing;

/// <summary>Replay and pairs: what is named, what is told apart, and what is not named.</summary>
[Parallelizable]
internal sealed class DiagnosisTests
{
    [TestCase("conv2d.backward-weight-ignores-stride")]
    [TestCase("max_pool2d.ties-to-all")]
    [TestCase("batch_norm2d.eps-outside-the-root")]
    [TestCase("cross_entropy.gradient-sign")]
    [TestCase("adam.no-correction")]
    public void AKnownMistakeIsNamedAlone(string id)
    {
        var cause = Causes(With(id), id.Split('.')[0]).Single();
        Assert.Multiple(() =>
        {
            Assert.That(cause.Diagnosis, Is.EqualTo(id));
            Assert.That(cause.Fit, Is.EqualTo(Fit.Whole));
        });
    }

    [Test]
    public void OneMistakeInSeveralTensorsIsOneCause()
    {
        var cause = Causes(With("conv2d.kernel-rotated"), "conv2d").Single();
        Assert.That(
            cause.Evidence.Select(evidence => evidence.About),
            Is.EquivalentTo(new[] { "outputs.output", "gradients.input", "gradients.weight" }));
    }

    [Test]
    public void TwoMistakesInTwoPassesAreTwoCauses() => Assert.That(
        Causes(With("conv2d.stride-ignored", "conv2d.backward-weight-ignores-padding"), "conv2d").Select(cause => cause.Diagnosis),
        Is.EquivalentTo(new[] { "conv2d.stride-ignored", "conv2d.backward-weight-ignores-padding" }));

    [TestCase("conv2d.backward-weight-ignores-padding", "conv2d.backward-weight-mean")]
    [TestCase("sgd.decay-sign", "sgd.buffer-is-a-mean")]
    [TestCase("cross_entropy.gradient-sign", "cross_entropy.gradient-not-averaged")]
    public void TwoMistakesInOnePassAreNamedTogether(string one, string other)
    {
        var named = Causes(With(one, other), one.Split('.')[0]).Where(cause => cause.Explanations.Count == 1)
            .SelectMany(cause => cause.Explanations[0].Parts).Select(part => part.Id).ToHashSet();
        Assert.That(named, Is.EquivalentTo(new[] { one, other }));
    }

    [Test]
    public void AMistakeOfEveryPassCanBeInOneAlone()
    {
        var cause =
            Causes(But((layerCase, right) => right with { Outputs = With("conv2d.padding-replicated").Run(layerCase).Outputs }), "conv2d").Single();
        Assert.Multiple(() =>
        {
            Assert.That(cause.Diagnosis, Is.EqualTo("conv2d.padding-replicated"));
            Assert.That(cause.Fit, Is.EqualTo(Fit.OnePass));
        });
    }

    [Test]
    public void AMistakeOnOneWayThroughTheEngineIsNamedWithTheWay()
    {
        var cause = Causes(
            But((layerCase, right) => layerCase.Attributes.Int("groups") > 1 ? With("conv2d.last-kernel-row-lost").Run(layerCase) : right), "conv2d")
            .Single();
        Assert.Multiple(() =>
        {
            Assert.That(cause.Diagnosis, Is.EqualTo("conv2d.last-kernel-row-lost"));
            Assert.That(cause.Fit, Is.EqualTo(Fit.Conditional));
            Assert.That(cause.Condition, Is.EqualTo("groups > 1"));
        });
    }

    /// <summary>What an engine computes with inside shows in where its exponentials leave the range.</summary>
    [TestCase("softmax.no-shift")]
    [TestCase("log_softmax.shifted-by-the-first")]
    [TestCase("tanh.exp-overflows")]
    public void AMistakeOfRangeIsNamedInFloat64Too(string id)
    {
        var cause = Causes(new OracleSubject(Summation.Sequential, AllOperations.DefectOf(id).InFloat64), id.Split('.')[0])[0];
        Assert.Multiple(() =>
        {
            Assert.That(cause.Diagnosis, Is.EqualTo(id));
            Assert.That(CauseText.Titled(cause), Does.Contain("(in float64: eight times as far out)"));
        });
    }

    /// <summary>Errors of no known kind: a wrong name would be worse than none.</summary>
    [TestCase("conv2d", "outputs.output", Category = "Long")]
    [TestCase("linear", "gradients.weight")]
    [TestCase("softmax", "gradients.input")]
    [TestCase("sgd", "outputs.parameter")]
    public void NothingIsNamedWhereNothingExplains(string op, string tensor)
    {
        var cause = Causes(But((layerCase, right) => With(right, tensor, answer =>
        {
            var dice = new Fill(7, layerCase.Id, "nonsense");
            return answer.Select(value => value + dice.Pick(1, 3));
        })), op).Single();
        Assert.Multiple(() =>
        {
            Assert.That(cause.Explanations, Is.Empty);
            Assert.That(cause.Nearest, Is.Null);
            Assert.That(CauseText.Render(cause), Does.Contain("no known mistake explains it"));
        });
    }

    [Test]
    public void AMistakeThatAPassingCaseWouldShowIsNotNamed()
    {
        // Half of the failures of a known mistake, by a rule that no property of the cases follows.
        var causes = Causes(
            But((layerCase, right) => new Fill(3, layerCase.Id, "coin").Pick(0, 1) == 0 ? right : With("linear.weight-transposed").Run(layerCase)),
            "linear");
        Assert.That(causes.SelectMany(cause => cause.Explanations), Is.Empty);
    }

    [Test]
    public void OfTwoThatNoJudgedCasePartsBothAreNamedWithAnInputThatTells()
    {
        // Four images of 2×2 outputs: nobody can say whether a mean is over images or over pixels.
        var (one, other) = ("conv2d.bias-gradient-mean-over-images", "conv2d.bias-gradient-mean-over-pixels");
        var report = Judge.Run(With(one), Question.AnsweredByTheOracle(AllOperations.Draw("conv2d/n4c1h3w3-o1-k2")));
        var cause = Diagnosis.Diagnose([report], new()).Single();
        Assert.Multiple(() =>
        {
            Assert.That(cause.Explanations.Select(defect => defect.Id), Is.SupersetOf(new[] { one, other }));
            Assert.That(cause.Diagnosis, Is.Null);
            Assert.That(cause.Telling, Does.StartWith("conv2d/"));
        });
    }

    [Test]
    public void ARefusalThatIsMissingIsNamed()
    {
        var defect = AllOperations.Named("cross_entropy").Defects.OfType<AcceptDefect>().First();
        Assert.That(Causes(With(defect.Id), "cross_entropy").Single().Diagnosis, Is.EqualTo(defect.Id));
    }
}
