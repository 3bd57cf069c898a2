using System.Reflection;
using System.Text.Json;
using Conformance.Cli.Check;
using Conformance.Cli.Shared;
using Conformance.Cli.Train;
using Conformance.Oracle;
using Conformance.Suite.Fixtures;
using Conformance.Suite.Judging;
using Conformance.Suite.Reporting;
using Conformance.Suite.Running;

namespace Conformance.Tests.Suite.Reporting;

/// <summary>Whatever an engine or a reference gives, results are JSON that can be read: NaN and the infinities are strings.</summary>
internal sealed class NonFiniteTests
{
    private static readonly double[] Numbers = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.MaxValue];

    /// <summary>
    /// Writers without fractions: files of texts and whole numbers, and presets, which people write and whose numbers are checked on reading.
    /// </summary>
    private static readonly Type[] Others = [typeof(Manifest), typeof(VectorText), typeof(ShrunkCaseFiles), typeof(Preset)];

    private static IEnumerable<TestCaseData> EveryOption() =>
        from assembly in new[] { typeof(Results).Assembly, typeof(ResultsJson).Assembly }
        from type in assembly.GetTypes()
        where !Others.Contains(type)
        from field in type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
        where field.FieldType == typeof(JsonSerializerOptions)
        select new TestCaseData((JsonSerializerOptions)field.GetValue(null)!).SetArgDisplayNames($"{type.Name}.{field.Name}");

    [TestCaseSource(nameof(EveryOption))]
    public void EveryWriterHoldsEveryNumber(JsonSerializerOptions options)
    {
        var text = JsonSerializer.Serialize(Numbers, options);
        using var parsed = JsonDocument.Parse(text);
        Assert.That(
            parsed.RootElement.EnumerateArray().Take(3).Select(number => number.GetString()),
            Is.EqualTo(new[] { "NaN", "Infinity", "-Infinity" }));
        Assert.That(JsonSerializer.Deserialize<double[]>(text, options), Is.EqualTo(Numbers));
    }

    /// <summary>An engine that answers it, a reference that does, and a tolerance that is none.</summary>
    [Test]
    public void ResultsOfACheckCanBeReadAgain([ValueSource(nameof(Numbers))] double number, [Values("answer", "expected", "bound")] string where)
    {
        var question = Question.AnsweredByTheOracle(AllOperations.Draw("softmax/n2c3"));
        if (where == "expected")
            question = question with { Expected = question.Expected.Select((_, tensor) => tensor.Select(_ => number)) };
        if (where == "bound")
            question = question with { Bound = new(question.Expected.Tensors.ToDictionary(pair => pair.Key, _ => Tensor64.Scalar(number))) };
        var engine = new Engine(where == "answer" ? number : 0.25);
        var report = new Examiner([engine]).Report([Judge.Run(engine, question)], "suite", () => TimeSpan.Zero, CancellationToken.None);

        var path = Path.GetTempFileName();
        File.WriteAllText(path, Results.FromReport(report).Text());
        var read = Results.Read(path);
        File.Delete(path);

        Assert.That(read.Cases.Single().Tensors.Select(tensor => tensor.Name), Is.EqualTo(new[] { "outputs.output", "gradients.input" }));
        Assert.That(read.Cases.Single().Verdict, Is.EqualTo(where == "bound" && number > 0 ? "pass" : "fail"));
    }

    private sealed class Engine(double number) : ISubject
    {
        public string Name => "off the scale";

        public LayerResult Run(LayerCase layerCase) =>
            AllOperations.Named(layerCase.Op).Evaluate(layerCase).Select((_, tensor) => tensor.Select(_ => number));
    }
}
