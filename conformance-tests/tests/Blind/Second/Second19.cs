namespace Conformance.Tests.Blind.Second;

internal sealed class Second19 : SecondEngine
{
    public override string Name => "second-19";

    protected override float[] NormInputGradient(float[] x, float[] dy, float[] mean, float[] scale, float[] gamma, NormPlan p)
    {
        var (dGamma, dBeta) = NormParameterGradients(x, dy, mean, scale, p);
        var dx = new float[x.Length];
        for (var n = 0; n < p.N; n++)
            for (var c = 0; c < p.C; c++)
                for (var k = 0; k < p.Places; k++)
                {
                    var at = p.At(n, c, k);
                    var normal = (x[at] - mean[c]) * scale[c];
                    dx[at] = gamma[c] * scale[c] / p.Count * (p.Count * dy[at] - dBeta[c] - normal * dGamma[c]);
                }
        return dx;
    }
}
