using Conformance.Oracle;
using Conformance.Scratch;
using Conformance.Suite.Diagnosing;
using Conformance.Suite.Judging;
using Conformance.Suite.Reporting.Text;
using Conformance.Suite.Running;
using Conformance.Tests.Suite.Diagnosing;

namespace Conformance.Tests.Suite.Running;

/// <summary>An engine's answers must not depend on what it was asked before.</summary>
[Parallelizable]
internal sealed class HistoryTests
{
    /// <summary>One of each kind; all of them are Long.</summary>
    private static readonly string[] OfEachKind =
    [
        "linear.output-not-cleared", "tanh.gradient-not-cleared", "relu.zeros-not-written", "softmax.context-of-first-call",
        "max_pool2d.context-of-last-call", "linear.weight-of-first-call", "flatten.workspace-not-cleared", "linear.lanes-not-cleared",
    ];

    [TestCaseSource(nameof(OfEachKind))]
    public void StaleMemoryIsNamedByAnOrdinaryRun(string id) =>
        Assert.That(NameOf(StaleDefects.All.Single(defect => defect.Id == id)), Is.EqualTo(id));

    [Test, Category("Long")]
    public void AllStaleMemoryIsFoundByAnOrdinaryRun() => Bulk.Check(StaleDefects.All, defect => defect.Id, defect =>
        NameOf(defect) is var name && (name == defect.Id || name == "any.memory-kept") ? null : $"called '{name}'");

    [Test]
    public void ThereAreEnoughOfThem() =>
        Assert.That(StaleDefects.All, Has.Count.GreaterThan(100).And.All.Property("Class").EqualTo(MistakeClass.Stale));

    [Test]
    public void ARaceIsNoStaleMemory()
    {
        var calls = 0;
        Assert.That(NameOf("linear", Wrong.But((_, right) => right.Select((_, tensor) => tensor.Select(value => value + calls++)))), Is.Not.Null
            .And.Not.Contains("memory-kept").And.Not.Contains("first-call"));
    }

    [TestCase("clear"), TestCase("fast")]
    public void OurEngineForgets(string kernel) => Assert.That(
        Report("linear", new ScratchSubject(kernel)).Cases.Concat(Report("conv2d", new ScratchSubject(kernel)).Cases)
            .Where(report => report.Verdict != Verdict.Pass).Select(report => report.Message), Is.Empty);

    [Test]
    public void TheReportSaysAfterWhat()
    {
        var report = Report(
            "relu", StaleDefects.All.Single(defect => defect.Id == "relu.output-not-cleared").Wrap(new OracleSubject(Summation.Reversed)));
        Assert.That(
            CauseText.Render(report.Findings[0].Cause), Does.Contain("after a question of the same sizes that was full of NaN the answer is another")
                .And.Contain("[relu.output-not-cleared]"));
    }

    /// <summary>Right until it has answered some questions, and again when it is started anew; nothing in the bank is like that.</summary>
    [Test]
    public void WhatIsRightInAFreshProcessIsSaid()
    {
        var engine = new Aging();
        var reports = Wrong.Questions("linear").Select(question => Judge.Run(engine, question)).ToArray();
        var cause = new Examiner([engine]).Report(reports, "hash", () => TimeSpan.Zero, CancellationToken.None).Findings[0].Cause;
        Assert.Multiple(() =>
        {
            Assert.That(cause.Diagnosis, Is.EqualTo("any.memory-kept"));
            Assert.That(cause.Patterns[0].Text, Does.StartWith("asked of the engine started anew, the case passes"));
        });
    }

    private static string? NameOf(BehaviourDefect defect) => NameOf(defect.Op, defect.Wrap(new OracleSubject(Summation.Reversed)));

    private static string? NameOf(string op, ISubject engine) =>
        Report(op, engine).Findings is [var first, ..] ? first.Cause.Diagnosis ?? "several" : null;

    private static CheckReport Report(string op, ISubject engine)
    {
        var run = new EngineRun(
            [engine], [.. Wrong.Questions(op).Select(question => new RunQuestion(question.Case.Id, () => question))], () => TimeSpan.Zero);
        run.JudgeAll(1, _ => { }, CancellationToken.None);
        return run.Report("hash", null, CancellationToken.None);
    }

    private sealed class Aging : ISubject, IRestartable
    {
        private const int Old = 15;

        private int _answered;

        public string Name => "aging";

        public LayerResult Run(LayerCase layerCase) => new OracleSubject(Summation.Reversed).Run(layerCase) is var right && ++_answered < Old
            ? right : right.Select((name, tensor) => new Fill(9, layerCase.Id, name).Integers(1, 3, tensor.Shape) is var noise && 0 is var i
                ? tensor.Select(value => value + noise[i++]) : tensor);

        ISubject IRestartable.Fresh() => new Aging();
    }
}
