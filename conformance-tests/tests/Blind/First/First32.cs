namespace Conformance.Tests.Blind.First;

internal sealed class First32 : FirstEngine
{
    public override string Name => "first-32";

    protected override float[] AvgPoolBackward(FirstPool g, float[] dy)
    {
        var dx = new float[g.Planes * g.H * g.W];
        for (var i = 0; i < dy.Length; i++)
        {
            var plane = i / (g.OH * g.OW);
            var (top, bottom, height) = Window(i / g.OW % g.OH, g.SH, g.PH, g.KH, g.H);
            var (left, right, width) = Window(i % g.OW, g.SW, g.PW, g.KW, g.W);
            for (var ih = top; ih < bottom; ih++)
                for (var iw = left; iw < right; iw++)
                    dx[(plane * g.H + ih) * g.W + iw] += dy[i] / (height * width);
        }
        return dx;
    }
}
