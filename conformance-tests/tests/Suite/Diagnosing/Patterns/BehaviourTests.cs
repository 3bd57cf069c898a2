using Conformance.Oracle;
using Conformance.Suite.Diagnosing;
using Conformance.Suite.Diagnosing.Patterns;
using Conformance.Suite.Judging;
using Conformance.Suite.Protocol;
using Conformance.Suite.Reporting.Text;
using Conformance.Suite.Running;

namespace Conformance.Tests.Suite.Diagnosing.Patterns;

/// <summary>What an engine did that is not a tensor's numbers.</summary>
internal sealed class BehaviourTests
{
    private static readonly string[] Conv2d =
        ["conv2d/n2c3h7w5-o4-k3x2-s2x1-p1x0", "conv2d/n3c4h8w6-o2-k2x3", "conv2d/n2c5h6w9-o3-k4x2", "conv2d/n3c2h9w11-o5-k2x4-s3x2-p0x2"];

    [Test]
    public void AnExceptionIsNamedAndOfFourCasesNoCondition()
    {
        var evidence = WrongEngine.Evidence(
            new Doing(
                (layerCase, _) => layerCase.Attributes.Ints("stride", 2)[0] > 1 ? throw new InvalidDataException("no such row") : Right(layerCase)),
            Conv2d);
        Assert.That(AllPatterns.Find(evidence).Select(pattern => pattern.Text), Is.EqualTo(new[]
        {
            "throws in 2 of 4 cases: InvalidDataException: no such row",
        }));
    }

    [Test]
    public void AnEngineThatAlwaysThrowsDoesNotRun() => Assert.That(
        Behaviour.Find(WrongEngine.Evidence(new Doing((_, _) => throw new InvalidDataException("oh")), Conv2d)),
        Is.EqualTo(new Pattern("throws in every case: InvalidDataException: oh", MistakeClass.DoesNotRun)));

    [TestCase(Fault.Died, "process", "dies in 2 of 4 cases: why")]
    [TestCase(Fault.Silent, "answer", "gives no answer in 2 of 4 cases: why")]
    [TestCase(Fault.Nonsense, "reply", "answers with what is no reply in 2 of 4 cases: why")]
    [TestCase(Fault.NotRecorded, "recording", "has no answer on record in 2 of 4 cases: why")]
    public void AProgramsFaultIsNotCalledAnException(Fault fault, string place, string text)
    {
        var engine = new Doing((layerCase, _) => layerCase.Attributes.Ints("stride", 2)[0] > 1
            ? throw new ProtocolException("why") { Fault = fault }
            : Right(layerCase));
        var cause = Diagnosis.Diagnose([.. Conv2d.Select(id => Judge.Run(engine, Question.AnsweredByTheOracle(AllOperations.Draw(id))))], new())
            .Single();
        Assert.Multiple(() =>
        {
            Assert.That(CauseText.Render(cause), Does.StartWith($"conv2d  {place}: {text}\n  FAIL on 2 of 4 cases").And.Not.Contain("throws"));
            Assert.That(CauseText.Line(cause), Is.EqualTo(text));
        });
    }

    [Test]
    public void WhatIsNotAskedIsPartOfTheCauseThatEndedIt()
    {
        var engine = new Doing((_, call) =>
            throw new ProtocolException(call < 3 ? "killed" : "not asked: killed before") { Fault = call < 3 ? Fault.Died : Fault.NotAsked });
        var cause = Diagnosis.Diagnose([.. Conv2d.Select(id => Judge.Run(engine, Question.AnsweredByTheOracle(AllOperations.Draw(id))))], new())
            .Single();
        Assert.Multiple(() =>
        {
            Assert.That(cause.Wrong, Has.Count.EqualTo(4));
            Assert.That(CauseText.Render(cause), Does.StartWith("conv2d  process, not asked: dies in every case that was asked: killed\n  process  FAIL on 2 of 2 cases, passes none\n  not asked  FAIL on 2 of 4 cases\n").And.Not.Contain("throws"));
        });
    }

    [Test]
    public void AnArgumentIsNamed() => Assert.That(
        Behaviour.Find(WrongEngine.Evidence(new Doing((_, _) => throw new ChangedArgumentException("cotangent.output")), Conv2d)),
        Is.EqualTo(new Pattern("writes to its arguments: cotangent.output", MistakeClass.ArgumentChanged)));

    [Test]
    public void WhatIsAddedUpIsToldFromNoise()
    {
        var (adding, noise) = (Again(call => call), Again(call => 1 + 0.37 * (call - 1)));
        Assert.That(
            adding,
            Is.EqualTo(new Pattern("the second answer is twice the first: what an earlier call added up is still there", MistakeClass.Accumulates)));
        Assert.That(noise?.Text, Does.StartWith("the same question again gets another answer (gradients.weight at [0,0]: "));

        static Pattern? Again(Func<int, double> factor) => Behaviour.Find(WrongEngine.Evidence(new Doing((layerCase, call) =>
        {
            var right = Right(layerCase);
            return right with
            {
                Gradients = right.Gradients.ToDictionary(
                    pair => pair.Key, pair => pair.Key == "weight" ? pair.Value.Select(value => value * factor(call)) : pair.Value)
            };
        }), "linear/n3-i6-o4-twice"));
    }

    [Test]
    public void WhatIsNotRefusedIsNamed() => Assert.That(
        Behaviour.Find(WrongEngine.Evidence(new Doing(
            (layerCase, _) => layerCase.Id.Contains("pm1", StringComparison.Ordinal) ? LayerResult.Empty : throw new ArgumentException("no")),
            "conv2d/n2c2h5w6-o3-k3x2-pm1x0", "conv2d/n2c3h4w7-o4-k5x3", "conv2d/n2c3h5w6-o4-k2x3-g2")),
        Is.EqualTo(new Pattern("answers with numbers what must be refused: negative padding -1; refuses 2 others", MistakeClass.Unchecked)));

    private static LayerResult Right(LayerCase layerCase) => AllOperations.Named(layerCase.Op).Evaluate(layerCase);

    /// <param name="answer">From the case and how often it was asked in all.</param>
    private sealed class Doing(Func<LayerCase, int, LayerResult> answer) : ISubject
    {
        private int _calls;

        public string Name => "test";

        public LayerResult Run(LayerCase layerCase) => answer(layerCase, ++_calls);
    }
}
