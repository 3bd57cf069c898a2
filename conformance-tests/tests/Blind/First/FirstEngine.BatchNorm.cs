using Conformance.Oracle;

namespace Conformance.Tests.Blind.First;

/// <summary>What a batch norm is asked: images, channels, and elements of a channel in one image.</summary>
internal sealed class FirstNorm
{
    public int N, C, L;

    public bool Training;

    public float Eps;

    /// <summary>The new batch's share in the running statistics.</summary>
    public float Factor;

    public float[] X = [], DY = [];

    public float[]? Gamma, Beta, RunningMean, RunningVar;

    public int Count => N * L;

    public int At(int n, int c, int l) => (n * C + c) * L + l;
}

internal partial class FirstEngine
{
    protected virtual LayerResult BatchNorm1d(LayerCase layerCase) => BatchNorm(layerCase);

    protected virtual LayerResult BatchNorm2d(LayerCase layerCase) => BatchNorm(layerCase);

    protected virtual float AverageFactor(LayerCase layerCase) => layerCase.Attributes.Has("momentum")
        ? (float)layerCase.Attributes.Number("momentum")
        : (float)(1 / (layerCase.Input("num_batches_tracked")[0] + 1));

    protected FirstNorm Norm(LayerCase layerCase)
    {
        var shape = layerCase.Input("input").Shape;
        if (layerCase.Op == "batch_norm2d" ? shape.Length != 4 : shape.Length is not (2 or 3))
            throw new ArgumentException($"{layerCase.Op} of {shape.Length} axes");
        var length = 1;
        foreach (var extent in shape[2..])
            length *= extent;
        var s = new FirstNorm
        {
            N = shape[0],
            C = shape[1],
            L = length,
            Training = Flag(layerCase.Attributes, "training", true),
            Eps = Number(layerCase.Attributes, "eps", 1e-5),
            Gamma = FloatsOrNull(layerCase, "weight"),
            Beta = FloatsOrNull(layerCase, "bias"),
            RunningMean = FloatsOrNull(layerCase, "running_mean"),
            RunningVar = FloatsOrNull(layerCase, "running_var"),
        };
        foreach (var values in new[] { s.Gamma, s.Beta, s.RunningMean, s.RunningVar })
            if (values is not null && values.Length != s.C)
                throw new ArgumentException("one value for each channel");
        if (s.Training && s.Count == 1)
            throw new ArgumentException("more than one value per channel is needed in training");
        s.X = Floats(layerCase.Input("input"));
        s.DY = Cotangent(layerCase);
        s.Factor = s.Training && s.RunningMean is not null ? AverageFactor(layerCase) : 0;
        return s;
    }

    protected virtual LayerResult BatchNorm(LayerCase layerCase)
    {
        var s = Norm(layerCase);
        var shape = layerCase.Input("input").Shape;
        var batch = s.Training || s.RunningMean is null || s.RunningVar is null;
        var (mean, variance) = batch ? BatchStatistics(s) : (s.RunningMean!, s.RunningVar!);
        var y = BatchNormForward(s, mean, variance);
        var (dx, dgamma, dbeta) = BatchNormBackward(s, mean, variance, batch);
        if (s.Training && s.Count > 0)
            UpdateRunning(s, mean, variance);

        var outputs = new Dictionary<string, Tensor64> { ["output"] = Tensor(shape, y) };
        if (s.RunningMean is not null && s.RunningVar is not null)
            (outputs["running_mean"], outputs["running_var"]) = (Tensor([s.C], s.RunningMean), Tensor([s.C], s.RunningVar));
        var gradients = new Dictionary<string, Tensor64> { ["input"] = Tensor(shape, dx) };
        if (s.Gamma is not null)
            gradients["weight"] = Tensor([s.C], dgamma);
        if (s.Beta is not null)
            gradients["bias"] = Tensor([s.C], dbeta);
        return Result(outputs, gradients);
    }

    protected virtual (float[] Mean, float[] Variance) BatchStatistics(FirstNorm s)
    {
        var (mean, variance) = (new float[s.C], new float[s.C]);
        for (var c = 0; c < s.C; c++)
        {
            var first = s.Count > 0 ? s.X[s.At(0, c, 0)] : 0;
            var (sum, squares) = (0f, 0f);
            for (var n = 0; n < s.N; n++)
                for (var l = 0; l < s.L; l++)
                    sum += s.X[s.At(n, c, l)] - first;
            mean[c] = first + sum / s.Count;
            for (var n = 0; n < s.N; n++)
                for (var l = 0; l < s.L; l++)
                {
                    var d = s.X[s.At(n, c, l)] - first - sum / s.Count;
                    squares += d * d;
                }
            variance[c] = squares / s.Count;
        }
        return (mean, variance);
    }

    protected virtual float[] BatchNormForward(FirstNorm s, float[] mean, float[] variance)
    {
        var y = new float[s.X.Length];
        for (var c = 0; c < s.C; c++)
        {
            var scale = 1 / MathF.Sqrt(variance[c] + s.Eps);
            for (var n = 0; n < s.N; n++)
                for (var l = 0; l < s.L; l++)
                    y[s.At(n, c, l)] = (s.X[s.At(n, c, l)] - mean[c]) * scale * (s.Gamma?[c] ?? 1) + (s.Beta?[c] ?? 0);
        }
        return y;
    }

    protected virtual (float[] DX, float[] DGamma, float[] DBeta) BatchNormBackward(FirstNorm s, float[] mean, float[] variance, bool batch)
    {
        var (dx, dgamma, dbeta) = (new float[s.X.Length], new float[s.C], new float[s.C]);
        for (var c = 0; c < s.C; c++)
        {
            var scale = 1 / MathF.Sqrt(variance[c] + s.Eps);
            for (var n = 0; n < s.N; n++)
                for (var l = 0; l < s.L; l++)
                {
                    dbeta[c] += s.DY[s.At(n, c, l)];
                    dgamma[c] += s.DY[s.At(n, c, l)] * (s.X[s.At(n, c, l)] - mean[c]) * scale;
                }
            for (var n = 0; n < s.N; n++)
                for (var l = 0; l < s.L; l++)
                {
                    var d = s.DY[s.At(n, c, l)];
                    if (batch)
                        d -= (dbeta[c] + (s.X[s.At(n, c, l)] - mean[c]) * scale * dgamma[c]) / s.Count;
                    dx[s.At(n, c, l)] = d * scale * (s.Gamma?[c] ?? 1);
                }
        }
        return (dx, dgamma, dbeta);
    }

    protected virtual void UpdateRunning(FirstNorm s, float[] mean, float[] variance)
    {
        if (s.RunningMean is null || s.RunningVar is null)
            return;
        for (var c = 0; c < s.C; c++)
        {
            s.RunningMean[c] = (1 - s.Factor) * s.RunningMean[c] + s.Factor * mean[c];
            s.RunningVar[c] = (1 - s.Factor) * s.RunningVar[c] + s.Factor * (variance[c] * s.Count / (s.Count - 1));
        }
    }
}
