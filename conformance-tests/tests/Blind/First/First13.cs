using Conformance.Oracle;

namespace Conformance.Tests.Blind.First;

internal sealed class First13 : FirstEngine
{
    public override string Name => "first-13";

    protected override float AverageFactor(LayerCase layerCase) => layerCase.Attributes.Has("momentum")
        ? (float)layerCase.Attributes.Number("momentum")
        : (float)(1 / Math.Max(1, layerCase.Input("num_batches_tracked")[0]));

    protected override (float[] DX, float[] DGamma, float[] DBeta) BatchNormBackward(FirstNorm s, float[] mean, float[] variance, bool batch)
    {
        var (dx, dgamma, dbeta) = (new float[s.X.Length], new float[s.C], new float[s.C]);
        for (var i = 0; i < dx.Length; i++)
        {
            var c = i / s.L % s.C;
            dbeta[c] += s.DY[i];
            dgamma[c] += s.DY[i] * (s.X[i] - mean[c]) / MathF.Sqrt(variance[c] + s.Eps);
        }
        for (var i = 0; i < dx.Length; i++)
        {
            var c = i / s.L % s.C;
            var scale = 1 / MathF.Sqrt(variance[c] + s.Eps);
            var hat = (s.X[i] - mean[c]) * scale;
            dx[i] = (s.Gamma?[c] ?? 1) * scale / s.Count * (s.Count * s.DY[i] - dbeta[c] - hat * dgamma[c]);
        }
        return (dx, dgamma, dbeta);
    }
}
