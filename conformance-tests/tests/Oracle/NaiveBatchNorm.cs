using Conformance.Oracle;

namespace Conformance.Tests.Oracle;

/// <summary>
/// Batch norm as someone writes it in an afternoon: float32 throughout, one sum after the other. It shares no line with the oracle, and its rounding errors
/// are what the oracle's bound was calibrated with.
/// </summary>
internal static class NaiveBatchNorm
{
    /// <param name="welford">Mean and variance in one pass, by Welford's update, instead of two.</param>
    public static LayerResult Run(LayerCase layerCase, bool welford)
    {
        float[] x = Floats("input")!, dy = Single(layerCase.Cotangents["output"]), oldMean = Floats("running_mean")!, oldVariance = Floats("running_var")!;
        float[]? gamma = Floats("weight"), beta = Floats("bias");
        var shape = layerCase.Input("input").Shape;
        int images = shape[0], channels = shape[1], positions = x.Length / Math.Max(1, images * channels);
        var training = layerCase.Attributes.Flag("training");
        var eps = (float)layerCase.Attributes.Number("eps");
        var factor = layerCase.Attributes.Has("momentum") ? (float)layerCase.Attributes.Number("momentum") : 1 / (Floats("num_batches_tracked")![0] + 1);
        float[] y = new float[x.Length], dx = new float[x.Length], dgamma = new float[channels], dbeta = new float[channels];
        float[] newMean = [.. oldMean], newVariance = [.. oldVariance];
        for (var c = 0; c < channels; c++)
        {
            var at = Enumerable.Range(0, images).SelectMany(n => Enumerable.Range((n * channels + c) * positions, positions)).ToArray();
            var (mean, variance, m) = (oldMean[c], oldVariance[c], (float)at.Length);
            if (training)
            {
                (mean, variance) = welford ? Welford(x, at) : TwoPasses(x, at);
                newMean[c] = (1 - factor) * oldMean[c] + factor * mean;
                newVariance[c] = (1 - factor) * oldVariance[c] + factor * variance * m / (m - 1);
            }
            var sigma = MathF.Sqrt(variance + eps);
            var scale = gamma?[c] ?? 1;
            var (meanDy, meanDyNormal) = (0f, 0f);
            foreach (var i in at)
            {
                var normal = (x[i] - mean) / sigma;
                y[i] = normal * scale + (beta?[c] ?? 0);
                dbeta[c] += dy[i];
                dgamma[c] += dy[i] * normal;
            }
            if (training)
                (meanDy, meanDyNormal) = (dbeta[c] / m, dgamma[c] / m);
            foreach (var i in at)
                dx[i] = scale / sigma * (dy[i] - meanDy - (x[i] - mean) / sigma * meanDyNormal);
        }
        var gradients = new Dictionary<string, Tensor64> { ["input"] = Double(shape, dx) };
        if (gamma is not null)
            (gradients["weight"], gradients["bias"]) = (Double([channels], dgamma), Double([channels], dbeta));
        return new(
            new Dictionary<string, Tensor64>
            {
                ["output"] = Double(shape, y),
                ["running_mean"] = Double([channels], newMean),
                ["running_var"] = Double([channels], newVariance),
            },
            gradients);

        float[]? Floats(string name) => layerCase.Inputs.TryGetValue(name, out var tensor) ? Single(tensor) : null;
    }

    private static (float Mean, float Variance) TwoPasses(float[] x, int[] at)
    {
        var (sum, squares) = (0f, 0f);
        foreach (var i in at)
            sum += x[i];
        var mean = sum / at.Length;
        foreach (var i in at)
            squares += (x[i] - mean) * (x[i] - mean);
        return (mean, squares / at.Length);
    }

    private static (float Mean, float Variance) Welford(float[] x, int[] at)
    {
        var (mean, squares, count) = (0f, 0f, 0);
        foreach (var i in at)
        {
            var before = x[i] - mean;
            mean += before / ++count;
            squares += before * (x[i] - mean);
        }
        return (mean, squares / count);
    }

    private static float[] Single(Tensor64 tensor) => [.. tensor.Data.ToArray().Select(value => (float)value)];

    private static Tensor64 Double(ReadOnlySpan<int> shape, float[] data) => new(shape, Array.ConvertAll(data, value => (double)value));
}
