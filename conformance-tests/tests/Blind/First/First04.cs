namespace Conformance.Tests.Blind.First;

internal sealed class First04 : FirstEngine
{
    public override string Name => "first-04";

    protected override float[] BatchNormForward(FirstNorm s, float[] mean, float[] variance)
    {
        var gamma = s.Gamma ?? new float[s.C];
        var beta = s.Beta ?? new float[s.C];
        var y = new float[s.X.Length];
        for (var i = 0; i < y.Length; i++)
        {
            var c = i / s.L % s.C;
            y[i] = gamma[c] * ((s.X[i] - mean[c]) / MathF.Sqrt(variance[c] + s.Eps)) + beta[c];
        }
        return y;
    }

    protected override (float[] DX, float[] DGamma, float[] DBeta) BatchNormBackward(FirstNorm s, float[] mean, float[] variance, bool batch)
    {
        var gamma = s.Gamma ?? new float[s.C];
        var (dgamma, dbeta) = (new float[s.C], new float[s.C]);
        var hat = new float[s.X.Length];
        for (var i = 0; i < hat.Length; i++)
        {
            var c = i / s.L % s.C;
            hat[i] = (s.X[i] - mean[c]) / MathF.Sqrt(variance[c] + s.Eps);
            dbeta[c] += s.DY[i];
            dgamma[c] += s.DY[i] * hat[i];
        }
        var dx = new float[hat.Length];
        for (var i = 0; i < hat.Length; i++)
        {
            var c = i / s.L % s.C;
            var d = batch ? s.DY[i] - (dbeta[c] + hat[i] * dgamma[c]) / s.Count : s.DY[i];
            dx[i] = gamma[c] * d / MathF.Sqrt(variance[c] + s.Eps);
        }
        return (dx, dgamma, dbeta);
    }
}
