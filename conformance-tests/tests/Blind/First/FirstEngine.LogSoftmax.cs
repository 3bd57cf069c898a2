using Conformance.Oracle;

namespace Conformance.Tests.Blind.First;

internal partial class FirstEngine
{
    protected virtual LayerResult LogSoftmax(LayerCase layerCase) => AlongDim(layerCase, LogSoftmaxRow, LogSoftmaxRowGradient);

    protected static float[] LogSoftmaxRow(float[] x)
    {
        var max = Largest(x);
        var sum = 0f;
        foreach (var value in x)
            sum += MathF.Exp(value - max);
        var log = MathF.Log(sum);
        var y = new float[x.Length];
        for (var i = 0; i < x.Length; i++)
            y[i] = x[i] - max - log;
        return y;
    }

    protected virtual float[] LogSoftmaxRowGradient(float[] y, float[] dy)
    {
        var sum = 0f;
        foreach (var g in dy)
            sum += g;
        var dx = new float[y.Length];
        for (var i = 0; i < y.Length; i++)
            dx[i] = dy[i] - MathF.Exp(y[i]) * sum;
        return dx;
    }
}
