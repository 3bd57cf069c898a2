namespace Conformance.Tests.Blind.First;

internal sealed class First19 : FirstEngine
{
    public override string Name => "first-19";

    private const int FractionBits = 8;

    protected override float[] LinearForward(int rows, int ins, int outs, float[] x, float[] w, float[]? b)
    {
        var (fixedX, fixedW) = (Array.ConvertAll(x, ToFixed), Array.ConvertAll(w, ToFixed));
        var y = new float[rows * outs];
        for (var n = 0; n < rows; n++)
            for (var o = 0; o < outs; o++)
            {
                var sum = b is null ? 0L : (long)ToFixed(b[o]) << FractionBits;
                for (var i = 0; i < ins; i++)
                    sum += (long)fixedX[n * ins + i] * fixedW[o * ins + i];
                y[n * outs + o] = (sum >> FractionBits) / (float)(1 << FractionBits);
            }
        return y;
    }

    private static int ToFixed(float value) => (int)MathF.Round(value * (1 << FractionBits));
}
