namespace Conformance.Tests.Blind.Second;

internal sealed class Second30 : SecondEngine
{
    public override string Name => "second-30";

    protected override float[] MseGradient(Grid x, float[] t, float[]? dy, string reduction)
    {
        var dx = new float[x.Length];
        for (var k = 0; k < dx.Length; k++)
            dx[k] = 2 * (x.Data[k] - t[k]) / (reduction == "mean" ? x.Length : 1);
        return dx;
    }
}
