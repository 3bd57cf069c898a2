using Conformance.Oracle;

namespace Conformance.Tests.Oracle;

/// <summary>softmax and log_softmax against numbers worked by hand, and what must hold of every row.</summary>
internal sealed class SoftmaxTests
{
    /// <summary>Logits ln 1, ln 2, ln 5: eighths. dx = y·(dy − Σ y·dy), with dy = (8, 0, −8): Σ y·dy = −4.</summary>
    [TestCase(0)]
    [TestCase(1000)]
    [TestCase(-1000)]
    public void EighthsWhateverIsAdded(double offset)
    {
        var softmax = Evaluate("softmax/n1c3", [offset, offset + Math.Log(2), offset + Math.Log(5)], [8, 0, -8]);
        var log = Evaluate("log_softmax/n1c3", [offset, offset + Math.Log(2), offset + Math.Log(5)], [8, 0, 8]);
        Assert.Multiple(() =>
        {
            Assert.That(softmax.Outputs["output"].Data.ToArray(), Is.EqualTo(new[] { 0.125, 0.25, 0.625 }).Within(1e-12));
            Assert.That(softmax.Gradients["input"].Data.ToArray(), Is.EqualTo(new[] { 1.5, 1, -2.5 }).Within(1e-11));
            Assert.That(log.Outputs["output"].Data.ToArray(), Is.EqualTo(new[] { -Math.Log(8), -Math.Log(4), Math.Log(0.625) }).Within(1e-12));
            Assert.That(log.Gradients["input"].Data.ToArray(), Is.EqualTo(new[] { 6.0, -4, -2 }).Within(1e-11));
        });
    }

    [Test]
    public void AMaskedElementHasNothing()
    {
        var softmax = Evaluate("softmax/n1c3", [2, double.NegativeInfinity, 2], [4, 100, 0]);
        var log = Evaluate("log_softmax/n1c3", [2, double.NegativeInfinity, 2], [4, 2, 0]);
        Assert.Multiple(() =>
        {
            Assert.That(softmax.Outputs["output"].Data.ToArray(), Is.EqualTo(new[] { 0.5, 0, 0.5 }));
            Assert.That(softmax.Gradients["input"].Data.ToArray(), Is.EqualTo(new[] { 1.0, 0, -1 }));
            Assert.That(log.Outputs["output"][1], Is.EqualTo(double.NegativeInfinity));
            Assert.That(log.Gradients["input"].Data.ToArray(), Is.EqualTo(new[] { 1.0, 2, -3 }).Within(1e-15));
        });
    }

    /// <summary>An image tensor along an inner axis is the same as its rows gathered by hand.</summary>
    [TestCase(0, 60)]
    [TestCase(1, 20)]
    [TestCase(2, 5)]
    [TestCase(3, 1)]
    public void EveryRowAlongItsAxisSumsToOneAndItsGradientToZero(int axis, int step)
    {
        var drawn = AllOperations.Draw($"softmax/n2c3h4w5-a{axis}");
        var result = AllOperations.Named("softmax").Evaluate(drawn);
        var (y, dx, length) = (result.Outputs["output"], result.Gradients["input"], drawn.Input("input").Shape[axis]);
        for (var i = 0; i < y.Length; i++)
        {
            var first = i - i / step % length * step;
            var row = Enumerable.Range(0, length).Select(k => first + k * step).ToArray();
            Assert.That(row.Sum(k => y[k]), Is.EqualTo(1).Within(1e-14));
            Assert.That(row.Sum(k => dx[k]), Is.EqualTo(0).Within(1e-14));
        }
    }

    private static LayerResult Evaluate(string id, double[] input, double[] cotangent)
    {
        var drawn = AllOperations.Draw(id);
        return AllOperations.Named(drawn.Op).Evaluate(drawn with
        {
            Inputs = new Dictionary<string, Tensor64> { ["input"] = new(drawn.Input("input").Shape, input) },
            Cotangents = new Dictionary<string, Tensor64> { ["output"] = new(drawn.Cotangents["output"].Shape, cotangent) },
        });
    }
}
