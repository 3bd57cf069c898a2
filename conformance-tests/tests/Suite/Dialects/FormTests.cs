using Conformance.Oracle;
using Conformance.Suite.Diagnosing;
using Conformance.Suite.Judging;
using Conformance.Suite.Reporting.Text;
using Conformance.Suite.Running;
using Conformance.Tests.Suite.Diagnosing;

namespace Conformance.Tests.Suite.Dialects;

/// <summary>Every convention of form, by an engine that has it. The answers are PyTorch's; exact cases stay exact.</summary>
[Parallelizable]
public sealed class FormTests
{
    private static readonly Declaring InOut = new Declaring(Rows.LinearInOut).With(("linear_weight", "in,out"));

    private static readonly Declaring Nhwc = new Declaring(Rows.ConvolutionNhwc).With(("layout", "NHWC"), ("conv_weight", "HWIO"));

    private static readonly Declaring Fused =
        new Declaring(Rows.Fused, new() { Operations = ["linear_cross_entropy"] }).With(("linear_loss", "fused"));

    [Test]
    public void LinearWeightsInOut()
    {
        AssertRight(InOut, "linear");
        AssertNamed(With(InOut, "gradients.bias", value => -value), "linear", "linear.bias-gradient-negated");
    }

    [Test]
    public void ImagesWithTheirChannelsLast()
    {
        AssertRight(Nhwc, "conv2d");
        AssertNamed(With(Nhwc, "gradients.bias", value => -value), "conv2d", "conv2d.bias-gradient-negated");
    }

    [Test]
    public void ExactCasesStayExactInAnotherForm()
    {
        var reports = Wrong.Questions("conv2d").Where(question => question.Case.Tier == Tier.Exact)
            .Select(question => Judge.Run(Nhwc, question)).Where(report => report.Verdict == Verdict.Dialect).ToArray();

        Assert.That(reports, Is.Not.Empty);
        Assert.That(reports.SelectMany(report => report.Tensors).Select(tensor => (tensor.MaxError, tensor.Bound)), Is.All.EqualTo((0.0, 0.0)));
    }

    [Test]
    public void KernelsOfTensorFlowLite()
    {
        var engine = new Declaring(asked => Reordered(new OracleSubject(Summation.Sequential).Run(
            asked with
            {
                Inputs = asked.Inputs.ToDictionary(
                    pair => pair.Key, pair => pair.Key == "weight" ? WrongEngine.Permuted(pair.Value, 0, 3, 1, 2) : pair.Value)
            })))
            .With(("conv_weight", "OHWI"));
        AssertRight(engine, "conv2d");

        static LayerResult Reordered(LayerResult result) =>
            result.Select((name, tensor) => name == "gradients.weight" ? WrongEngine.Permuted(tensor, 0, 2, 3, 1) : tensor);
    }

    /// <summary>TensorFlow's convolution: NHWC and HWIO, and a padding that is a word.</summary>
    [Test]
    public void PaddingByName()
    {
        var engine = new Declaring(asked => Rows.ConvolutionNhwc(asked with { Attributes = asked.Attributes.With("padding", Rows.Sides(asked)) }))
            .With(("padding", "named"), ("layout", "NHWC"), ("conv_weight", "HWIO"));
        var reports = Wrong.Questions("conv2d").Where(question => question.Case.Refused is null)
            .Select(question => Judge.Run(engine, question)).ToArray();

        Assert.That(reports.Where(report => report.Verdict.IsBad()).Select(FailureText.Render), Is.Empty);
        Assert.That(
            reports.Where(report => report.Verdict == Verdict.Dialect)
                .Select(report => report.Question.Case.Attributes.Ints("padding", 4).Sum() > 0).Distinct(),
            Is.EquivalentTo(new[] { false, true }));
        Assert.That(reports.Select(report => report.Message), Has.Some.EndsWith("is neither SAME nor VALID"));
    }

    [TestCase("max_pool2d/n1c1h5w6-k3x2-s2x1-p1x0", "neither")]
    [TestCase("max_pool2d/n1c1h5w7-k3-s2-p1", "SAME")]
    [TestCase("max_pool2d/n1c1h5w7-k3-s2-p1-ceil", "neither")]
    [TestCase("avg_pool2d/n1c1h4w4-k2-s2", "VALID")]
    public void ThePaddingOfAPoolByName(string id, string word)
    {
        var engine = new Declaring(asked => throw new NotSupportedException(asked.Attributes.Text("padding"))).With(("padding", "named"));

        Assert.That(
            Judge.Run(engine, Question.AnsweredByTheOracle(AllOperations.Draw(id))).Message,
            word.EndsWith("neither", StringComparison.Ordinal) ? Does.EndWith("neither SAME nor VALID") : Is.EqualTo(word));
    }

    /// <summary>Four loops over [N, H, W, C] are a reshape; over [N, C, H, W] they write the channels fastest.</summary>
    [TestCase(false)]
    [TestCase(true)]
    public void ChannelsLastFlatten(bool nhwc)
    {
        var engine = new Declaring(asked => Rows.FlattenChannelsLast(asked, nhwc));
        var declared = nhwc ? engine.With(("flatten_order", "channels_last"), ("layout", "NHWC")) : engine.With(("flatten_order", "channels_last"));

        AssertRight(declared, "flatten");
        if (!nhwc)
            Assert.That(
                Wrong.Causes(engine, "flatten").Select(Advice.Find),
                Is.Not.Empty.And.All.EqualTo("declare \"flatten_order\": \"channels_last\" if you mean it"));
    }

    [Test, Category("Long")]
    public void AFusedLayerIsAskedForItsLossAndTheLinearGradients()
    {
        AssertRight(Fused, "cross_entropy");
        AssertRight(Fused, "linear");
        var linear = Wrong.Questions("linear").Select(question => Judge.Run(Fused, question)).First(report => report.Verdict == Verdict.Dialect);
        Assert.That(linear.Tensors.Select(tensor => tensor.Name), Is.SupersetOf(new[] { "gradients.input", "gradients.weight" }));
        Assert.That(linear.LeftOut.Keys, Is.EqualTo(["outputs.output"]));
        AssertNamed(With(Fused, "gradients.bias", value => -value), "linear", "linear.bias-gradient-negated");
        AssertNamed(With(Fused, "gradients.input", value => -value), "cross_entropy", "cross_entropy.gradient-sign");
    }

    [Test, Category("Long")]
    public void FormsGoTogether()
    {
        var engine = new Declaring(asked =>
        {
            var one = asked with
            {
                Inputs = asked.Inputs.ToDictionary(
                    pair => pair.Key,
                    pair => pair.Key is "input" or "target" ? WrongEngine.Reshaped(pair.Value, [1, .. pair.Value.Shape])
                        : pair.Key == "weight" ? WrongEngine.Permuted(pair.Value, 1, 0)
                        : pair.Value),
            };
            var reply = Rows.Fused(one);
            var rate = asked.Attributes.Number("lr");
            var after = asked.Inputs.Where(pair => pair.Key is "weight" or "bias").Select(pair => (pair.Key,
                Value: Less(
                    pair.Value, pair.Key == "weight" ? WrongEngine.Permuted(reply.Gradients["weight"], 1, 0) : reply.Gradients["bias"], rate)));
            return new(new Dictionary<string, Tensor64>(after.Select(pair => KeyValuePair.Create(pair.Key, pair.Value)))
            {
                ["output"] = reply.Outputs["output"]
            },
                new Dictionary<string, Tensor64> { ["input"] = WrongEngine.Reshaped(reply.Gradients["input"], asked.Input("input").Shape) });
        }, new() { Operations = ["linear_cross_entropy"] }).With(
            ("linear_loss", "fused"), ("batch", "none"), ("linear_weight", "in,out"), ("backward", "updates"));

        AssertRight(engine, "cross_entropy");
        AssertRight(engine, "linear");
    }

    [TestCase("gradients.weight", new[] { 1, 0 }, "linear", "\"linear_weight\": \"in,out\"")]
    [TestCase("gradients.weight", new[] { 2, 3, 1, 0 }, "conv2d", "\"conv_weight\": \"HWIO\"")]
    [TestCase("gradients.weight", new[] { 0, 2, 3, 1 }, "conv2d", "\"conv_weight\": \"OHWI\"")]
    public void WhoseAnswerHasOtherAxesIsToldWhatToDeclare(string tensor, int[] order, string op, string declared)
    {
        var causes = Wrong.Causes(Wrong.But((layerCase, answer) => layerCase.Refused is null
            ? Wrong.With(
                Wrong.With(answer, tensor, right => WrongEngine.Permuted(right, order)), "outputs.output", right => right.Select(value => value + 1))
            : answer),
            op);

        Assert.That(causes.Select(Advice.Find), Does.Contain($"declare {declared} if you mean it"));
    }

    /// <summary>Its arguments it reads as PyTorch does: asked in another form, it would be wrong.</summary>
    [TestCase("gradients.weight", new[] { 1, 0 }, "linear")]
    [TestCase("gradients.weight", new[] { 2, 3, 1, 0 }, "conv2d")]
    [TestCase("gradients.weight", new[] { 0, 2, 3, 1 }, "conv2d")]
    [TestCase("outputs.output", new[] { 0, 2, 3, 1 }, "conv2d")]
    public void WhoseAnswerAloneHasOtherAxesIsNotToldToDeclareThem(string tensor, int[] order, string op) =>
        Assert.That(
            Wrong.Causes(
                Wrong.But((layerCase, answer) => layerCase.Refused is null
                    ? Wrong.With(answer, tensor, right => WrongEngine.Permuted(right, order))
                    : answer),
                op)
                .Select(Advice.Find),
            Is.Not.Empty.And.All.Null);

    [Test]
    public void NorIsWhoTransposesAWeightGradientInPlace() =>
        Assert.That(Wrong.Causes(Wrong.With("linear.backward-weight-transposed"), "linear").Select(Advice.Find), Is.Not.Empty.And.All.Null);

    [TestCase("linear.weight-transposed", "\"linear_weight\": \"in,out\"")]
    [TestCase("conv2d.weight-kh-kw-in-out", "\"conv_weight\": \"HWIO\"")]
    [TestCase("conv2d.kernel-channels-last", "\"conv_weight\": \"OHWI\"")]
    [TestCase("conv2d.input-channels-last", "\"layout\": \"NHWC\"")]
    public void WhoReadsArgumentsInAnotherLayoutIsToldWhatToDeclare(string defect, string declared) =>
        Assert.That(
            Wrong.Causes(Wrong.With(defect), defect.Split('.')[0]).Select(Advice.Find),
            Is.Not.Empty.And.All.EqualTo($"declare {declared} if you mean it"));

    private static void AssertRight(ISubject engine, string op)
    {
        var reports = Wrong.Questions(op).Select(question => Judge.Run(engine, question)).ToArray();
        Assert.That(reports.Where(report => report.Verdict.IsBad()).Select(FailureText.Render), Is.Empty, op);
        Assert.That(reports.Count(report => report.Verdict == Verdict.Dialect), Is.GreaterThan(3), op);
    }

    private static void AssertNamed(ISubject engine, string op, string defect) =>
        Assert.That(Wrong.Causes(engine, op).SelectMany(cause => cause.Explanations).Select(one => one.Id), Does.Contain(defect));

    private static Declaring With(Declaring engine, string tensor, Func<double, double> change) =>
        new(asked => engine.Run(asked).Select((name, value) => name == tensor ? value.Select(change) : value), engine.Declares);

    private static Tensor64 Less(Tensor64 before, Tensor64 gradient, double rate) =>
        new(before.Shape, [.. Enumerable.Range(0, before.Length).Select(i => (double)(float)(before[i] - rate * gradient[i]))]);
}
