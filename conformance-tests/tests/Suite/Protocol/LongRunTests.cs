using System.Diagnostics;
using Conformance.Oracle;
using Conformance.Suite.Judging;
using Conformance.Suite.Running;

namespace Conformance.Tests.Suite.Protocol;

/// <summary>What shows over many cases, at the start or at the end.</summary>
[Parallelizable(ParallelScope.Children)]
internal sealed class LongRunTests
{
    private static readonly Question[] Relu = Stored.Questions("relu");

    [OneTimeSetUp]
    public void RequirePython() => Python.Require();

    [Test]
    public void AnEngineThatDiesOnItsFortiethCaseIsStartedAnew()
    {
        var once = Relu.Where(question => question.Case.Repeat == 1).ToArray();
        Question[] many = [.. once, .. once, .. once];
        var reports = Reports(new("die-on-fortieth"), many);
        Assert.That(
            reports.Select(report => report.Verdict),
            Is.EqualTo(Enumerable.Range(1, many.Length).Select(number => number == 40 ? Verdict.Error : Verdict.Pass)));
        Assert.That(reports[39].Message, Is.EqualTo("the engine ended with exit code 1; last on stderr: out of cheese"));
    }

    [Test, Category("Long")]
    public void ThreeDeathsInARowEndAnOperationAndNoOther()
    {
        var reports = Reports(new("die-always"), [.. Relu, .. Stored.Questions("leaky_relu")]);
        const string Death = "the engine ended with exit code 1; last on stderr: no";
        const string Over = "not asked: 3 times in a row the engine had to be ended in {0}, the last time with: " + Death;
        Assert.That(reports, Has.All.Matches((CaseReport report) => report.Verdict == Verdict.Error));
        foreach (var operation in reports.GroupBy(report => report.Question.Case.Op))
            Assert.That(
                operation.Select(report => report.Message),
                Is.EqualTo(operation.Select((_, i) => i < 3 ? Death : string.Format(null, Over, operation.Key))),
                operation.Key);
    }

    [Test]
    public void OneThatReadsNoMoreIsEndedByTime()
    {
        var large = Question.AnsweredByTheOracle(AllOperations.Draw("relu/n64c8h8w8")); // more than a pipe holds
        using var engine = new Misbehaving("deaf-to-all");
        using var subject = engine.Start(1.5);
        var start = Stopwatch.GetTimestamp();
        Assert.That(Judge.Run(subject, large).Message, Is.EqualTo("no answer within 1.5 s"));
        Assert.That(Stopwatch.GetElapsedTime(start).TotalSeconds, Is.LessThan(10));
        Assert.That(engine.Left, Is.Empty);
    }

    [Test]
    public void OneThatDoesNotGreetAgainCostsCasesOnly()
    {
        var marker = Path.Combine(TestContext.CurrentContext.WorkDirectory, Guid.NewGuid().ToString("N"));
        try
        {
            var reports = Reports(new("never-greet-again", marker), Relu[..2]);
            Assert.That(reports.Select(report => report.Message), Is.EqualTo(new[]
            {
                "the engine ended with exit code 1; last on stderr: no",
                "started anew, no greeting: the engine ended with exit code 1; last on stderr: the licence server is down",
            }));
        }
        finally
        {
            File.Delete(marker);
        }
    }

    [Test, Category("Long")]
    public void SeveralProcessesOfItAreAskedAtATime()
    {
        using var engine = new Misbehaving("none");
        using var subject = engine.Start(jobs: 3);
        Assert.That(engine.Left, Has.Count.EqualTo(1), "the others start when they are needed");
        var reports = new CaseReport[Relu.Length];
        Parallel.For(0, reports.Length, new() { MaxDegreeOfParallelism = 8 }, i => reports[i] = Judge.Run(subject, Relu[i]));
        Assert.That(reports, Has.All.Matches((CaseReport report) => report.Verdict == Verdict.Pass));
        Assert.That(engine.Left, Has.Count.InRange(2, 3));
        subject.Dispose();
        Assert.That(engine.Left, Is.Empty);
    }

    [TestCase("none", "")]
    [TestCase(
        "banner",
        @"misbehaving printed 'Loading the library, version 2.1 \u001b[1m…' before its greeting: stdout is the protocol's, print to stderr")]
    [TestCase("ignore-end", "misbehaving did not end when its input did, and was ended")]
    public void WhatIsNoVerdictIsANote(string mode, string note)
    {
        using var engine = new Misbehaving(mode);
        var subject = engine.Start();
        Assert.That(Judge.Run(subject, Relu[0]).Verdict, Is.EqualTo(Verdict.Pass));
        subject.Dispose();
        Assert.That(string.Join('\n', subject.Notes), Is.EqualTo(note));
        Assert.That(engine.Left, Is.Empty);
    }

    [Test]
    public void CancellationEndsAWaitAtOnce()
    {
        using var cancel = new CancellationTokenSource();
        using var engine = new Misbehaving("hang", Relu[0].Case.Id);
        using var subject = engine.Start(600, cancel: cancel.Token);
        cancel.CancelAfter(TimeSpan.FromMilliseconds(300));
        var start = Stopwatch.GetTimestamp();
        Assert.Throws<OperationCanceledException>(() => subject.Run(Relu[0].Case));
        Assert.That(Stopwatch.GetElapsedTime(start).TotalSeconds, Is.LessThan(5));
        Assert.That(engine.Left, Is.Empty);
    }

    [Test]
    public void WithoutABackwardPassNoCotangentIsSent()
    {
        using var subject = new Misbehaving("forward").Start();
        Assert.That(subject.Declares.ForwardOnly);
        var result = subject.Run(Relu[0].Case);
        Assert.That((result.Outputs.Count, result.Gradients.Count), Is.EqualTo((1, 0)));
    }

    private static CaseReport[] Reports(Misbehaving engine, IReadOnlyList<Question> questions)
    {
        CaseReport[] reports;
        using (var subject = engine.Start(30))
            reports = [.. questions.Select(question => Judge.Run(subject, question))];
        Assert.That(engine.Left, Is.Empty);
        return reports;
    }
}
