using Conformance.Oracle;
using Conformance.Suite.Diagnosing;
using Conformance.Suite.Dialects;
using Conformance.Suite.Judging;
using Conformance.Suite.Reporting.Text;
using Conformance.Suite.Running;
using Conformance.Tests.Suite.Diagnosing;

namespace Conformance.Tests.Suite.Dialects;

/// <summary>Every convention of value, by an engine that means it, on the stored cases of each operation that it changes.</summary>
[Parallelizable]
public sealed class ValueConventionTests
{
    /// <summary>A mistake that no convention excuses.</summary>
    private static readonly Dictionary<string, string> RealDefect = new()
    {
        ["batch_norm1d"] = "backward-bias-missing",
        ["batch_norm2d"] = "backward-bias-missing",
        ["max_pool2d"] = "ceil-ignored",
        ["avg_pool2d"] = "ceil-ignored",
        ["cross_entropy"] = "gradient-sign",
        ["nll_loss"] = "gradient-sign",
        ["generalized_cross_entropy"] = "gradient-sign",
        ["mse_loss"] = "gradient-sign",
        ["conv2d"] = "bias-missing",
        ["relu"] = "mask-of-the-first-image",
        ["leaky_relu"] = "mask-of-the-gradient",
        ["flatten"] = "images-reversed",
        ["dropout"] = "mask-inverted",
        ["sgd"] = "rate-missing",
        ["adam"] = "ascends",
        ["adamw"] = "ascends",
    };

    private static IEnumerable<TestCaseData> Meant() => Conventions.All.Where(one => one is not OtherForm)
        .SelectMany(one => one.Operations.Select(op => new TestCaseData(one, op).SetArgDisplayNames(one.Name, one.Value, op)));

    [TestCaseSource(nameof(Meant))]
    public void WhoDoesNotDeclareItIsToldWhatToDeclare(Convention convention, string op)
    {
        var causes = Wrong.Causes(EngineOf(convention, op), op);

        Assert.That(causes, Is.Not.Empty);
        Assert.Multiple(() =>
        {
            foreach (var cause in causes)
            {
                Assert.That(Advice.Find(cause), Does.StartWith("declare ").And.Contain(convention.Declared).And.EndsWith(" if you mean it"));
                Assert.That(CauseText.Render(cause), Does.Contain(convention.Declared));
                Assert.That(CauseText.Line(cause), Does.Contain(convention.Declared));
            }
        });
    }

    /// <summary>Of two conventions that share a mistake the one that is so in every tensor.</summary>
    [TestCase("loss_gradient", "cross_entropy.gradient-not-averaged")]
    [TestCase("loss_reduction", "cross_entropy.gradient-not-averaged", "cross_entropy.sum-for-mean")]
    [TestCase("loss_gradient", "mse_loss.gradient-not-averaged", "mse_loss.half-in-the-loss")]
    public void NoOtherConventionIsOffered(string name, params string[] mistakes)
    {
        var advice = Wrong.Causes(Wrong.With(mistakes), mistakes[0].Split('.')[0]).Select(cause => Advice.Find(cause) ?? "").ToArray();
        Assert.That(advice, Has.Some.Contains($"\"{name}\""));
        Assert.That(
            advice.Where(text => text.Contains("\"loss_", StringComparison.Ordinal)),
            Has.All.EqualTo($"declare \"{name}\": \"sum\" if you mean it"));
    }

    [TestCaseSource(nameof(Meant))]
    public void WhoDeclaresItIsRight(Convention convention, string op)
    {
        var engine = EngineOf(convention, op).With((convention.Name, convention.Value));
        var reports = Wrong.Questions(op).Select(question => Judge.Run(engine, question)).ToArray();

        Assert.That(reports.Where(report => !report.Verdict.IsGood()).Select(FailureText.Render), Is.Empty);
        Assert.That(reports.Count(report => report.Verdict == Verdict.Dialect), Is.Positive);
    }

    [TestCaseSource(nameof(Meant))]
    public void ARealDefectUnderItIsNamed(Convention convention, string op)
    {
        var defect = AllOperations.DefectOf($"{op}.{RealDefect[op]}");

        var causes = Wrong.Causes(EngineOf(convention, op, defect).With((convention.Name, convention.Value)), op);

        Assert.That(causes.SelectMany(cause => cause.Explanations), Does.Contain(defect));
    }

    [TestCaseSource(nameof(Meant))]
    public void PyTorchsOwnAnswerIsWrongUnderIt(Convention convention, string op)
    {
        var engine = new Declaring(new OracleSubject(Summation.Sequential).Run).With((convention.Name, convention.Value));

        Assert.That(Wrong.Questions(op).Select(question => Judge.Run(engine, question).Verdict), Does.Contain(Verdict.Fail));
    }

    /// <summary>Sums are rounded in an order of their own; the noise of a formula would be that of PyTorch's numbers, and is left out.</summary>
    private static ISubject EngineOf(string op, Defect meant) =>
        AllOperations.Named(op) is TapOperation ? new OracleSubject(Summation.Pairwise, meant) : new DefectSubject(meant);

    /// <summary>An engine that computes in float32, as the convention says and with a defect.</summary>
    private static Declaring EngineOf(Convention convention, string op, Defect? defect = null) => convention switch
    {
        OtherReading reading => new(layerCase =>
        {
            var engine = new OracleSubject(Summation.Pairwise, defect);
            var read = engine.Run(layerCase with { Attributes = reading.Read(layerCase.Attributes) });
            return reading.GradientsAlone ? new(engine.Run(layerCase).Outputs, read.Gradients) : read;
        }),
        MeantMistake meant => new(EngineOf(
            op, meant.In(op).Concat(defect is null ? [] : [defect]).Aggregate((Defect one, Defect other) => new PairDefect(one, other))).Run),
        _ => throw new ArgumentException($"{convention.Declared} is no convention of value"),
    };
}
