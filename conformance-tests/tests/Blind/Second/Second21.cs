namespace Conformance.Tests.Blind.Second;

internal sealed class Second21 : SecondEngine
{
    public override string Name => "second-21";

    protected override (float[] Mean, float[] Variance) NormStatistics(float[] x, NormPlan p)
    {
        var mean = new float[p.C];
        var variance = new float[p.C];
        for (var n = 0; n < p.N; n++)
            for (var c = 0; c < p.C; c++)
                for (var k = 0; k < p.Places; k++)
                {
                    var value = x[p.At(n, c, k)];
                    mean[c] += value;
                    variance[c] += value * value;
                }
        for (var c = 0; c < p.C; c++)
        {
            mean[c] /= p.Count;
            variance[c] = Math.Max(variance[c] / p.Count - mean[c] * mean[c], 0);
        }
        return (mean, variance);
    }
}
