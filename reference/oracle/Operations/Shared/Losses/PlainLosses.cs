namespace Conformance.Oracle.Operations;

/// <summary>Naive losses: correct, plain loops over float32, with all their roundings.</summary>
internal static class PlainLosses
{
    public static LayerResult CrossEntropy(LayerCase layerCase, Summation order)
    {
        var smoothing = layerCase.Attributes.Has("label_smoothing") ? PlainNumbers.Option(layerCase, "label_smoothing") : 0;
        return ClassLoss(layerCase, order, (x, y, weight, dx) => CrossEntropyRow(x, y, weight, smoothing, dx, order));
    }

    public static LayerResult Nll(LayerCase layerCase, Summation order) => ClassLoss(layerCase, order, (x, y, weight, dx) =>
    {
        dx[y] = -weight[y];
        return -weight[y] * x[y];
    });

    public static LayerResult GeneralizedCrossEntropy(LayerCase layerCase, Summation order)
    {
        var q = PlainNumbers.Option(layerCase, "q");
        return ClassLoss(layerCase, order, (x, y, _, dx) => GeneralizedRow(x, y, q, dx, order));
    }

    /// <summary>The loss of a row and its gradient, from its scores, its class and the weights.</summary>
    private delegate float RowLoss(ReadOnlySpan<float> x, int y, float[] weight, Span<float> dx);

    private static LayerResult ClassLoss(LayerCase layerCase, Summation order, RowLoss loss)
    {
        var (x, target, attributes) = (PlainNumbers.Floats(layerCase, "input"), layerCase.Input("target"), layerCase.Attributes);
        var (rows, classes) = (target.Length, layerCase.Input("input").Shape[1]);
        var weight = layerCase.Inputs.ContainsKey("weight") ? PlainNumbers.Floats(layerCase, "weight") : [.. Enumerable.Repeat(1f, classes)];
        var ignored = attributes.Has("ignore_index") ? attributes.Int("ignore_index") : int.MinValue;
        var (losses, dx, weights) = (new float[rows], new float[x.Length], new float[rows]);
        for (var n = 0; n < rows; n++)
            if (target[n] != ignored)
            {
                weights[n] = weight[(int)target[n]];
                losses[n] = loss(x.AsSpan(n * classes, classes), (int)target[n], weight, dx.AsSpan(n * classes, classes));
            }
        return Reduced(layerCase, target.Shape, losses, dx, order.Sum(weights), order);
    }

    private static float CrossEntropyRow(ReadOnlySpan<float> x, int y, float[] weight, float smoothing, Span<float> dx, Summation order)
    {
        var (p, lse) = Softmax(x, order);
        var (wanted, losses) = (new float[p.Length], new float[p.Length]);
        for (var c = 0; c < p.Length; c++)
        {
            var share = smoothing / p.Length + (c == y ? 1 - smoothing : 0);
            if (share == 0)
                continue; // an impossible class that is not wanted costs nothing: 0·∞ is NaN
            wanted[c] = weight[c] * share;
            losses[c] = wanted[c] * (lse - x[c]);
        }
        var all = order.Sum([.. wanted]);
        for (var c = 0; c < p.Length; c++)
            dx[c] = p[c] * all - wanted[c];
        return order.Sum(losses);
    }

    private static float GeneralizedRow(ReadOnlySpan<float> x, int y, float q, Span<float> dx, Summation order)
    {
        var (p, lse) = Softmax(x, order);
        var power = PlainNumbers.Exp(q * (x[y] - lse));
        for (var c = 0; c < p.Length; c++)
            dx[c] = power * (p[c] - (c == y ? 1 : 0));
        return (1 - power) / q;
    }

    /// <summary>The probabilities of a row, and its logsumexp.</summary>
    private static (float[] P, float LogSumExp) Softmax(ReadOnlySpan<float> x, Summation order)
    {
        var max = float.NegativeInfinity;
        foreach (var logit in x)
            max = MathF.Max(max, logit);
        var p = new float[x.Length];
        for (var c = 0; c < p.Length; c++)
            p[c] = PlainNumbers.Exp(x[c] - max);
        var sum = order.Sum([.. p]);
        for (var c = 0; c < p.Length; c++)
            p[c] /= sum;
        return (p, max + PlainNumbers.Log(sum));
    }

    public static LayerResult Mse(LayerCase layerCase, Summation order)
    {
        var (x, target) = (PlainNumbers.Floats(layerCase, "input"), PlainNumbers.Floats(layerCase, "target"));
        var difference = x.Zip(target, (a, b) => a - b).ToArray();
        return Reduced(
            layerCase, layerCase.Input("input").Shape, Array.ConvertAll(difference, d => d * d), Array.ConvertAll(difference, d => 2 * d), x.Length,
                order);
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
            return LayerResult.FromOutput("output", shape, losses).WithGradient("input", input, dx);
        var sum = order.Sum(losses);
        return LayerResult.FromOutput("output", [], [reduction == "mean" ? sum / divisor : sum]).WithGradient("input", input, dx);
    }
}
