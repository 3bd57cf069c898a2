using Conformance.Oracle;
using Conformance.Suite.Diagnosing;
using Conformance.Suite.Dialects;
using Conformance.Suite.Judging;
using Conformance.Suite.Running;
using Conformance.Tests.Suite.Diagnosing;

namespace Conformance.Tests.Suite.Dialects;

/// <summary>What else an engine may declare (its operations, no backward pass, inexact sums), and what it must not declare.</summary>
public sealed class DeclarationTests
{
    private static readonly Question Linear = Question.AnsweredByTheOracle(AllOperations.Draw("linear/n3-i5-o4"));

    private static readonly OracleSubject Right = new(Summation.Sequential);

    [Test]
    public void AnUnknownConventionIsAnErrorThatListsWhatThereIs() =>
        Assert.That(() => Judge.Run(new Declaring(Right.Run).With(("max_pool_tie", "split")), Linear),
            Throws.ArgumentException.With.Message.StartsWith("dialect: there is no convention \"max_pool_tie\"; there are ")
                .And.Message.Contains("max_pool_ties (\"split\" or \"all\" or \"last\" or \"first_by_columns\")"));

    [Test]
    public void AnUnknownValueToo() =>
        Assert.That(() => Judge.Run(new Declaring(Right.Run).With(("conv_weight", "HWOI")), Linear),
            Throws.ArgumentException.With.Message.EqualTo("dialect: conv_weight can't be \"HWOI\"; it can be \"HWIO\" or \"OHWI\""));

    [Test]
    public void WhatIsNotAmongItsOperationsIsNotAsked()
    {
        var report = Judge.Run(
            new Declaring(_ => throw new InvalidOperationException("asked all the same"), new() { Operations = ["conv2d", "relu"] }), Linear);

        Assert.That((report.Verdict, report.Message), Is.EqualTo((Verdict.Unsupported, "the engine does not declare linear: it has conv2d, relu")));
    }

    [Test]
    public void WithoutABackwardPassNoGradientIsJudged()
    {
        var forward = new Declaring(layerCase => new(Right.Run(layerCase).Outputs, new Dictionary<string, Tensor64>()), new() { ForwardOnly = true });
        var reports = Wrong.Questions("linear").Select(question => Judge.Run(forward, question)).ToArray();

        Assert.That(reports.Select(report => report.Verdict), Is.All.EqualTo(Verdict.Pass));
        Assert.That(reports.SelectMany(report => report.Tensors).Select(tensor => tensor.Name).Distinct(), Is.EqualTo(["outputs.output"]));
        Assert.That(
            Reach.Measure(reports, new()).Unseen.Select(defect => defect.Id),
            Does.Contain("linear.backward-weight-negated").And.Not.Contain("linear.bias-missing"));
    }

    [Test]
    public void AnInexactEngineIsJudgedWithinTheBoundOfFloats()
    {
        // A relative error of u in each output: what a transform to and fro may cost.
        var inexact = new Declaring(layerCase => Right.Run(layerCase).Select((_, tensor) => tensor.Select(value => value * (1 + ErrorBound.U))));
        var declared = new Declaring(inexact.Run, new() { Inexact = true });
        var wrong = new Declaring(
            layerCase => Right.Run(layerCase).Select((_, tensor) => tensor.Select(value => value + 0.01)), new() { Inexact = true });

        Assert.That(
            (Judge.Run(inexact, Linear).Verdict, Judge.Run(declared, Linear).Verdict, Judge.Run(wrong, Linear).Verdict),
            Is.EqualTo((Verdict.Fail, Verdict.Pass, Verdict.Fail)));
    }

    [Test]
    public void ATensorThatIsLeftOutIsNoPartOfTheVerdict()
    {
        var report = Judge.Run(Without("gradients.input"), Linear);

        Assert.That((report.Verdict, report.IsWhole), Is.EqualTo((Verdict.Pass, false)));
        Assert.That(report.LeftOut, Is.EqualTo(new Dictionary<string, string> { ["gradients.input"] = "first layer of my net" }));
        Assert.That(report.Tensors.Select(tensor => tensor.Name), Is.EqualTo(["outputs.output", "gradients.weight", "gradients.bias"]));
        Assert.That(Reach.Measure([report], new()).Unseen.Select(defect => defect.Id), Does.Contain("linear.backward-input-negated"));
    }

    [Test]
    public void WhereAllAreLeftOutNothingWasJudged() =>
        Assert.That(
            Judge.Run(Without("outputs.output", "gradients.input", "gradients.weight", "gradients.bias"), Linear).Verdict,
            Is.EqualTo(Verdict.Unsupported));

    [Test]
    public void OneThatIsAnsweredAllTheSameIsJudged()
    {
        var wrong = new Declaring(layerCase => Right.Run(layerCase).Select((_, tensor) => tensor.Select(value => value + 1)) with
        {
            Unsupported = new Dictionary<string, string> { ["outputs.output"] = "not sure" }
        });

        Assert.That(Judge.Run(wrong, Linear).Tensors.Select(tensor => tensor.Name), Does.Contain("outputs.output"));
    }

    [Test]
    public void AWholeNetworkIsNotJudgedUnderAnotherConvention()
    {
        var network = Wrong.Questions("lenet")[0];

        Assert.That(Judge.Run(new Declaring(Right.Run).With(("layout", "NHWC")), network).Verdict, Is.EqualTo(Verdict.Unsupported));
        Assert.That(Judge.Run(new Declaring(Right.Run).With(("adam_eps", "inside_root")), network).Verdict, Is.EqualTo(Verdict.Pass));
    }

    [Test]
    public void EveryConventionNamesMistakesThatThereAre() =>
        Assert.That(() => Conventions.All.SelectMany(one => one.Mistakes).Select(AllOperations.DefectOf).Count(), Is.GreaterThan(40));

    private static Declaring Without(params string[] names) => new(layerCase =>
    {
        var answer = Right.Run(layerCase);
        return new LayerResult(Kept("outputs.", answer.Outputs), Kept("gradients.", answer.Gradients))
        {
            Unsupported = names.ToDictionary(name => name, _ => "first layer of my net")
        };

        Dictionary<string, Tensor64> Kept(string prefix, IReadOnlyDictionary<string, Tensor64> tensors) =>
            tensors.Where(pair => !names.Contains(prefix + pair.Key)).ToDictionary();
    });
}
