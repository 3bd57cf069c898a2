using Conformance.Oracle;

namespace Conformance.Tests.Blind.First;

internal sealed class First31 : FirstEngine
{
    public override string Name => "first-31";

    protected override Tensor64 ConvWeightTensor(FirstConv g, float[] dw)
    {
        var last = new float[dw.Length];
        var at = 0;
        for (var o = 0; o < g.O; o++)
            for (var kh = 0; kh < g.KH; kh++)
                for (var kw = 0; kw < g.KW; kw++)
                    for (var c = 0; c < g.CG; c++)
                        last[at++] = dw[g.K(o, c, kh, kw)];
        return Tensor([g.O, g.KH, g.KW, g.CG], last);
    }
}
