using Conformance.Oracle;
using Conformance.Scratch;
using Conformance.Suite.Diagnosing.Probing;
using Conformance.Suite.Judging;
using static VerifyNUnit.Verifier;

namespace Conformance.Tests.Suite.Diagnosing.Probing;

/// <summary>What is read from an engine's answers is what it multiplies; and nothing is claimed of an engine that doesn't add products.</summary>
[Parallelizable]
internal sealed class ProbeTests
{
    private const string Strided = "conv2d/n2c3h7w5-o4-k3x2-s2x1-p1x0";
    private const string Grouped = "conv2d/n2c4h5w6-o4-k2x3-p1-g2";

    [TestCase("conv2d.kernel-rotated", Strided, "outputs.output")]
    [TestCase("conv2d.stride-ignored", Strided, "outputs.output")]
    [TestCase("conv2d.groups-dealt-in-turn", Grouped, "outputs.output")]
    [TestCase("conv2d.one-kernel-for-all-channels", Strided, "outputs.output")]
    [TestCase("conv2d.one-kernel-for-all-channels", "conv2d/n1c2h4w4-o2-k2x3-s2x1-p1x0", "gradients.weight")]
    [TestCase("conv2d.backward-weight-ignores-stride", Strided, "gradients.weight")]
    [TestCase("conv2d.backward-weight-first-image", Strided, "gradients.weight")]
    [TestCase("conv2d.backward-input-shifted", Strided, "gradients.input")]
    [TestCase("conv2d.backward-input-without-group-offset", Grouped, "gradients.input")]
    [TestCase("linear.weight-transposed", "linear/n3-i7-o5", "outputs.output")]
    [TestCase("linear.backward-weight-transposed", "linear/n3-i7-o5", "gradients.weight")]
    [TestCase("linear.last-input-lost", "linear/n3-i7-o5", "gradients.input")]
    [TestCase("max_pool2d.backward-ignores-stride", "max_pool2d/n2c2h6w8-k2", "gradients.input")]
    [TestCase("max_pool2d.ties-to-all", "max_pool2d/n2c3h8w6-k2-ties", "gradients.input")]
    [TestCase("avg_pool2d.stride-ignored", "avg_pool2d/n2c2h6w8-k2x3", "outputs.output")]
    [TestCase("avg_pool2d.padding-never-counted", "avg_pool2d/n2c2h6w8-k3x2-s2-p1", "outputs.output")]
    [TestCase("avg_pool2d.padding-never-counted", "avg_pool2d/n2c2h6w8-k3x2-s2-p1", "gradients.input")]
    [TestCase("flatten.columns-first", "flatten/n2c3h4w5", "outputs.output")]
    public void EveryElementShowsTheDefectsOwnTaps(string defectId, string id, string tensor)
    {
        var (defect, layerCase) = (AllOperations.DefectOf(defectId), AllOperations.Draw(id));
        var operation = (TapOperation)AllOperations.Named(layerCase.Op);
        var result = operation.Evaluate(layerCase).Tensors.ToDictionary()[tensor];
        var (different, most) = (0, 0);
        for (var element = 0; element < result.Length; element += 1 + result.Length / 40)
        {
            var picture = Probe.Read(new DefectSubject(defect), layerCase, tensor, element);
            Assert.That(picture.Problem, Is.Null);
            Assert.That(Text(picture.Expected), Is.EqualTo(Text(Taps(null))), picture.ToString);
            Assert.That(Text(picture.Used), Is.EqualTo(Text(Taps(defect))), picture.ToString);
            different += picture.Differs ? 1 : 0;
            most = Math.Max(most, picture.Questions);

            IEnumerable<TapProduct> Taps(Defect? defect) => tensor switch
            {
                "outputs.output" => operation.TapsOf(layerCase, Passes.Forward, defect, tap => tap.Output == element)
                    .Select(tap => Product(tap, tap.Input, tap.Weight)),
                "gradients.input" => operation.TapsOf(layerCase, Passes.InputGradient, defect, tap => tap.Input == element)
                    .Select(tap => Product(tap, tap.Output, tap.Weight)),
                _ => operation.TapsOf(layerCase, Passes.WeightGradient, defect, tap => tap.Weight == element)
                    .Select(tap => Product(tap, tap.Output, tap.Input)),
            };
        }
        Assert.Multiple(() =>
        {
            Assert.That(different, Is.GreaterThan(0));
            Assert.That(most, Is.LessThanOrEqualTo(Probe.MostQuestions));
        });
        TestContext.Out.WriteLine($"{different} differ, at most {most} questions");

        static TapProduct Product(Tap tap, int left, int right) => new(left, right, tap.Factor / tap.Divisor);

        static string Text(object products) => string.Join('\n', ((IEnumerable<TapProduct>)(products is TapSum sum ? sum.Products : products))
            .GroupBy(product => (product.Left, product.Right))
            .Select(group => $"{group.Key} {group.Sum(product => product.Factor):G5}")
            .Order(StringComparer.Ordinal));
    }

    [TestCase(Strided)]
    [TestCase(Grouped)]
    [TestCase("conv2d/n2c3h6w5-o2-k3-p1-float")]
    [TestCase("linear/n3-i7-o5")]
    [TestCase("max_pool2d/n2c2h6w8-k3-s2-p1-d1")]
    [TestCase("avg_pool2d/n2c2h6w8-k3x2-s2-p1")]
    [TestCase("adaptive_avg_pool2d/n2c2h7w5-o3x2")]
    [TestCase("flatten/n2c3h4w5")]
    [TestCase("dropout/n3c2h4w5-p0.1")]
    public void ARightEngineReadsWhatItShould(string id)
    {
        var layerCase = AllOperations.Draw(id);
        foreach (var (tensor, values) in AllOperations.Named(layerCase.Op).Evaluate(layerCase).Tensors)
            for (var element = 0; element < values.Length; element += 1 + values.Length / 6)
            {
                var picture = Probe.Read(new ScratchSubject("clear"), layerCase, tensor, element);
                Assert.Multiple(() =>
                {
                    Assert.That(picture.Problem, Is.Null, picture.ToString);
                    Assert.That(picture.Differs, Is.False, picture.ToString);
                });
            }
    }

    [Test]
    public void TheBiasIsReadToo()
    {
        var picture = Picture("conv2d.one-bias-for-all", Strided, "outputs.output", 25);
        Assert.Multiple(() =>
        {
            Assert.That(picture.Used.Bias, Is.EqualTo(new[] { new TapProduct(0, -1, 1) }));
            Assert.That(picture.Expected.Bias, Is.EqualTo(new[] { new TapProduct(1, -1, 1) }));
            Assert.That(picture.ToString(), Does.Contain("b[0] is read, should not be").And.Contain("b[1] is not read, should be"));
        });
    }

    [TestCase("conv2d.backward-weight-mean", Strided, "gradients.weight", "each times 1/2")]
    [TestCase("conv2d.backward-weight-negated", Strided, "gradients.weight", "each times -1")]
    [TestCase("conv2d.bias-gradient-mean", Strided, "gradients.bias", "each times 1/32")]
    [TestCase("linear.backward-input-divided-by-outputs", "linear/n3-i7-o5", "gradients.input", "each times 1/5")]
    public void AFactorIsSaidOnce(string defectId, string id, string tensor, string text) =>
        Assert.That(Picture(defectId, id, tensor, 1).ToString(), Does.Contain("the right elements, " + text));

    [Test]
    public void AWindowOfAMaximumIsRead()
    {
        var picture = Picture("max_pool2d.stride-ignored", "max_pool2d/n2c2h6w8-k2", "outputs.output", 5);
        Assert.Multiple(() =>
        {
            Assert.That(picture.Used.Products.Select(product => product.Left), Is.EqualTo(new[] { 9, 10, 17, 18 }));
            Assert.That(picture.Expected.Products.Select(product => product.Left), Is.EqualTo(new[] { 18, 19, 26, 27 }));
            Assert.That(
                Picture("max_pool2d.maximum-starts-at-zero", "max_pool2d/n2c2h6w8-k2-negative", "outputs.output", 5).ToString(),
                Does.Contain("a zero takes part"));
        });
    }

    private static IEnumerable<TestCaseData> Unreadable()
    {
        yield return new TestCaseData((double value) => value * value, "the element is no sum of products").SetArgDisplayNames("squared");
        yield return new TestCaseData((double value) => Math.Min(value, 6), "the element is no sum of products").SetArgDisplayNames("clipped");
        yield return new TestCaseData((double value) => value + 1, "the element is no sum of products").SetArgDisplayNames("one added");
        yield return new TestCaseData((double value) => (double)(Half)value, "the element is no sum of products").SetArgDisplayNames("float16");
        yield return new TestCaseData((double _) => double.NaN, "the element is no sum of products").SetArgDisplayNames("NaN");
        yield return new TestCaseData((Func<double, double>)(_ => throw new InvalidOperationException("no more")), "the engine threw: no more")
            .SetArgDisplayNames("throws");
    }

    [TestCaseSource(nameof(Unreadable))]
    public void NothingIsClaimedOfAnEngineThatAddsNoProducts(Func<double, double> change, string problem)
    {
        var picture = Probe.Read(new Changed(change), AllOperations.Draw(Strided), "outputs.output", 7);
        Assert.Multiple(() =>
        {
            Assert.That(picture.Problem, Is.EqualTo(problem));
            Assert.That(picture.Differs, Is.False);
            Assert.That(picture.ToString(), Does.EndWith("not read: " + problem));
        });
    }

    [Test]
    public void WhatIsNotMadeOfTapsIsNotRead() =>
        Assert.That(
            Probe.Read(new ScratchSubject("clear"), AllOperations.Draw("softmax/n3c5"), "outputs.output", 0).Problem,
            Is.EqualTo("it is no sum of products"));

    [Test]
    public void QuestionsEnd()
    {
        var picture = Probe.Read(new ScratchSubject("clear"), AllOperations.Draw("linear/n2-i3000-o2"), "outputs.output", 0);
        Assert.That(picture.Problem, Is.EqualTo($"it takes more than {Probe.MostQuestions} questions"));
    }

    [Test]
    public Task AStrideIgnoredInTheWeightGradient() =>
        Verify(Picture("conv2d.backward-weight-ignores-stride", Strided, "gradients.weight", 9).ToString());

    [Test]
    public Task AKernelRotated() => Verify(Picture("conv2d.kernel-rotated", Strided, "outputs.output", 43).ToString());

    [Test]
    public Task GroupsDealtInTurn() => Verify(Picture("conv2d.groups-dealt-in-turn", Grouped, "outputs.output", 50).ToString());

    [Test]
    public Task AnAverageWithoutItsPadding() =>
        Verify(Picture("avg_pool2d.padding-never-counted", "avg_pool2d/n2c2h6w8-k3x2-s2-p1", "gradients.input", 9).ToString());

    [Test]
    public Task APoolsStrideIgnored() => Verify(Picture("max_pool2d.stride-ignored", "max_pool2d/n2c2h6w8-k2", "outputs.output", 5).ToString());

    private static TapPicture Picture(string defect, string id, string tensor, int element) =>
        Probe.Read(new DefectSubject(AllOperations.DefectOf(defect)), AllOperations.Draw(id), tensor, element);

    /// <summary>An engine whose every output element goes through a function.</summary>
    private sealed class Changed(Func<double, double> change) : ISubject
    {
        public string Name => "changed";

        public LayerResult Run(LayerCase layerCase)
        {
            var right = AllOperations.Named(layerCase.Op).Evaluate(layerCase);
            return right with { Outputs = right.Outputs.ToDictionary(pair => pair.Key, pair => pair.Value.Select(change)) };
        }
    }
}
