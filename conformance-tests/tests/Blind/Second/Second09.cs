namespace Conformance.Tests.Blind.Second;

internal sealed class Second09 : SecondEngine
{
    public override string Name => "second-09";

    protected override float[] LinearForward(float[] x, float[] w, float[]? b, int rows, int inputs, int units)
    {
        var a = Array.ConvertAll(x, value => (Half)value);
        var m = Array.ConvertAll(w, value => (Half)value);
        var y = new float[rows * units];
        for (var n = 0; n < rows; n++)
            for (var o = 0; o < units; o++)
            {
                var sum = b is null ? Half.Zero : (Half)b[o];
                for (var i = 0; i < inputs; i++)
                    sum += a[n * inputs + i] * m[o * inputs + i];
                y[n * units + o] = (float)sum;
            }
        return y;
    }
}
