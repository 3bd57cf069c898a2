using Conformance.Oracle;

namespace Conformance.Tests.Blind.First;

internal partial class FirstEngine
{
    protected virtual LayerResult Softmax(LayerCase layerCase) => AlongDim(layerCase, SoftmaxRow, SoftmaxRowGradient);

    /// <summary>Does a forward and a backward map on every line of the input along <c>dim</c>.</summary>
    protected static LayerResult AlongDim(LayerCase layerCase, Func<float[], float[]> map, Func<float[], float[], float[]> back)
    {
        var shape = layerCase.Input("input").Shape.ToArray();
        var dim = Axis(layerCase.Attributes.Int("dim"), shape.Length);
        var x = Floats(layerCase.Input("input"));
        var dy = Cotangent(layerCase);
        var (y, dx) = (new float[x.Length], new float[x.Length]);
        var length = shape[dim];
        var inner = shape[(dim + 1)..].Aggregate(1, (product, extent) => product * extent);
        var lines = length == 0 ? 0 : x.Length / length;
        for (var line = 0; line < lines; line++)
        {
            var start = line / inner * length * inner + line % inner;
            var (row, g) = (new float[length], new float[length]);
            for (var i = 0; i < length; i++)
                (row[i], g[i]) = (x[start + i * inner], dy[start + i * inner]);
            var answer = map(row);
            var gradient = back(answer, g);
            for (var i = 0; i < length; i++)
                (y[start + i * inner], dx[start + i * inner]) = (answer[i], gradient[i]);
        }
        return Result(Tensor(shape, y), Tensor(shape, dx));
    }

    protected static int Axis(int dim, int rank) => dim >= -rank && dim < rank
        ? (dim + rank) % rank
        : throw new ArgumentException($"no axis {dim} in a tensor of {rank}");

    protected virtual float[] SoftmaxRow(float[] x)
    {
        var max = Largest(x);
        var y = new float[x.Length];
        var sum = 0f;
        for (var i = 0; i < x.Length; i++)
            sum += y[i] = MathF.Exp(x[i] - max);
        for (var i = 0; i < x.Length; i++)
            y[i] /= sum;
        return y;
    }

    protected virtual float[] SoftmaxRowGradient(float[] y, float[] dy)
    {
        var dot = 0f;
        for (var i = 0; i < y.Length; i++)
            dot += y[i] * dy[i];
        var dx = new float[y.Length];
        for (var i = 0; i < y.Length; i++)
            dx[i] = y[i] * (dy[i] - dot);
        return dx;
    }

    protected static float Largest(float[] x)
    {
        var max = float.NegativeInfinity;
        foreach (var value in x)
            max = MathF.Max(max, value);
        return max;
    }
}
