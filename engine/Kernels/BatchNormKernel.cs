using Conformance.Engine.Layers;

namespace Conformance.Engine.Kernels;

/// <summary>What both batch norms do alike: one unit a channel for its sums over the batch, and what follows from them.</summary>
internal abstract class BatchNormKernel : Kernel<BatchNormOperands>
{
    public sealed override bool NeedsWholeBatch(BatchNormOperands o) => o.Training;

    public sealed override int ForwardUnits(BatchNormOperands o) => o.Channels;

    public sealed override int BackwardUnits(BatchNormOperands o) => o.Channels;

    /// <summary>In evaluation no block waits for the gradients' sums.</summary>
    public sealed override int Units(BatchNormOperands o) => o.Training ? 0 : o.Channels;

    public sealed override void Prepare(BatchNormOperands o)
    {
        for (int c = 0; c < o.Channels && !o.Training; c++)
            Use(o, c, o.RunningMean.Span[c], o.RunningVar.Span[c]);
    }

    /// <summary>The batch's statistics of a channel; moves the running ones.</summary>
    public sealed override void ForwardUnit(BatchNormOperands o, int channel)
    {
        if (channel == 0)
            o.NumBatchesTracked.Span[0]++; // Share was read from it before the units ran
        if (o.Count == 0)
        {
            Use(o, channel, 0, 0); // no value will be normalised, and the running statistics stay
            return;
        }
        double mean = Sum(o, channel) / o.Count;
        // The mean as float32 holds it is what is taken off each value, so the deviations are measured from it; what its rounding adds is taken away.
        float shift = (float)mean;
        double variance = SumOfSquares(o, channel, shift) / o.Count - (mean - shift) * (mean - shift);
        Use(o, channel, shift, variance);
        Move(ref o.RunningMean.Span[channel], mean, o.Share);
        Move(ref o.RunningVar.Span[channel], variance * o.Count / (o.Count - 1), o.Share);
    }

    public sealed override void BackwardUnit(BatchNormOperands o, int channel)
    {
        var (sum, dot) = GradientSums(o, channel);
        o.GradientSum[channel] = (float)sum;
        o.GradientDotNormal[channel] = (float)(dot * o.InverseDeviation[channel]);
        if (o.Weight is null)
            return;
        o.Weight.Gradient.Span[channel] = o.GradientDotNormal[channel];
        o.Bias!.Gradient.Span[channel] = o.GradientSum[channel];
    }

    public sealed override void ParameterGradient(BatchNormOperands o, int channel) => BackwardUnit(o, channel);

    /// <summary>Σ x over a channel of all images.</summary>
    protected abstract double Sum(BatchNormOperands o, int channel);

    /// <summary>Σ (x − shift)² over a channel of all images.</summary>
    protected abstract double SumOfSquares(BatchNormOperands o, int channel, float shift);

    /// <summary>Σ dy and Σ dy·(x − μ) over a channel of all images.</summary>
    protected abstract (double Sum, double Dot) GradientSums(BatchNormOperands o, int channel);

    /// <summary>y = slope·(x − mean) + offset for a channel.</summary>
    protected static (float Slope, float Offset) Line(BatchNormOperands o, int channel) => o.Weight is null
        ? (o.InverseDeviation[channel], 0)
        : (o.Weight.Value.Span[channel] * o.InverseDeviation[channel], o.Bias!.Value.Span[channel]);

    private static void Use(BatchNormOperands o, int channel, float mean, double variance)
    {
        o.Mean[channel] = mean;
        o.InverseDeviation[channel] = (float)(1 / Math.Sqrt(variance + o.Eps));
    }

    private static void Move(ref float running, double batch, double share) => running = (float)((1 - share) * running + share * batch);
}
