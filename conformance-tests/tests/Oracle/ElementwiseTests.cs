using Conformance.Oracle;

namespace Conformance.Tests.Oracle;

/// <summary>What treats each element by itself, and flatten, against numbers worked by hand and their own central differences.</summary>
internal sealed class ElementwiseTests
{
    private const double NaN = double.NaN;
    private const double Infinity = double.PositiveInfinity;

    [TestCase("relu/n1c6", new[] { -2.0, 0, 3, NaN, Infinity, -Infinity }, new[] { 0.0, 0, 3, NaN, Infinity, 0 }, new[] { 0.0, 0, 2, 2, 2, 0 })]
    [TestCase(
        "leaky_relu/n1c6-s0.25", new[] { -2.0, 0, 3, NaN, Infinity, -Infinity },
        new[] { -0.5, 0, 3, NaN, Infinity, -Infinity }, new[] { 0.5, 0.5, 2, 0.5, 2, 0.5 })]
    [TestCase("tanh/n1c4", new[] { 0.0, Infinity, -Infinity, NaN }, new[] { 0.0, 1, -1, NaN }, new[] { 2.0, 0, 0, NaN })]
    [TestCase("sigmoid/n1c4", new[] { 0.0, Infinity, -Infinity, NaN }, new[] { 0.5, 1, 0, NaN }, new[] { 0.5, 0, 0, NaN })]
    public void AtZeroAndWhereNumbersEnd(string id, double[] input, double[] output, double[] gradient)
    {
        var drawn = AllOperations.Draw(id);
        var result = AllOperations.Named(drawn.Op).Evaluate(drawn with
        {
            Inputs = new Dictionary<string, Tensor64> { ["input"] = new(drawn.Input("input").Shape, input) },
            Cotangents = new Dictionary<string, Tensor64> { ["output"] = drawn.Input("input").Select(_ => 2) },
        });
        Assert.Multiple(() =>
        {
            Assert.That(result.Outputs["output"].Data.ToArray(), Is.EqualTo(output));
            Assert.That(result.Gradients["input"].Data.ToArray(), Is.EqualTo(gradient));
        });
    }

    /// <summary>tanh(½) = (e − 1)/(e + 1), σ(ln 3) = 3/4; from tables.</summary>
    [TestCase("tanh/n1c1", 0.5, 0.46211715726000975)]
    [TestCase("tanh/n1c1", -1, -0.76159415595576489)]
    [TestCase("sigmoid/n1c1", 1.0986122886681098, 0.75)]
    [TestCase("sigmoid/n1c1", -2, 0.11920292202211755)]
    public void AKnownValue(string id, double x, double y)
    {
        var drawn = AllOperations.Draw(id) with { Inputs = new Dictionary<string, Tensor64> { ["input"] = new([1, 1], [x]) } };
        Assert.That(AllOperations.Named(drawn.Op).Evaluate(drawn).Outputs["output"][0], Is.EqualTo(y).Within(1e-15));
    }

    [TestCase("tanh/n2c3h4w5")]
    [TestCase("sigmoid/n5c7")]
    [TestCase("softmax/n5c7")]
    [TestCase("softmax/n2c3h4w5-a2")]
    [TestCase("softmax/n7c5-mixed")]
    [TestCase("log_softmax/n5c7-a0")]
    [TestCase("log_softmax/n2c3h4w5-a1")]
    [TestCase("log_softmax/n4c9-mixed")]
    public void AGradientIsCloseToItsCentralDifference(string id)
    {
        var layerCase = AllOperations.Draw(id);
        var operation = AllOperations.Named(layerCase.Op);
        var gradient = operation.Evaluate(layerCase).Gradients["input"];
        // Around 1000 a float64 step of 1e-4 is itself rounded, to 1e-13.
        for (var i = 0; i < gradient.Length; i++)
            Assert.That(GradientTests.Difference(layerCase, operation, "input", i, 1e-4), Is.EqualTo(gradient[i]).Within(1e-7));
    }

    [TestCase("leaky_relu/n3c2h4w5-s0.25")]
    [TestCase("dropout/n5c7-p0.75")]
    [TestCase("flatten/n2c3h4w5-f1x2")]
    public void TheGradientOfWhatIsLinearIsItsCentralDifference(string id)
    {
        var layerCase = AllOperations.Draw(id);
        layerCase = layerCase with
        {
            Inputs =
                new Dictionary<string, Tensor64>(layerCase.Inputs) { ["input"] = layerCase.Input("input").Select(value => value == 0 ? 3 : value) },
        };
        var operation = AllOperations.Named(layerCase.Op);
        var gradient = operation.Evaluate(layerCase).Gradients["input"];
        for (var i = 0; i < gradient.Length; i++)
            Assert.That(GradientTests.Difference(layerCase, operation, "input", i, 0.5), Is.EqualTo(gradient[i]));
    }

    [Test]
    public void DropoutScalesWhatItKeeps()
    {
        var drawn = AllOperations.Draw("dropout/n1c4-p0.75") with
        {
            Inputs = new Dictionary<string, Tensor64> { ["input"] = new([1, 4], [1, 2, -3, 4]), ["mask"] = new([1, 4], [0, 1, 1, 0]) },
            Cotangents = new Dictionary<string, Tensor64> { ["output"] = new([1, 4], [5, 6, 7, 8]) },
        };
        var result = AllOperations.Named("dropout").Evaluate(drawn);
        Assert.Multiple(() =>
        {
            Assert.That(result.Outputs["output"].Data.ToArray(), Is.EqualTo(new[] { 0.0, 8, -12, 0 }));
            Assert.That(result.Gradients["input"].Data.ToArray(), Is.EqualTo(new[] { 0.0, 24, 28, 0 }));
            Assert.That(result.Gradients, Does.Not.ContainKey("mask"));
        });
    }

    [TestCase("flatten/n2c3h4w5", "[2,60]")]
    [TestCase("flatten/n2c3h4w5-f0x2", "[24,5]")]
    [TestCase("flatten/n2c3h4w5-f2x3", "[2,3,20]")]
    [TestCase("flatten/n0c3h4w5", "[0,60]")]
    public void FlattenMovesNothing(string id, string shape)
    {
        var drawn = AllOperations.Draw(id);
        var result = AllOperations.Named("flatten").Evaluate(drawn);
        Assert.Multiple(() =>
        {
            Assert.That(result.Outputs["output"].ToString(), Is.EqualTo(shape));
            Assert.That(result.Outputs["output"].Data.ToArray(), Is.EqualTo(drawn.Input("input").Data.ToArray()));
            Assert.That(result.Gradients["input"].Data.ToArray(), Is.EqualTo(drawn.Cotangents["output"].Data.ToArray()));
        });
    }
}
