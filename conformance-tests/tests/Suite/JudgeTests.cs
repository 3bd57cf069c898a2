using Conformance.Oracle;
using Conformance.Suite;

namespace Conformance.Tests.Suite;

/// <summary>Each kind of answer gets its own verdict; none but a right one passes.</summary>
internal sealed class JudgeTests
{
    private static readonly LayerCase Relu = AllOperations.Draw("relu/n2c3h4w5");

    [Test]
    public void TheRightAnswerPasses() => Assert.That(Judged(new Answering(Evaluate)), Is.EqualTo(Verdict.Pass));

    [Test]
    public void AWrongElementFails() =>
        Assert.That(Judged(new Answering(layerCase => new DefectSubject(AllOperations.Named("relu").Defects[0]).Run(layerCase))), Is.EqualTo(Verdict.Fail));

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

    private static Verdict Judged(ISubject subject) => Judge.Run(subject, new(Relu, Evaluate(Relu), ErrorBound.Exact, "a test")).Verdict;

    private static LayerResult Evaluate(LayerCase layerCase) => AllOperations.Named(layerCase.Op).Evaluate(layerCase);

    private static Dictionary<string, Tensor64> Zeros(IReadOnlyDictionary<string, Tensor64> tensors) =>
        tensors.ToDictionary(pair => pair.Key, pair => Tensor64.Zeros(pair.Value.Shape));

    private sealed class Answering(Func<LayerCase, LayerResult> answer) : ISubject
    {
        public string Name => "test";

        public LayerResult Run(LayerCase layerCase) => answer(layerCase);
    }
}
