using Conformance.Oracle;
using Conformance.Suite;
using Conformance.Suite.Diagnosing.Patterns;
using Conformance.Suite.Judging;
using Conformance.Suite.Reporting.Text;
using Conformance.Suite.Running;

namespace Conformance.Tests.Suite.Judging;

/// <summary>A refusal counts only from an engine that does not refuse everything.</summary>
internal sealed class RefusalsTests
{
    private const string Refused = "conv2d/n2c3h4w7-o4-k5x3";

    private static readonly string[] Ids = [Refused, "conv2d/n1c1h5w7-o1-k3", "conv2d/n2c3h5w6-o4-k2x3"];

    [Test]
    public void WhoThrowsAtEverythingPassesNothing()
    {
        var report = Checked(Ids, _ => throw new InvalidOperationException("not written yet"));
        Assert.Multiple(() =>
        {
            Assert.That(report.Cases.Select(one => one.Verdict), Is.All.EqualTo(Verdict.Error));
            Assert.That(
                report.Cases[0].Message,
                Is.EqualTo("a refusal proves nothing of an engine that gives numbers in no case of conv2d: not written yet"));
            Assert.That(report.Findings.Single().Cause.Diagnosis, Is.EqualTo("any.does-not-run"));
            Assert.That(report.Findings.Single().Cause.Wrong, Has.Count.EqualTo(3));
            Assert.That(report.Findings.Single().Cause.First.Case.Id, Is.Not.EqualTo(Refused), "which asked alone would pass");
            Assert.That(CheckText.Passes(report), Is.Empty, "nothing passed, so nothing is proved");
        });
    }

    [Test]
    public void WhoOffersNothingPassesNothing() => Assert.That(
        Checked(Ids, layerCase => layerCase.Refused is null ? throw new NotSupportedException("not yet") : throw new ArgumentException("no")).Cases
            .Select(one => one.Verdict),
        Is.All.EqualTo(Verdict.Unsupported));

    [Test]
    public void OneAnswerIsEnoughRightOrWrong([Values] bool right)
    {
        var report = Checked(Ids, layerCase => layerCase.Id == Ids[2] ? Answer(layerCase, right ? 0 : 1) : throw new ArgumentException("no"));
        Assert.That(report.Cases.Select(one => one.Verdict), Is.EqualTo(new[] { Verdict.Pass, Verdict.Error, right ? Verdict.Pass : Verdict.Fail }));
    }

    /// <summary>As <c>check --case</c> asks for it alone.</summary>
    [Test]
    public void WhereNothingElseWasAskedNothingSpeaksAgainstIt()
    {
        var report = Checked([Refused], _ => throw new ArgumentException("no"));
        Assert.That(report.Cases.Single().Verdict, Is.EqualTo(Verdict.Pass));
        Assert.That(
            CheckText.Passes(report),
            Has.Some.EqualTo("conv2d: nothing was asked but what must be refused; an engine that refuses everything passes that, too"));
    }

    [Test]
    public void ATestFrameworkIsToldTheSame()
    {
        var run = new ConformanceRun(new Answering(_ => throw new InvalidOperationException("not written yet")))
        {
            Operations = ["max_pool2d"],
            Quick = true
        };
        Assert.That(run.Cases.Select(run.Judge).Where(outcome => outcome.Failure is null), Is.Empty);
        Assert.That(run.Report().Cases.Select(one => one.Verdict), Is.All.EqualTo(Verdict.Error));
    }

    /// <summary>Whoever dies where it should refuse has not answered with numbers.</summary>
    [Test]
    public void AnEngineThatBreaksWhereItShouldRefuseIsNotSaidToAnswer()
    {
        var report = Checked(Ids, layerCase => layerCase.Refused is null ? Answer(layerCase, 0) : throw new OverflowException("oh"));
        var cause = report.Findings.Single().Cause;
        Assert.Multiple(() =>
        {
            Assert.That(cause.Explanations, Is.Empty);
            Assert.That(CauseText.Line(cause), Is.EqualTo("throws in 1 of 3 cases: OverflowException: oh"));
        });
    }

    private static CheckReport Checked(string[] ids, Func<LayerCase, LayerResult> answer)
    {
        var engine = new Answering(answer);
        return new Examiner([engine]).Report(
            [.. ids.Select(id => Judge.Run(engine, Question.AnsweredByTheOracle(AllOperations.Draw(id))))],
            "", () => TimeSpan.Zero, CancellationToken.None);
    }

    private static LayerResult Answer(LayerCase layerCase, double off) =>
        AllOperations.Named(layerCase.Op).Evaluate(layerCase).Select((_, tensor) => tensor.Select(value => value + off));
}
