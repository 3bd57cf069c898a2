using Conformance.Oracle;

namespace Conformance.Tests.Blind.Second;

/// <summary>Images (or rows), channels, and places in each channel of each image.</summary>
internal sealed record NormPlan(int N, int C, int Places, float Eps, bool UsesBatch)
{
    public int Count => N * Places;

    public int At(int n, int c, int k) => (n * C + c) * Places + k;
}

internal partial class SecondEngine
{
    private LayerResult BatchNorm(LayerCase layerCase, int leastRank, int mostRank)
    {
        var x = In(layerCase, "input");
        Require(x.Rank >= leastRank && x.Rank <= mostRank, "batch_norm: wrong number of axes");
        var c = x.Shape[1];
        var weight = Maybe(layerCase, "weight");
        var bias = Maybe(layerCase, "bias");
        var runningMean = Maybe(layerCase, "running_mean");
        var runningVar = Maybe(layerCase, "running_var");
        foreach (var each in new[] { weight, bias, runningMean, runningVar })
            Require(each is null || each.Rank == 1 && each.Length == c, "batch_norm: one number per channel");
        var training = Flag(layerCase, "training", true);
        var usesBatch = training || runningMean is null || runningVar is null;
        var plan = new NormPlan(x.Shape[0], c, Grid.Count(x.Shape.AsSpan(2)), Real(layerCase, "eps", 1e-5), usesBatch);
        Require(!usesBatch || plan.Count != 1, "batch_norm: more than one value per channel is needed");
        Require(plan.Places > 0, "batch_norm: empty channels");

        var mean = runningMean?.Data ?? new float[c];
        var variance = runningVar?.Data ?? new float[c];
        if (usesBatch && plan.Count > 0)
        {
            (mean, variance) = NormStatistics(x.Data, plan);
            if (training && runningMean is not null && runningVar is not null)
            {
                var factor = layerCase.Attributes.Has("momentum") || !layerCase.Inputs.ContainsKey("num_batches_tracked")
                    ? Real(layerCase, "momentum", 0.1)
                    : NormAverageFactor((int)layerCase.Input("num_batches_tracked")[0]);
                NormTrack(runningMean.Data, runningVar.Data, mean, variance, factor, plan.Count);
            }
        }
        var scale = NormScale(variance, plan);
        var gamma = weight?.Data ?? [.. Enumerable.Repeat(1f, c)];
        var y = NormForward(x.Data, mean, scale, gamma, bias?.Data ?? new float[c], plan);
        var dy = Upstream(layerCase, y.Length);
        var dx = NormInputGradient(x.Data, dy, mean, scale, gamma, plan);
        var (dGamma, dBeta) = NormParameterGradients(x.Data, dy, mean, scale, plan);
        var outputs = new Dictionary<string, Tensor64> { ["output"] = Grid.Wide(x.Shape, y) };
        if (runningMean is not null && runningVar is not null)
        {
            outputs["running_mean"] = runningMean.Wide();
            outputs["running_var"] = runningVar.Wide();
        }
        var gradients = new Dictionary<string, Tensor64> { ["input"] = Grid.Wide(x.Shape, dx) };
        if (weight is not null)
            gradients["weight"] = Grid.Wide([c], dGamma);
        if (bias is not null)
            gradients["bias"] = Grid.Wide([c], dBeta);
        return new(outputs, gradients);
    }

    protected virtual (float[] Mean, float[] Variance) NormStatistics(float[] x, NormPlan p)
    {
        var mean = new float[p.C];
        var variance = new float[p.C];
        for (var c = 0; c < p.C; c++)
        {
            var sum = 0f;
            for (var n = 0; n < p.N; n++)
                for (var k = 0; k < p.Places; k++)
                    sum += x[p.At(n, c, k)];
            var rough = sum / p.Count;
            var rest = 0f;
            for (var n = 0; n < p.N; n++)
                for (var k = 0; k < p.Places; k++)
                    rest += x[p.At(n, c, k)] - rough;
            mean[c] = rough + rest / p.Count;
            var squares = 0f;
            for (var n = 0; n < p.N; n++)
                for (var k = 0; k < p.Places; k++)
                {
                    var distance = x[p.At(n, c, k)] - mean[c];
                    squares += distance * distance;
                }
            variance[c] = squares / p.Count;
        }
        return (mean, variance);
    }

    protected virtual float NormAverageFactor(int batchesBefore) => 1f / (batchesBefore + 1);

    protected virtual void NormTrack(float[] runningMean, float[] runningVar, float[] mean, float[] variance, float factor, int count)
    {
        for (var c = 0; c < mean.Length; c++)
        {
            runningMean[c] = (1 - factor) * runningMean[c] + factor * mean[c];
            runningVar[c] = (1 - factor) * runningVar[c] + factor * (variance[c] * count / (count - 1));
        }
    }

    protected virtual float[] NormScale(float[] variance, NormPlan p) => Array.ConvertAll(variance, v => 1 / MathF.Sqrt(v + p.Eps));

    protected virtual float[] NormForward(float[] x, float[] mean, float[] scale, float[] gamma, float[] beta, NormPlan p)
    {
        var y = new float[x.Length];
        for (var n = 0; n < p.N; n++)
            for (var c = 0; c < p.C; c++)
                for (var k = 0; k < p.Places; k++)
                    y[p.At(n, c, k)] = (x[p.At(n, c, k)] - mean[c]) * scale[c] * gamma[c] + beta[c];
        return y;
    }

    protected virtual float[] NormInputGradient(float[] x, float[] dy, float[] mean, float[] scale, float[] gamma, NormPlan p)
    {
        var dx = new float[x.Length];
        for (var c = 0; c < p.C; c++)
        {
            var sum = 0f;
            var product = 0f;
            if (p.UsesBatch)
                for (var n = 0; n < p.N; n++)
                    for (var k = 0; k < p.Places; k++)
                    {
                        sum += dy[p.At(n, c, k)];
                        product += dy[p.At(n, c, k)] * ((x[p.At(n, c, k)] - mean[c]) * scale[c]);
                    }
            for (var n = 0; n < p.N; n++)
                for (var k = 0; k < p.Places; k++)
                {
                    var at = p.At(n, c, k);
                    var normal = (x[at] - mean[c]) * scale[c];
                    dx[at] = gamma[c] * scale[c] * (dy[at] - sum / p.Count - normal * (product / p.Count));
                }
        }
        return dx;
    }

    protected virtual (float[] Gamma, float[] Beta) NormParameterGradients(float[] x, float[] dy, float[] mean, float[] scale, NormPlan p)
    {
        var gamma = new float[p.C];
        var beta = new float[p.C];
        for (var n = 0; n < p.N; n++)
            for (var c = 0; c < p.C; c++)
                for (var k = 0; k < p.Places; k++)
                {
                    var at = p.At(n, c, k);
                    gamma[c] += dy[at] * ((x[at] - mean[c]) * scale[c]);
                    beta[c] += dy[at];
                }
        return (gamma, beta);
    }
}
