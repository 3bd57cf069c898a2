namespace Conformance.Tests.Blind.Second;

internal sealed class Second22 : SecondEngine
{
    public override string Name => "second-22";

    protected override float NormAverageFactor(int batchesBefore) => 1f / Math.Max(batchesBefore, 1);

    protected override (float[] Gamma, float[] Beta) NormParameterGradients(float[] x, float[] dy, float[] mean, float[] scale, NormPlan p)
    {
        var gamma = new float[p.C];
        var beta = new float[p.C];
        for (var c = 0; c < p.C; c++)
            for (var n = 0; n < p.N; n++)
                for (var k = 0; k < p.Places; k++)
                {
                    beta[c] += dy[p.At(n, c, k)];
                    gamma[c] += dy[p.At(n, c, k)] * (x[p.At(n, c, k)] - mean[c]);
                }
        return (gamma, beta);
    }
}
