namespace Conformance.Oracle.Operations;

/// <summary>Naive softmax and log_softmax in float32: rows along <c>dim</c>, each with its maximum subtracted.</summary>
internal static class PlainSoftmax
{
    public static LayerResult Softmax(LayerCase layerCase, Summation order) => Rows(layerCase, (x, dy) => Softmax(x, dy, order));

    public static LayerResult LogSoftmax(LayerCase layerCase, Summation order) => Rows(layerCase, (x, dy) => LogSoftmax(x, dy, order));

    private static LayerResult Rows(LayerCase layerCase, Func<float[], float[], (float[] Y, float[] Dx)> answer)
    {
        var (input, axis) = (layerCase.Input("input"), RowOperation.Axis(layerCase));
        var (x, dy) = (input.ToFloats(), layerCase.Cotangents["output"].ToFloats());
        var (y, dx) = (new float[x.Length], new float[x.Length]);
        var (length, step) = (input.Shape[axis], 1);
        foreach (var extent in input.Shape[(axis + 1)..])
            step *= extent;
        for (var first = 0; first < x.Length; first++)
        {
            if (first / step % length != 0)
                continue;
            int[] at = [.. Enumerable.Range(0, length).Select(i => first + i * step)];
            float[] row = [.. at.Select(i => x[i])], upstream = [.. at.Select(i => dy[i])];
            var (values, gradient) = answer(row, upstream);
            for (var i = 0; i < length; i++)
                (y[at[i]], dx[at[i]]) = (values[i], gradient[i]);
        }
        return LayerResult.FromOutput("output", input.Shape, y).WithGradient("input", input.Shape, dx);
    }

    private static (float[] Y, float[] Dx) Softmax(float[] x, float[] dy, Summation order)
    {
        var max = x.Max();
        var exp = Array.ConvertAll(x, value => PlainNumbers.Exp(value - max));
        var sum = order.Sum([.. exp]);
        var y = Array.ConvertAll(exp, value => value / sum);
        var dot = order.Sum([.. y.Zip(dy, (y, dy) => y * dy)]);
        return (y, [.. y.Zip(dy, (y, dy) => y * (dy - dot))]);
    }

    private static (float[] Y, float[] Dx) LogSoftmax(float[] x, float[] dy, Summation order)
    {
        var max = x.Max();
        var log = PlainNumbers.Log(order.Sum([.. x.Select(value => PlainNumbers.Exp(value - max))]));
        var y = Array.ConvertAll(x, value => value - max - log);
        var sum = order.Sum([.. dy]);
        return (y, [.. y.Zip(dy, (y, dy) => dy - PlainNumbers.Exp(y) * sum)]);
    }
}
