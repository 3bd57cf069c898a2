using Conformance.Oracle;

namespace Conformance.Tests.Blind.First;

internal sealed class First25 : FirstEngine
{
    public override string Name => "first-25";

    protected override float[] ConvBiasGradient(FirstConv g, float[] dy)
    {
        var db = new float[g.O];
        var area = g.OH * g.OW;
        for (var n = 0; n < g.N; n++)
            for (var o = 0; o < g.O; o++)
            {
                var sum = 0f;
                for (var i = 0; i < area; i++)
                    sum += dy[(n * g.O + o) * area + i];
                db[o] += sum / area;
            }
        return db;
    }

    protected override Tensor64 LinearWeightGradient(int rows, int ins, int outs, float[] x, float[] dy)
    {
        var dw = new float[ins * outs];
        for (var i = 0; i < ins; i++)
            for (var o = 0; o < outs; o++)
                for (var n = 0; n < rows; n++)
                    dw[i * outs + o] += x[n * ins + i] * dy[n * outs + o];
        return Tensor([ins, outs], dw);
    }
}
