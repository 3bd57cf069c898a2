namespace Conformance.Tests.Blind.Second;

internal sealed class Second08 : SecondEngine
{
    public override string Name => "second-08";

    protected override float[] LinearForward(float[] x, float[] w, float[]? b, int rows, int inputs, int units)
    {
        var y = new float[rows * units];
        for (var n = 0; n < rows; n++)
        {
            for (var i = 0; i < inputs; i++)
                for (var o = 0; o < units; o++)
                    y[n * units + o] += x[n * inputs + i] * w[i * units + o];
            for (var o = 0; b is not null && o < units; o++)
                y[n * units + o] += b[o];
        }
        return y;
    }

    protected override float[] LinearInputGradient(float[] w, float[] dy, int rows, int inputs, int units)
    {
        var dx = new float[rows * inputs];
        for (var n = 0; n < rows; n++)
            for (var i = 0; i < inputs; i++)
                for (var o = 0; o < units; o++)
                    dx[n * inputs + i] += dy[n * units + o] * w[i * units + o];
        return dx;
    }

    protected override float[] LinearWeightGradient(float[] x, float[] dy, int rows, int inputs, int units)
    {
        var dw = new float[inputs * units];
        for (var n = 0; n < rows; n++)
            for (var i = 0; i < inputs; i++)
                for (var o = 0; o < units; o++)
                    dw[i * units + o] += x[n * inputs + i] * dy[n * units + o];
        return dw;
    }
}
