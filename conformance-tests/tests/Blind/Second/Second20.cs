namespace Conformance.Tests.Blind.Second;

internal sealed class Second20 : SecondEngine
{
    public override string Name => "second-20";

    protected override float[] NormScale(float[] variance, NormPlan p)
    {
        var scale = new float[p.C];
        for (var c = 0; c < p.C; c++)
            scale[c] = 1 / (MathF.Sqrt(variance[c]) + p.Eps);
        return scale;
    }
}
