namespace Conformance.Tests.Blind.First;

internal sealed class First02 : FirstEngine
{
    public override string Name => "first-02";

    protected override float[] MaxPoolBackward(FirstPool g, float[] x, float[] y, int[] from, float[] dy)
    {
        var dx = new float[x.Length];
        var area = g.H * g.W;
        for (var i = 0; i < dy.Length; i++)
        {
            var plane = i / (g.OH * g.OW);
            var at = Array.IndexOf(x, y[i], plane * area, area);
            if (at >= 0)
                dx[at] += dy[i];
        }
        return dx;
    }
}
