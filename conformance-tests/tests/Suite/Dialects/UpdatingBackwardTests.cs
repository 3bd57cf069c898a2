using Conformance.Oracle;
using Conformance.Suite.Judging;
using Conformance.Suite.Reporting.Text;
using Conformance.Suite.Running;
using Conformance.Tests.Suite.Diagnosing;

namespace Conformance.Tests.Suite.Dialects;

/// <summary>The recipe for layers whose backward pass is the optimiser too.</summary>
public sealed class UpdatingBackwardTests
{
    [Test]
    public void TheGradientIsRecoveredExactlyFromIntegers()
    {
        var reports = Reports(new DenseSubject(), Tier.Exact);

        Assert.That(reports.Select(report => report.Verdict), Is.All.EqualTo(Verdict.Dialect));
        Assert.That(reports.SelectMany(report => report.Tensors).Select(tensor => (tensor.MaxError, tensor.Bound)), Is.All.EqualTo((0.0, 0.0)));
    }

    [Test]
    public void AndFromFloatsWithinTheToleranceOfAGradientThatIsAnswered() =>
        Assert.That(Reports(new DenseSubject(), Tier.Bounded).Select(FailureTextOrNone), Is.Not.Empty.And.All.EqualTo(""));

    /// <summary>Why floats are asked a second time with zeros: without it what a small gradient takes off a large weight is rounded.</summary>
    [Test]
    public void ADifferenceOfFloatsAloneWouldNotDo()
    {
        var question = Question.AnsweredByTheOracle(Small(AllOperations.Draw("linear/n3-i5-o4-float")));
        var asked = question.Case with { Attributes = question.Case.Attributes.With("lr", 1) };
        var (before, after) = (asked.Input("weight"), new DenseSubject().Run(asked).Outputs["weight"]);
        var right = question.Expected.Gradients["weight"];

        Assert.That(
            Enumerable.Range(0, right.Length).Count(i => Math.Abs(before[i] - after[i] - right[i]) > question.Bound.At("gradients.weight", i)),
            Is.Positive);
        Assert.That(Judge.Run(new DenseSubject(), question).Verdict, Is.EqualTo(Verdict.Dialect));
    }

    [Test]
    public void AnInputGradientFromTheUpdatedWeightFails() =>
        Assert.That(Reports(new DenseSubject { UpdatesFirst = true }, Tier.Exact).Where(report => report.Verdict == Verdict.Fail)
            .SelectMany(report => report.Tensors).Where(tensor => !tensor.Passes).Select(tensor => tensor.Name).Distinct(),
            Is.EqualTo(["gradients.input"]));

    [Test]
    public void ADefectOfTheUpdateIsNamed()
    {
        var causes = Wrong.Causes(new DenseSubject { Sign = 1 }, "linear");

        Assert.That(
            causes.SelectMany(cause => cause.Explanations).Select(defect => defect.Id),
            Is.SupersetOf(new[] { "linear.backward-weight-negated", "linear.bias-gradient-negated" }));
    }

    [Test]
    public void ThePagesSampleIsWhatSuchALayerAnswers()
    {
        var asked = new LayerCase("linear/n1-i2-o1", "linear", Attributes.FromPairs(("lr", 1)), Tier.Exact,
            new Dictionary<string, Tensor64> { ["input"] = new([1, 2], [2, 3]), ["weight"] = new([1, 2], [5, 7]), ["bias"] = new([1], [1]) },
            new Dictionary<string, Tensor64> { ["output"] = new([1, 1], [4]) }, []);
        var answer = new DenseSubject().Run(asked);

        string[] said = [.. answer.Tensors.Select(
            pair => $"\"{pair.Key.Split('.')[1]}\":{{\"shape\":{pair.Value},\"data\":[{string.Join(",", pair.Value.Data.ToArray())}]}}")];
        var page = File.ReadAllText(Path.Combine(Repository.Root, "conformance-tests", "DIALECTS.md"));
        Assert.That(said, Has.Length.EqualTo(4).And.All.Matches<string>(text => page.Contains(text, StringComparison.Ordinal)));
    }

    private static CaseReport[] Reports(ISubject subject, Tier tier) =>
        [.. Wrong.Questions("linear").Where(question => question.Case.Refused is null && question.Case.Tier == tier)
            .Select(question => Judge.Run(subject, question))];

    private static string FailureTextOrNone(CaseReport report) => report.Verdict == Verdict.Dialect ? "" : FailureText.Render(report);

    /// <summary>Cotangents a millionth of what they were, as far into a training.</summary>
    private static LayerCase Small(LayerCase layerCase) =>
        layerCase with
        {
            Cotangents = layerCase.Cotangents.ToDictionary(pair => pair.Key, pair => pair.Value.Select(value => (float)(value * 1e-6)))
        };

    /// <summary>A dense layer as courses write it: <c>forward(x)</c>, <c>backward(dy, lr)</c>, and no gradient to be had.</summary>
    private sealed class DenseSubject : ISubject
    {
        public bool UpdatesFirst { get; init; }

        public int Sign { get; init; } = -1;

        public string Name => "dense";

        public Declaration Declares { get; } = new() { Conventions = new Dictionary<string, string> { ["backward"] = "updates" } };

        public LayerResult Run(LayerCase layerCase)
        {
            var (x, dy) = (Floats(layerCase.Input("input")), Floats(layerCase.Cotangents["output"]));
            var (w, b) = (Floats(layerCase.Input("weight")), layerCase.Inputs.TryGetValue("bias", out var bias) ? Floats(bias) : null);
            var (outputs, inputs) = (layerCase.Input("weight").Shape[0], layerCase.Input("weight").Shape[1]);
            var rows = x.Length / inputs;
            var rate = (float)layerCase.Attributes.Number("lr");

            var y = new float[rows * outputs];
            for (var n = 0; n < rows; n++)
                for (var o = 0; o < outputs; o++)
                    y[n * outputs + o] = (b?[o] ?? 0) + Dot(i => x[n * inputs + i] * w[o * inputs + i], inputs);

            var dx = UpdatesFirst ? null : InputGradient();
            for (var o = 0; o < outputs; o++)
            {
                for (var i = 0; i < inputs; i++)
                    w[o * inputs + i] += Sign * rate * Dot(n => dy[n * outputs + o] * x[n * inputs + i], rows);
                if (b is not null)
                    b[o] += Sign * rate * Dot(n => dy[n * outputs + o], rows);
            }
            dx ??= InputGradient();

            var answers = new Dictionary<string, Tensor64>
            {
                ["output"] = Tensor(layerCase.Cotangents["output"].Shape, y),
                ["weight"] = Tensor(layerCase.Input("weight").Shape, w),
            };
            if (b is not null)
                answers["bias"] = Tensor([outputs], b);
            return new(answers, new Dictionary<string, Tensor64> { ["input"] = Tensor(layerCase.Input("input").Shape, dx) });

            float[] InputGradient() =>
            [
                .. from n in Enumerable.Range(0, rows)
                   from i in Enumerable.Range(0, inputs)
                   select Dot(o => dy[n * outputs + o] * w[o * inputs + i], outputs)
            ];
        }

        private static float Dot(Func<int, float> term, int count)
        {
            var sum = 0f;
            for (var i = 0; i < count; i++)
                sum += term(i);
            return sum;
        }

        private static float[] Floats(Tensor64 tensor) => Array.ConvertAll(tensor.Data.ToArray(), value => (float)value);

        private static Tensor64 Tensor(ReadOnlySpan<int> shape, float[] data) => new(shape, Array.ConvertAll(data, value => (double)value));
    }
}
