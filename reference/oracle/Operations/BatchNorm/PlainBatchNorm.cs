namespace Conformance.Oracle.Operations;

/// <summary>
/// A naive batch norm in float32 throughout. It shares no line with the oracle, and the oracle's bound was calibrated with its rounding errors.
/// </summary>
public static class PlainBatchNorm
{
    /// <param name="order">The order of the sums over a channel.</param>
    /// <param name="welford">Whether to compute mean and variance in one pass, by Welford's update, instead of two.</param>
    public static LayerResult Run(LayerCase layerCase, Summation order, bool welford = false)
    {
        float[] x = Floats("input")!, dy = layerCase.Cotangents["output"].ToFloats(), oldMean = Floats("running_mean")!,
            oldVariance = Floats("running_var")!;
        float[]? gamma = Floats("weight"), beta = Floats("bias");
        var shape = layerCase.Input("input").Shape;
        int images = shape[0], channels = shape[1], positions = x.Length / Math.Max(1, images * channels);
        var training = layerCase.Attributes.Flag("training");
        var eps = (float)layerCase.Attributes.Number("eps");
        var factor = layerCase.Attributes.Has("momentum") ? (float)layerCase.Attributes.Number("momentum")
            : 1 / (Floats("num_batches_tracked")![0] + 1);
        float[] y = new float[x.Length], dx = new float[x.Length], dgamma = new float[channels], dbeta = new float[channels];
        float[] newMean = [.. oldMean], newVariance = [.. oldVariance];
        for (var c = 0; c < channels; c++)
        {
            var at = Enumerable.Range(0, images).SelectMany(n => Enumerable.Range((n * channels + c) * positions, positions)).ToArray();
            var (mean, variance, m) = (oldMean[c], oldVariance[c], (float)at.Length);
            if (training && m > 0)
            {
                (mean, variance) = welford ? Welford(x, at) : TwoPasses(x, at, order);
                newMean[c] = (1 - factor) * oldMean[c] + factor * mean;
                newVariance[c] = (1 - factor) * oldVariance[c] + factor * variance * m / (m - 1);
            }
            var sigma = MathF.Sqrt(variance + eps);
            var scale = gamma?[c] ?? 1;
            var (meanDy, meanDyNormal) = (0f, 0f);
            foreach (var i in at)
                y[i] = (x[i] - mean) / sigma * scale + (beta?[c] ?? 0);
            dbeta[c] = order.Sum([.. at.Select(i => dy[i])]);
            dgamma[c] = order.Sum([.. at.Select(i => dy[i] * ((x[i] - mean) / sigma))]);
            if (training)
                (meanDy, meanDyNormal) = (dbeta[c] / m, dgamma[c] / m);
            foreach (var i in at)
                dx[i] = scale / sigma * (training ? dy[i] - meanDy - (x[i] - mean) / sigma * meanDyNormal : dy[i]);
        }
        var result = LayerResult.FromOutput("output", shape, y).WithGradient("input", shape, dx)
            .WithOutput("running_mean", [channels], newMean).WithOutput("running_var", [channels], newVariance);
        return gamma is null ? result : result.WithGradient("weight", [channels], dgamma).WithGradient("bias", [channels], dbeta);

        float[]? Floats(string name) => layerCase.Inputs.TryGetValue(name, out var tensor) ? tensor.ToFloats() : null;
    }

    private static (float Mean, float Variance) TwoPasses(float[] x, int[] at, Summation order)
    {
        var mean = order.Sum([.. at.Select(i => x[i])]) / at.Length;
        return (mean, order.Sum([.. at.Select(i => (x[i] - mean) * (x[i] - mean))]) / at.Length);
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
}
