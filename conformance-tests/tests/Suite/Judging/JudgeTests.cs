using Conformance.Oracle;
using Conformance.Suite.Judging;
using Conformance.Suite.Running;

namespace Conformance.Tests.Suite.Judging;

/// <summary>Each kind of answer gets its own verdict; none but a right one passes.</summary>
internal sealed class JudgeTests
{
    private static readonly LayerCase Relu = AllOperations.Draw("relu/n2c3h4w5");

    [Test]
    public void TheRightAnswerPasses() => Assert.That(Judged(new Answering(Evaluate)), Is.EqualTo(Verdict.Pass));

    [Test]
    public void AWrongElementFails() =>
        Assert.That(
            Judged(new Answering(layerCase => new DefectSubject(AllOperations.Named("relu").Defects[0]).Run(layerCase))),
            Is.EqualTo(Verdict.Fail));

    [Test]
    public void ARefusalIsUnsupportedNotPassed() =>
        Assert.That(Judged(new Answering(_ => throw new NotSupportedException("not here"))), Is.EqualTo(Verdict.Unsupported));

    [Test]
    public void AnExceptionIsAnError() =>
        Assert.That(Judged(new Answering(_ => throw new InvalidDataException("oh"))), Is.EqualTo(Verdict.Error));

    [Test]
    public void ACaseThatZerosWouldPassIsVacuous()
    {
        var nothing = Relu with { Inputs = Zeros(Relu.Inputs), Cotangents = Zeros(Relu.Cotangents) };
        var zeros = Evaluate(nothing);
        var report = Judge.Run(new Answering(_ => zeros), new(nothing, zeros, ErrorBound.Exact, "a test"));
        Assert.That(report.Verdict, Is.EqualTo(Verdict.Vacuous));
    }

    /// <summary>A softmax over one class costs nothing at any size of its logit: all is 0, but not for an engine that overflows.</summary>
    [Test]
    public void ACaseOfZerosThatAMistakeWouldFailIsNot()
    {
        var question = Question.AnsweredByTheOracle(AllOperations.Draw("cross_entropy/n5c1-mean-large"));
        Assert.That(question.Expected.Tensors.All(pair => !pair.Value.Data.ContainsAnyExcept(0.0)));
        Assert.That(Judge.Run(new Answering(Evaluate), question).Verdict, Is.EqualTo(Verdict.Pass));
    }

    [Test]
    public void AReportSaysWhoAnsweredAndWhy()
    {
        var before = Judge.Run(new Answering(_ => throw new InvalidDataException("oh")), Asked(Relu));
        Assert.Multiple(() =>
        {
            Assert.That((before.Subject, before.Kernel, before.Message), Is.EqualTo(("test", "quick", "InvalidDataException: oh")));
            Assert.That(before.Milliseconds, Is.InRange(double.Epsilon, 60_000));
            Assert.That(Judge.Run(new Answering(_ => throw new NotSupportedException("not here")), Asked(Relu)).Message, Is.EqualTo("not here"));
            Assert.That(Judge.Run(new Answering(Evaluate), Asked(Relu)).Message, Is.Null);
        });
    }

    /// <summary>The numbers are right, the arrays no longer what they were.</summary>
    [Test]
    public void AnEngineThatWritesToAnArgumentFails()
    {
        var question = Asked(Relu);
        var before = question.Case.Input("input").Data.ToArray();
        var report = Judge.Run(new Answering(layerCase =>
        {
            System.Runtime.CompilerServices.Unsafe.AsRef(in layerCase.Input("input").Data[7]) += 1;
            return question.Expected;
        }), question);
        Assert.That(question.Case.Input("input").Data.ToArray(), Is.EqualTo(before), "and it spoils nobody else's question");
        Assert.That(
            (report.Verdict, report.Message),
            Is.EqualTo((Verdict.Fail, "input was changed in place: an engine may read its arguments, and must not write to them")));
    }

    [TestCase(typeof(ArgumentException), ExpectedResult = Verdict.Pass)]
    [TestCase(typeof(InvalidOperationException), ExpectedResult = Verdict.Pass)]
    [TestCase(typeof(InvalidDataException), ExpectedResult = Verdict.Error)]
    [TestCase(typeof(NotSupportedException), ExpectedResult = Verdict.Unsupported)]
    public Verdict ARefusalIsRightWhereTheCaseAsksForOne(Type exception) =>
        Judge.Run(new Answering(_ => throw (Exception)Activator.CreateInstance(exception)!), Asked(Relu with { Refused = "a reason" })).Verdict;

    [TestCase(typeof(ArgumentException))]
    [TestCase(typeof(InvalidOperationException))]
    public void ElsewhereItIsAnError(Type exception) =>
        Assert.That(Judged(new Answering(_ => throw (Exception)Activator.CreateInstance(exception)!)), Is.EqualTo(Verdict.Error));

    [Test]
    public void NumbersAreNoRefusal()
    {
        var refused = Judge.Run(new Answering(_ => throw new ArgumentException("no")), Asked(Relu with { Refused = "a reason" }));
        var answered = Judge.Run(new Answering(_ => LayerResult.Empty), Asked(Relu with { Refused = "a reason" }));
        Assert.That(
            (refused.Message, answered.Verdict, answered.Message),
            Is.EqualTo(("no", Verdict.Fail, "answered with numbers what must be refused: a reason")));
        Assert.That(answered.Tensors, Is.Empty);
    }

    /// <summary>What is said in place of numbers is said by what it was.</summary>
    [TestCase(typeof(InvalidDataException), null, ExpectedResult = Fault.Threw)]
    [TestCase(typeof(ArgumentException), null, ExpectedResult = Fault.Threw)]
    [TestCase(typeof(ArgumentException), "a reason", ExpectedResult = Fault.Threw)]
    [TestCase(typeof(NotSupportedException), null, ExpectedResult = null)]
    public Fault? WhatCameInPlaceOfNumbers(Type exception, string? refused) =>
        Judge.Run(new Answering(_ => throw (Exception)Activator.CreateInstance(exception)!), Asked(Relu with { Refused = refused })).Fault;

    [TestCase(1, ExpectedResult = Verdict.Pass)]
    [TestCase(2, ExpectedResult = Verdict.Pass)]
    [TestCase(3, ExpectedResult = Verdict.Fail)]
    public Verdict EveryReplyMustBeEqualToTheFirst(int repeat)
    {
        var calls = 0;
        var report = Judge.Run(
            new Answering(layerCase => ++calls < 3 ? Evaluate(layerCase) : LayerResult.Empty), Asked(Relu with { Repeat = repeat }));
        Assert.That(calls, Is.EqualTo(repeat));
        Assert.That(
            report.Message,
            Is.EqualTo(repeat == 3 ? "the same question again got another answer: outputs.output [2,3,4,5] becomes missing" : null));
        return report.Verdict;
    }

    /// <summary>Shapes are what it asks for.</summary>
    [Test]
    public void ABatchOfNoImagesIsNotVacuous() =>
        Assert.That(Judge.Run(new Answering(Evaluate), Asked(AllOperations.Draw("relu/n0c3h4w5"))).Verdict, Is.EqualTo(Verdict.Pass));

    /// <summary>One tensor that asks for its shape, or that is not all zeros, is enough.</summary>
    [Test]
    public void NorIsACaseWithOneTensorThatCouldBeWrong()
    {
        var nothing = Relu with { Inputs = Zeros(Relu.Inputs), Cotangents = Zeros(Relu.Cotangents) };
        var (question, zeros) = (Asked(nothing), Evaluate(nothing));
        Assert.Multiple(() =>
        {
            Assert.That(Separation.IsVacuous(question, zeros), Is.True);
            Assert.That(
                Separation.IsVacuous(question, zeros with { Outputs = zeros.Outputs.Append(new("empty", Tensor64.Zeros(0, 3))).ToDictionary() }),
                Is.False);
            Assert.That(Separation.IsVacuous(question, zeros with { Gradients = Relu.Inputs }), Is.False);
        });
    }

    /// <summary>Where there was no answer to compare, there is no comparison.</summary>
    [Test]
    public void NothingIsComparedThatWasNotAnswered([Values(null, "a reason")] string? refused, [Values] Outcome outcome)
    {
        var report = Judge.Run(new Answering(_ => outcome switch
        {
            Outcome.Unsupported => throw new NotSupportedException(),
            Outcome.Refused => throw new ArgumentException("no"),
            Outcome.Died => throw new InvalidDataException(),
            _ => throw new ChangedArgumentException("input"),
        }), Asked(Relu with { Refused = refused }));
        Assert.That(report.Tensors, Is.Empty);
    }

    public enum Outcome { Unsupported, Refused, Died, Changed }

    private static Question Asked(LayerCase layerCase) => new(layerCase, Evaluate(layerCase with { Refused = null }), ErrorBound.Exact, "a test");

    private static Verdict Judged(ISubject subject) => Judge.Run(subject, Asked(Relu)).Verdict;

    private static LayerResult Evaluate(LayerCase layerCase) => AllOperations.Named(layerCase.Op).Evaluate(layerCase);

    private static Dictionary<string, Tensor64> Zeros(IReadOnlyDictionary<string, Tensor64> tensors) =>
        tensors.ToDictionary(pair => pair.Key, pair => Tensor64.Zeros(pair.Value.Shape));
}

/// <summary>An engine that answers what a test wants.</summary>
internal sealed class Answering(Func<LayerCase, LayerResult> answer) : ISubject
{
    public string Name => "test";

    public string Kernel => "quick";

    public LayerResult Run(LayerCase layerCase) => answer(layerCase);
}
