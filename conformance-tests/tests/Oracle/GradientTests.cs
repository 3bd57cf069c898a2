using Conformance.Oracle;

namespace Conformance.Tests.Oracle;

/// <summary>
/// Compares the oracle's gradients with its own forward pass, element by element. <see cref="OracleProperties"/> does it at any geometry, along a
/// direction. For layers that are linear in each operand, and for a square, a central difference on integers is exact at any width: (f(x + 1) − f(x
/// − 1)) / 2 is the derivative.
/// </summary>
internal sealed class GradientTests
{
    [TestCase("conv2d/n2c3h5w4-o2-k3x2-s2x1-p1x0", "input")]
    [TestCase("conv2d/n2c3h5w4-o2-k3x2-s2x1-p1x0", "weight")]
    [TestCase("conv2d/n2c3h5w4-o2-k3x2-s2x1-p1x0", "bias")]
    [TestCase("conv2d/n2c4h5w6-o6-k2x3-s1x2-p1.0x0.2-d2x1-g2", "input")]
    [TestCase("conv2d/n2c4h5w6-o6-k2x3-s1x2-p1.0x0.2-d2x1-g2", "weight")]
    [TestCase("linear/n3-i5-o4", "input")]
    [TestCase("linear/n3-i5-o4", "weight")]
    [TestCase("linear/n3-i5-o4", "bias")]
    [TestCase("nll_loss/n5c3-sum-weighted", "input")]
    [TestCase("nll_loss/n6c4-none-weighted-ignored", "input")]
    [TestCase("mse_loss/n3c4-sum", "input")]
    [TestCase("mse_loss/n2c3h2w2-none", "input")]
    public void OfALinearLayerIsItsCentralDifference(string id, string input)
    {
        var layerCase = AllOperations.Draw(id);
        var operation = AllOperations.Named(layerCase.Op);
        var gradient = operation.Evaluate(layerCase).Gradients[input];
        for (var i = 0; i < gradient.Length; i++)
            Assert.That(Difference(layerCase, operation, input, i, 1), Is.EqualTo(gradient[i]), $"{input} at {Tensor64.Text(gradient.IndexOf(i))}");
    }

    /// <summary>Piecewise linear: exact as long as no step crosses a kink, so the values are set half apart from each other.</summary>
    [TestCase("max_pool2d/n2c2h7w6-k3x2-s2x1-p1x0")]
    [TestCase("max_pool2d/n1c2h7w8-k3x2-s2x3-ceil")]
    [TestCase("relu/n2c3h4w5")]
    public void OfAPickIsItsCentralDifferenceAwayFromKinks(string id)
    {
        var layerCase = AllOperations.Draw(id);
        var x = layerCase.Input("input");
        var order = Enumerable.Range(0, x.Length).OrderBy(i => (i * 7919L + 13) % x.Length).ToArray();
        var distinct = new Tensor64(x.Shape, [.. order.Select(i => i - x.Length / 2 + 0.5)]);
        layerCase = layerCase with { Inputs = new Dictionary<string, Tensor64> { ["input"] = distinct } };
        var operation = AllOperations.Named(layerCase.Op);
        var gradient = operation.Evaluate(layerCase).Gradients["input"];
        for (var i = 0; i < gradient.Length; i++)
            Assert.That(Difference(layerCase, operation, "input", i, 0.25), Is.EqualTo(gradient[i]));
    }

    [TestCase("cross_entropy/n5c7-mean")]
    [TestCase("cross_entropy/n4c6-none")]
    [TestCase("cross_entropy/n5c4-mean-weighted")]
    [TestCase("cross_entropy/n5c4-sum-l0.25")]
    [TestCase("cross_entropy/n7c4-mean-weighted-ignored-l0.1")]
    [TestCase("cross_entropy/n8c3-none-weighted-i1-l0.5")]
    [TestCase("cross_entropy/n4c3-mean-hopeless-g9")]
    [TestCase("nll_loss/n7c4-mean-weighted-ignored-float")]
    [TestCase("nll_loss/n9c3-mean-i1")]
    [TestCase("mse_loss/n3c5-mean-float")]
    [TestCase("generalized_cross_entropy/n5c4-mean")]
    [TestCase("generalized_cross_entropy/n4c6-none-q0.3")]
    [TestCase("generalized_cross_entropy/n5c3-sum-q1")]
    [TestCase("generalized_cross_entropy/n5c3-sum-q0.01")]
    public void OfTheLossIsCloseToItsCentralDifference(string id)
    {
        var layerCase = AllOperations.Draw(id);
        var operation = AllOperations.Named(layerCase.Op);
        var gradient = operation.Evaluate(layerCase).Gradients["input"];
        for (var i = 0; i < gradient.Length; i++)
            Assert.That(Difference(layerCase, operation, "input", i, 1e-5), Is.EqualTo(gradient[i]).Within(1e-9));
    }

    [Test]
    public void OfTheWholeNetworkIsCloseToItsCentralDifference()
    {
        var layerCase = AllOperations.Draw("lenet/n2-h12-c2x3-u4x3x5");
        var operation = AllOperations.Named("lenet");
        var gradients = operation.Evaluate(layerCase).Gradients;
        foreach (var (name, gradient) in gradients.Where(pair => layerCase.Inputs.ContainsKey(pair.Key))) // those of activations are no leaves
            for (var i = 0; i < gradient.Length; i += 7)
                Assert.That(Difference(layerCase, operation, name, i, 1e-6), Is.EqualTo(gradient[i]).Within(1e-7), $"{name} at {i}");
    }

    /// <summary>The derivative of ⟨outputs, cotangents⟩ (of the loss, where there are none) by one element, as a central difference.</summary>
    internal static double Difference(LayerCase layerCase, Operation operation, string input, int i, double step) =>
        (Objective(Moved(layerCase, input, i, step), operation) - Objective(Moved(layerCase, input, i, -step), operation)) / (2 * step);

    private static LayerCase Moved(LayerCase layerCase, string input, int i, double step)
    {
        var data = layerCase.Input(input).Data.ToArray();
        data[i] += step;
        return layerCase with { Inputs = new Dictionary<string, Tensor64>(layerCase.Inputs) { [input] = new(layerCase.Input(input).Shape, data) } };
    }

    private static double Objective(LayerCase layerCase, Operation operation)
    {
        var outputs = operation.Evaluate(layerCase).Outputs;
        if (outputs.TryGetValue("loss", out var loss))
            return loss[0];
        var (output, sum) = (outputs["output"], 0.0);
        var cotangent = layerCase.Cotangents.GetValueOrDefault("output");
        for (var i = 0; i < output.Length; i++)
            sum += output[i] * (cotangent?[i] ?? 1);
        return sum;
    }
}
