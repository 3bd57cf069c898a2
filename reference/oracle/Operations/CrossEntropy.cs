namespace Conformance.Oracle.Operations;

/// <summary>
/// cross_entropy as PyTorch defines it, over logits x [N, C] and class numbers y [N]: ℓ[n] = logsumexp(x[n]) − x[n, y], reduced by mean, sum or
/// none. The gradient is g[n]·(softmax(x[n]) − onehot(y)), where g is 1/N, 1 or the cotangent.
/// </summary>
public sealed class CrossEntropy : Operation
{
    public override string Name => "cross_entropy";

    public override IReadOnlyList<Defect> Defects { get; } =
    [
        new ScaleDefect("cross_entropy.gradient-sign", Passes.InputGradient,
            "the gradient has the wrong sign: onehot − softmax",
            "the gradient of the loss is softmax − onehot",
            _ => -1),
        new ScaleDefect("cross_entropy.gradient-not-averaged", Passes.InputGradient,
            "the gradient is that of the sum while the loss is the mean",
            "divide the gradient by N",
            layerCase => Reduction(layerCase) == "mean" ? layerCase.Input("input").Shape[0] : 1),
        new ScaleDefect("cross_entropy.sum-for-mean", Passes.Forward,
            "the loss is a sum where the mean was asked for",
            "divide the loss by N",
            layerCase => Reduction(layerCase) == "mean" ? layerCase.Input("input").Shape[0] : 1),
    ];

    protected override LayerCase Draw(Spelling spelling, Func<string, Fill> fill)
    {
        var extents = spelling.Extents("nc");
        var (n, classes) = (extents[0], extents[1]);
        var reduction = spelling.OneOf("mean", "sum", "none");
        var scale = spelling.Word("large") ? 1000 : 4;
        var inputs = new Dictionary<string, Tensor64>
        {
            ["input"] = fill("input").Uniform(scale, n, classes),
            ["target"] = fill("target").Integers(0, classes - 1, n),
        };
        var attributes = Attributes.Of(("reduction", reduction), ("ignore_index", -100), ("label_smoothing", 0.0));
        return Case(attributes, Tier.Bounded, inputs, reduction == "none" ? fill("cotangent.output").Integers(-3, 3, n) : null);
    }

    protected override string RandomGeometry(Fill dice) =>
        $"n{dice.Pick(1, 35)}c{dice.Pick(2, 20)}-{dice.Pick("mean", "sum", "none")}{dice.Pick("", "-large")}";

    protected override LayerResult Answer(LayerCase layerCase, Defect? defect)
    {
        var (x, target, reduction) = (layerCase.Input("input"), layerCase.Input("target"), Reduction(layerCase));
        var (n, classes) = (x.Shape[0], x.Shape[1]);
        var losses = new double[n];
        var dx = new double[n * classes];
        for (var row = 0; row < n; row++)
        {
            var logits = x.Data.Slice(row * classes, classes);
            var y = (int)target[row];
            var lse = LogSumExp(logits);
            losses[row] = lse - logits[y];
            var g = reduction switch { "mean" => 1.0 / n, "sum" => 1, _ => layerCase.Cotangents["output"][row] };
            for (var c = 0; c < classes; c++)
                dx[row * classes + c] = g * (Math.Exp(logits[c] - lse) - (c == y ? 1 : 0));
        }
        var output = reduction switch
        {
            "mean" => Tensor64.Scalar(losses.Sum() / n),
            "sum" => Tensor64.Scalar(losses.Sum()),
            _ => new Tensor64([n], losses),
        };
        return new(
            new Dictionary<string, Tensor64> { ["output"] = Scaled(output, Passes.Forward) },
            new Dictionary<string, Tensor64> { ["input"] = Scaled(new(x.Shape, dx), Passes.InputGradient) });

        Tensor64 Scaled(Tensor64 tensor, Passes pass) =>
            defect is ScaleDefect scale && scale.In(pass) ? tensor.Select(value => value * scale.Factor(layerCase)) : tensor;
    }

    /// <summary>
    /// Loss: c covers the sum over rows, S what the rounding of x, max and logsumexp does; the relative error of the sum of C exponentials is an
    /// absolute one of its logarithm, however small that is. Gradient: a softmax element is off by a multiple of
    /// itself that grows with its distance from the maximum (the rounding of x − max, magnified by exp) and with the C terms of the sum;
    /// subtracting the onehot leaves that error where it is. Calibrated over 300 draws of each of nine shapes, from 1×3 to 8×1000, and logits up to
    /// ±1000: libtorch's float32 reaches 0.20 of the tolerance, a naive float32 loop 0.19.
    /// </summary>
    public override ErrorBound Bound(LayerCase layerCase, LayerResult expected, LayerResult float32)
    {
        var (x, target, reduction) = (layerCase.Input("input"), layerCase.Input("target"), Reduction(layerCase));
        var (n, classes) = (x.Shape[0], x.Shape[1]);
        var (sensitivity, max, lse) = (new double[n], new double[n], new double[n]);
        for (var row = 0; row < n; row++)
        {
            var logits = x.Data.Slice(row * classes, classes);
            (max[row], lse[row]) = (Max(logits), LogSumExp(logits));
            sensitivity[row] = 8 * (Math.Abs(logits[(int)target[row]]) + Math.Abs(max[row]) + Math.Abs(lse[row])) + ErrorBound.Roundings(classes);
        }
        var output = expected.Outputs["output"];
        var loss = reduction switch
        {
            "none" => ErrorBound.NonLinear(output, _ => 8, row => sensitivity[row]),
            _ => ErrorBound.NonLinear(output, _ => n + 8, _ => reduction == "mean" ? sensitivity.Average() : sensitivity.Sum()),
        };
        var gradient = ErrorBound.NonLinear(expected.Gradients["input"], _ => 2, i =>
        {
            var (row, c) = (i / classes, i % classes);
            var g = reduction switch { "mean" => 1.0 / n, "sum" => 1, _ => Math.Abs(layerCase.Cotangents["output"][row]) };
            var p = Math.Exp(x[i] - lse[row]);
            return g * (4 * (max[row] - x[i]) + classes + 16) * (p + (c == (int)target[row] ? 1 : 0));
        });
        return new(new Dictionary<string, Tensor64> { ["outputs.output"] = loss, ["gradients.input"] = gradient });
    }

    private static string Reduction(LayerCase layerCase) => layerCase.Attributes.Text("reduction");

    private static double LogSumExp(ReadOnlySpan<double> logits)
    {
        var (max, sum) = (Max(logits), 0.0);
        foreach (var logit in logits)
            sum += Math.Exp(logit - max);
        return max + Math.Log(sum);
    }

    private static double Max(ReadOnlySpan<double> values)
    {
        var max = values[0];
        foreach (var value in values)
            max = Math.Max(max, value);
        return max;
    }
}
