namespace Conformance.Tests.Blind.First;

internal sealed class First06 : FirstEngine
{
    public override string Name => "first-06";

    protected override float[] LinearInputGradient(int rows, int ins, int outs, float[] w, float[] dy)
    {
        var dx = new float[rows * ins];
        for (var n = 0; n < rows; n++)
            for (var i = 0; i < ins; i++)
            {
                var sum = 0f;
                for (var o = 0; o < outs; o++)
                    sum += dy[n * outs + o] * w[i * outs + o];
                dx[n * ins + i] = sum;
            }
        return dx;
    }
}
