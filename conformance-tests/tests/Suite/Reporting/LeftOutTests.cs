using System.Xml.Linq;
using Conformance.Oracle;
using Conformance.Suite.Judging;
using Conformance.Suite.Reporting;
using Conformance.Suite.Reporting.Engines;
using Conformance.Suite.Reporting.Files;
using Conformance.Suite.Reporting.Html;
using Conformance.Suite.Reporting.Text;
using Conformance.Suite.Running;
using Conformance.Tests.Suite.Dialects;

namespace Conformance.Tests.Suite.Reporting;

/// <summary>What an engine leaves out or does not offer is told in every report, of one engine and of several.</summary>
internal sealed class LeftOutTests
{
    private const string Line = "left out, and not judged: gradient of input in 2 cases of linear: first layer of my net";

    private static readonly CheckReport Report =
        Check(new Declaring(Answer, new() { Conventions = new Dictionary<string, string> { ["relu_at_zero"] = "open" } }));

    [Test]
    public void TheConsoleSaysIt() => Assert.That(
        CheckText.Render(Report, "DIR", TextStyle.Plain),
        Does.Contain(Line).And.Contain("3 of 4 pass, 2 of them in part, with tensors left out, 1 unsupported"));

    [Test]
    public void SoDoTheFiles()
    {
        var junit = XDocument.Parse(JUnitXml.Render(Report));
        var cases = Results.FromReport(Report).Cases;
        Assert.Multiple(() =>
        {
            Assert.That(
                CheckHtml.Render(Report, []),
                Does.Contain(Line).And.Contain("linear/n3-i5-o4; gradient of input is left out: first layer of my net"));
            Assert.That(CheckMarkdown.Render(Report), Does.Contain(Line));
            Assert.That(
                junit.Descendants("system-out").Select(text => text.Value),
                Is.EqualTo(Enumerable.Repeat("gradient of input is left out: first layer of my net", 2)));
            Assert.That(cases[0].LeftOut, Is.EqualTo(new Dictionary<string, string> { ["gradients.input"] = "first layer of my net" }));
            Assert.That(cases[2].LeftOut, Is.Null);
        });
    }

    /// <summary>A failure besides.</summary>
    [Test]
    public void AndAFailingCase() =>
        Assert.That(FailureText.Render(Judge.Run(
            new Declaring(layerCase =>
                Answer(layerCase).Select((_, tensor) => tensor.Select(value => value + 1)) with { Unsupported = Answer(layerCase).Unsupported }),
            Question("linear/n3-i5-o4"))),
            Does.Contain("\n  gradients.input: left out, and not judged: first layer of my net\n"));

    [Test]
    public void EnginesSideBySideSayWhatWasNotSeen()
    {
        var table =
            EnginesTable.FromResults([(Results.FromReport(Report), "a/results.json"), (Results.FromReport(FixedRun.RightReport), "b/results.json")]);
        var page = EnginesHtml.Render(table, path => path);
        var csv = EnginesCsv.Render(table).Split("\r\n");
        Assert.Multiple(() =>
        {
            Assert.That(
                page,
                Does.Contain("What was not seen").And.Contain("not offered: softmax (each of 1 case)")
                    .And.Contain("left out of 2 cases of linear: gradients.input"));
            Assert.That(page, Does.Contain("relu: 1 of 1 judged cases pass; they would have caught "), "and which mistakes could be there");
            Assert.That(csv[0], Does.StartWith("engine,pass,fail,unsupported,dialect,in part,"));
            Assert.That(csv.Single(line => line.StartsWith("declaring,", StringComparison.Ordinal)), Does.StartWith("declaring,3,0,1,1,2,"));
        });
    }

    private static CheckReport Check(Declaring engine) =>
        new Examiner([engine]).Report(
            [.. new[] { "linear/n3-i5-o4", "linear/n4-i7-o2", "relu/n2c3h5w4", "softmax/n2c3" }.Select(id => Judge.Run(engine, Question(id)))],
            "suite", () => TimeSpan.FromSeconds(1), CancellationToken.None);

    private static Question Question(string id) => Conformance.Suite.Judging.Question.AnsweredByTheOracle(AllOperations.Draw(id));

    /// <summary>Right by its declaration, without the gradient of a linear layer's input, and without softmax.</summary>
    private static LayerResult Answer(LayerCase layerCase)
    {
        var operation = AllOperations.Named(layerCase.Op);
        return layerCase.Op switch
        {
            "softmax" => throw new NotSupportedException("not yet"),
            "relu" => operation.Evaluate(layerCase, AllOperations.DefectOf("relu.open-at-zero")),
            _ => operation.Evaluate(layerCase) is var right
                ? new LayerResult(right.Outputs, right.Gradients.Where(pair => pair.Key != "input").ToDictionary())
                {
                    Unsupported = new Dictionary<string, string> { ["gradients.input"] = "first layer of my net" }
                }
                : LayerResult.Empty,
        };
    }
}
