using Conformance.Oracle;
using Conformance.Suite.Diagnosing;
using Conformance.Suite.Diagnosing.Patterns;
using Conformance.Suite.Fixtures;
using Conformance.Suite.Judging;
using Conformance.Suite.Reporting.Files;
using Conformance.Suite.Reporting.Html;
using Conformance.Suite.Reporting.Text;
using Conformance.Suite.Running;
using static Conformance.Tests.Suite.Diagnosing.Wrong;

namespace Conformance.Tests.Suite.Diagnosing;

/// <summary>Whatever a diagnosis throws, the verdicts and the reports are there.</summary>
[Parallelizable]
internal sealed class DiagnosisFaultTests
{
    private const string Named = "linear.weight-transposed";

    /// <summary>The real one: a mistake that takes the mean of a row has none in an empty batch.</summary>
    [Test]
    public void AnEngineThatAnswersAnEmptyBatchInAnotherShape()
    {
        var report = Examined(But((layerCase, right) => layerCase.Input("input").Length > 0 ? right
            : right.Select((_, _) => new Tensor64([0], []))), "softmax", new());
        Assert.That(report.Findings.Single().Cause.Edge, Is.EqualTo("an empty batch (N = 0)"));
        AssertReports(report);
    }

    [Test]
    public void AMistakeThatThrowsIsNotTheOne()
    {
        var report = Examined(With(Named), "linear", new() { Others = [Throwing()] });
        Assert.That(report.Findings.Select(finding => finding.Cause.Diagnosis), Is.EqualTo(new[] { Named }));
        AssertReports(report);
    }

    /// <summary>Nonsense, so that pairs are asked for: each with the one that throws, too.</summary>
    [Test, Category("Long")]
    public void APairThatThrowsIsNotTheOne()
    {
        var report = Examined(But((layerCase, right) => With(right, "gradients.weight", answer =>
        {
            var dice = new Fill(7, layerCase.Id, "nonsense");
            return answer.Select(value => value + dice.Pick(1, 3));
        })), "linear", new() { Others = [Throwing()] });
        Assert.That(report.Findings.Single().Cause.Explanations, Is.Empty);
        AssertReports(report);
    }

    /// <summary>Where the right answer can't be had every pattern throws, and so does what the probe is asked for.</summary>
    [Test]
    public void PatternsAndTheProbeThatThrowFindNothing()
    {
        var report = new Examiner([With(Named)]).Report([Broken()], "hash", () => TimeSpan.Zero, CancellationToken.None);
        Assert.Multiple(() =>
        {
            Assert.That(() => AllPatterns.OfEveryElement(Evidence.Collect([Broken()]).Single()), Is.Null);
            Assert.That(() => Broken().Question.Expected, Throws.InstanceOf<InvalidDataException>());
            Assert.That(report.Findings.Single().Picture, Is.Null);
            Assert.That(CauseText.Render(report.Findings.Single().Cause), Does.Contain("no known mistake explains it"));
        });
    }

    [Test]
    public void ADiagnosisThatFailsAltogetherIsSaidInItsBlock()
    {
        var report = Examined(With(Named), "linear", new() { Others = Enumerable.Range(0, 1).Select<int, Defect>(_ => throw new InvalidOperationException("out of order")) });
        const string said = "the diagnosis failed, and the verdicts stand: InvalidOperationException: out of order";
        var (folder, cause) = (AssertReports(report), report.Findings.Single().Cause);
        Assert.Multiple(() =>
        {
            Assert.That(CauseText.Render(cause), Does.Contain(said).And.Contain("FAIL on"));
            foreach (var file in ReportFiles.OfOne.Except([BadgeSvg.FileName]))
                Assert.That(File.ReadAllText(Path.Combine(folder, file)), Does.Contain(said), file);
            Assert.That(report.Cases.Count(one => one.Verdict == Verdict.Fail), Is.GreaterThan(20));
        });
    }

    private static CheckReport Examined(ISubject engine, string op, Bank bank) =>
        new Examiner([engine]) { Bank = bank }.Report([.. Questions(op).Select(question => Judge.Run(engine, question))], "hash", () => TimeSpan.Zero, CancellationToken.None);

    /// <returns>The folder in which every report stands.</returns>
    private static string AssertReports(CheckReport report)
    {
        var folder = Path.Combine(TestContext.CurrentContext.WorkDirectory, "faults", TestContext.CurrentContext.Test.Name);
        Assert.That(ReportFiles.Write(folder, [report], FixtureFolder.Packed.CaseFiles()), Has.Count.EqualTo(ReportFiles.OfOne.Count));
        return folder;
    }

    private static ScaleDefect Throwing() => new("linear.throwing", Passes.All, MistakeClass.Scale, "it throws", "don't", _ => throw new InvalidOperationException("no such row"));

    private static CaseReport Broken()
    {
        var layerCase = AllOperations.Draw("linear/n3-i5-o4");
        var question = Question.FromHashes(layerCase, new Dictionary<string, TensorHash>(), () => throw new InvalidDataException("no answer"), "nobody");
        return new(question, "engine", null, Verdict.Fail, [Wrong(layerCase)], null, 1) { Reply = LayerResult.Empty };
    }

    private static TensorComparison Wrong(LayerCase layerCase) =>
        Judge.Run(With(Named), Question.AnsweredByTheOracle(layerCase)).Tensors.First(tensor => !tensor.Passes);
}
