namespace Conformance.Oracle.Plain;

/// <summary>The losses as anyone would write them: plain loops over float32, right, and with every rounding that comes with it.</summary>
internal static class PlainLosses
{
    public static LayerResult Run(LayerCase layerCase, Summation order) => layerCase.Op == "mse_loss" ? Mse(layerCase, order) : ClassLoss(layerCase, order);

    private static LayerResult ClassLoss(LayerCase layerCase, Summation order)
    {
        var (x, target, attributes) = (PlainEngine.Floats(layerCase, "input"), layerCase.Input("target"), layerCase.Attributes);
        var (rows, classes) = (target.Length, layerCase.Input("input").Shape[1]);
        var weight = layerCase.Inputs.ContainsKey("weight") ? PlainEngine.Floats(layerCase, "weight") : [.. Enumerable.Repeat(1f, classes)];
        var ignored = attributes.Has("ignore_index") ? attributes.Int("ignore_index") : int.MinValue;
        var (losses, dx, weights) = (new float[rows], new float[x.Length], new float[rows]);
        for (var n = 0; n < rows; n++)
            if (target[n] != ignored)
            {
                weights[n] = weight[(int)target[n]];
                losses[n] = Row(layerCase, x.AsSpan(n * classes, classes), (int)target[n], weight, dx.AsSpan(n * classes, classes), order);
            }
        return Reduced(layerCase, target.Shape, losses, dx, order.Sum(weights), order);
    }

    /// <summary>The loss of a row and its gradient.</summary>
    private static float Row(LayerCase layerCase, ReadOnlySpan<float> x, int y, float[] weight, Span<float> dx, Summation order)
    {
        if (layerCase.Op == "nll_loss")
        {
            dx[y] = -weight[y];
            return -weight[y] * x[y];
        }
        var max = float.NegativeInfinity;
        foreach (var logit in x)
            max = MathF.Max(max, logit);
        var p = new float[x.Length];
        for (var c = 0; c < p.Length; c++)
            p[c] = PlainEngine.Exp(x[c] - max);
        var sum = order.Sum([.. p]);
        for (var c = 0; c < p.Length; c++)
            p[c] /= sum;
        var lse = max + PlainEngine.Log(sum);

        if (layerCase.Op == "generalized_cross_entropy")
        {
            var q = PlainEngine.Option(layerCase, "q");
            var power = PlainEngine.Exp(q * (x[y] - lse));
            for (var c = 0; c < p.Length; c++)
                dx[c] = power * (p[c] - (c == y ? 1 : 0));
            return (1 - power) / q;
        }
        var smoothing = layerCase.Attributes.Has("label_smoothing") ? PlainEngine.Option(layerCase, "label_smoothing") : 0;
        var (wanted, losses) = (new float[p.Length], new float[p.Length]);
        for (var c = 0; c < p.Length; c++)
        {
            wanted[c] = weight[c] * (smoothing / p.Length + (c == y ? 1 - smoothing : 0));
            losses[c] = wanted[c] * (lse - x[c]);
        }
        var all = order.Sum([.. wanted]);
        for (var c = 0; c < p.Length; c++)
            dx[c] = p[c] * all - wanted[c];
        return order.Sum(losses);
    }

    private static LayerResult Mse(LayerCase layerCase, Summation order)
    {
        var (x, target) = (PlainEngine.Floats(layerCase, "input"), PlainEngine.Floats(layerCase, "target"));
        var difference = x.Zip(target, (a, b) => a - b).ToArray();
        return Reduced(
            layerCase, layerCase.Input("input").Shape, Array.ConvertAll(difference, d => d * d), Array.ConvertAll(difference, d => 2 * d), x.Length, order);
    }

    private static LayerResult Reduced(LayerCase layerCase, ReadOnlySpan<int> shape, float[] losses, float[] dx, float divisor, Summation order)
    {
        var reduction = layerCase.Attributes.Text("reduction");
        for (var i = 0; i < dx.Length; i++)
            dx[i] = reduction switch
            {
                "mean" => divisor == 0 ? 0 : dx[i] / divisor,
                "none" => dx[i] * (float)layerCase.Cotangents["output"][i / (dx.Length / losses.Length)],
                _ => dx[i],
            };
        var input = layerCase.Input("input").Shape;
        if (reduction == "none")
            return LayerResult.Of("output", shape, losses).WithGradient("input", input, dx);
        var sum = order.Sum(losses);
        return LayerResult.Of("output", [], [reduction == "mean" ? sum / divisor : sum]).WithGradient("input", input, dx);
    }
}
