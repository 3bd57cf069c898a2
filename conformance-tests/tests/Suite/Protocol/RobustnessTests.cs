using Conformance.Suite.Judging;
using Conformance.Suite.Running;

namespace Conformance.Tests.Suite.Protocol;

/// <summary>
/// A fault of an engine in one case costs it that case alone. The other cases are judged as before, the run ends, and no process is left.
/// </summary>
[Parallelizable(ParallelScope.Children)]
internal sealed class RobustnessTests
{
    private const string Trigger = "relu/n2c3h4w5";
    private const double Patience = 1.5;

    /// <summary>What ends by time.</summary>
    private static readonly string[] Waits = ["hang", "late", "close-stdout", "flood-stderr-only", "fork-and-exit"];

    private static readonly Question[] Relu = Stored.Questions("relu");

    [OneTimeSetUp]
    public void RequirePython() => Python.Require();

    [TestCase("hang", Verdict.Error, "no answer within 1.5 s")]
    [TestCase("late", Verdict.Error, "no answer within 1.5 s")]
    [TestCase("exit", Verdict.Error, @"the engine ended with exit code 7; last on stderr: Traceback: \u001b[31mno such layer")]
    [TestCase("crash", Verdict.Error, "the engine died of signal 11 (segmentation fault)")]
    [TestCase("flood-stdout", Verdict.Error, "expected a JSON object, one on a line, got tra la la")]
    [TestCase("flood-stderr-only", Verdict.Error, "no answer within 1.5 s; last on stderr: …")]
    [TestCase("long-line", Verdict.Error, """a line of more than 1071616 bytes, and this case's answer needs fewer; it begins '{"id":1,…""")]
    [TestCase("no-utf8", Verdict.Error, """the line is not UTF-8: {"id":"��"}""")]
    [TestCase(
        "bare-nan",
        Verdict.Error,
        """the line has the bare word NaN, which JSON has no place for: write "NaN", "Infinity" or "-Infinity" as a string""")]
    [TestCase(
        "bare-minus-infinity",
        Verdict.Error,
        """the line has the bare word -Infinity, which JSON has no place for: write "NaN", "Infinity" or "-Infinity" as a string""")]
    [TestCase("wrong-id", Verdict.Error, @"expected the reply to relu/n2c3h4w5, got one to '\u001b]0;relu/other\u0007'")]
    [TestCase("no-id", Verdict.Error, "a reply without the id relu/n2c3h4w5")]
    [TestCase("twice", Verdict.Error, "more than one line came in answer: one for each request, and all else to stderr")]
    [TestCase("prints", Verdict.Error, "expected a JSON object, one on a line, got computing relu")]
    [TestCase("wrong-shape", Verdict.Fail, "outputs.output: expected shape [2,3,4,5], got [120]")]
    [TestCase("wrong-count", Verdict.Error, "outputs.output: shape [2,3,4,5,2] has 240 elements, the data has 120")]
    [TestCase("nested-data", Verdict.Error, "outputs.output.data[0]: expected a number, got a list: data is flat, row by row, whatever the shape")]
    [TestCase(
        "text-in-data",
        Verdict.Error,
        @"outputs.output.data[0]: expected a number, or ""NaN"", ""Infinity"" or ""-Infinity"", got ""<b>\u001b[2J\u202e""")]
    [TestCase("null-in-data", Verdict.Error, """outputs.output.data[3]: expected a number, or "NaN", "Infinity" or "-Infinity", got null""")]
    [TestCase(
        "overflow",
        Verdict.Error,
        @"outputs.output.data[0]: expected a number that float64 holds, got -1e400: an infinity is the string ""Infinity"" or ""-Infinity""")]
    [TestCase("carriage-return", Verdict.Pass, "")]
    [TestCase("aside", Verdict.Pass, "")]
    [TestCase("orphan", Verdict.Pass, "")]
    [TestCase("no-data", Verdict.Error, "outputs.output: expected shape and data, got no data")]
    [TestCase("no-gradients", Verdict.Fail, "gradients.input: missing")]
    [TestCase("nothing", Verdict.Error, "a reply needs outputs, unsupported, refused or error, and this one has none of them")]
    [TestCase("number", Verdict.Error, "expected a JSON object, got 42")]
    [TestCase("empty-line", Verdict.Error, "expected a JSON object, got an empty line")]
    [TestCase("half-a-line", Verdict.Error, """expected a JSON object, one on a line, got {"id":""")]
    [TestCase("more-behind", Verdict.Error, """expected a JSON object, one on a line, got {"id": "relu/n2c3h4w5", "outputs": …""")]
    [TestCase("deep", Verdict.Error, "the line is nested too deeply: a reply is an object of tensors")]
    [TestCase("huge-shape", Verdict.Error, "outputs.output: shape [2000000000,2000000000,2000000000] has more than 16777216 elements")]
    [TestCase("minus-shape", Verdict.Error, "outputs.output.shape: expected whole numbers of 0 or more, got -1")]
    [TestCase("many-axes", Verdict.Error, "outputs.output.shape: expected at most 8 axes")]
    [TestCase("error", Verdict.Error, @"the engine reports an error: \u001b[31mValueError\u0007: shapes (3,4) and (4,) <script>\u202exxx…")]
    [TestCase("refused", Verdict.Fail, "refused what has an answer: padding is more than half of the kernel")]
    [TestCase("unsupported", Verdict.Unsupported, "only four axes")]
    [TestCase("close-stdout", Verdict.Error, "the engine closed its stdout, and lives on")]
    [TestCase("fork-and-exit", Verdict.Error, "the engine ended with exit code 0")]
    [TestCase("fork", Verdict.Pass, "")]
    [TestCase("flood-stderr", Verdict.Pass, "")]
    [TestCase("ignore-end", Verdict.Pass, "")]
    [TestCase("none", Verdict.Pass, "")]
    public void WhatAnEngineDoesInOneCaseCostsThatCase(string mode, Verdict verdict, string message)
    {
        using var engine = new Misbehaving(mode, Trigger);
        CaseReport[] reports;
        using (var subject = engine.Start(Waits.Contains(mode) ? Patience : 30))
            reports = [.. Relu.Select(question => Judge.Run(subject, question))];
        var its = reports.Single(report => report.Question.Case.Id == Trigger);
        Assert.Multiple(() =>
        {
            Assert.That(
                reports.Where(report => report.Verdict != Verdict.Pass && report != its)
                    .Select(report => $"{report.Question.Case.Id}: {report.Message}"),
                Is.Empty);
            Assert.That(its.Verdict, Is.EqualTo(verdict));
            Assert.That(Said(its), message.EndsWith('…') ? Does.StartWith(message[..^1]) : Is.EqualTo(message));
            Assert.That(engine.Left, Is.Empty);
        });
    }

    private static string Said(CaseReport report) =>
        report.Message ?? report.Tensors.Where(tensor => !tensor.Passes).Select(tensor => $"{tensor.Name}: {tensor.Problem}").FirstOrDefault() ?? "";
}
