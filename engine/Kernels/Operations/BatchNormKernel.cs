using Conformance.Engine.Tensors;

namespace Conformance.Engine.Kernels.Operations;

/// <summary>What a batch norm's layer and kernels share. For them the input is <c>[N, C, Positions]</c>.</summary>
internal sealed class BatchNormOperands : Operands
{
    public Parameter? Weight;
    public Parameter? Bias;
    public required Tensor RunningMean;
    public required Tensor RunningVar;
    public required Tensor NumBatchesTracked;
    public required double? Momentum;
    public required double Eps;

    /// <summary>As it was when the forward pass was connected.</summary>
    public bool Training;

    /// <summary>The share of this batch in the running statistics.</summary>
    public double Share;

    /// <summary>By channel, of this forward pass: what is taken off, and what the difference is multiplied by.</summary>
    public required float[] Mean;
    public required float[] InverseDeviation;

    /// <summary>By channel, of this backward pass: Σ dy and Σ dy·x̂ over all images and positions.</summary>
    public required float[] GradientSum;
    public required float[] GradientDotNormal;

    public int Channels => Input.Shape[1];

    /// <summary>H·W, L, or 1.</summary>
    public int Positions => Input.ImageSize / Channels;

    /// <summary>Values of one channel in the batch.</summary>
    public long Count => (long)Input.Images * Positions;
}

/// <summary>What both batch norms do alike: one unit a channel for its sums over the batch, and what follows from them.</summary>
internal abstract class BatchNormKernel(BatchNormOperands operands) : Kernel
{
    protected readonly BatchNormOperands o = operands;

    public sealed override bool NeedsWholeBatch => o.Training;

    public sealed override int ForwardUnits => o.Channels;

    public sealed override int BackwardUnits => o.Channels;

    /// <summary>In evaluation no block waits for the gradients' sums.</summary>
    public sealed override int ParameterUnits => o.Training ? 0 : o.Channels;

    public sealed override void Prepare()
    {
        for (int c = 0; c < o.Channels && !o.Training; c++)
            Use(c, o.RunningMean.Span[c], o.RunningVar.Span[c]);
    }

    /// <summary>The batch's statistics of a channel; moves the running ones.</summary>
    public sealed override void ForwardUnit(int channel)
    {
        if (channel == 0)
            o.NumBatchesTracked.Span[0]++; // Share was read from it before the units ran
        if (o.Count == 0)
        {
            Use(channel, 0, 0); // no value will be normalised, and the running statistics stay
            return;
        }
        double mean = Sum(channel) / o.Count;
        // The mean as float32 holds it is what is taken off each value, so the deviations are measured from it; what its rounding adds is taken away.
        float shift = (float)mean;
        double variance = SumOfSquares(channel, shift) / o.Count - (mean - shift) * (mean - shift);
        Use(channel, shift, variance);
        Move(ref o.RunningMean.Span[channel], mean, o.Share);
        Move(ref o.RunningVar.Span[channel], variance * o.Count / (o.Count - 1), o.Share);
    }

    public sealed override void BackwardUnit(int channel)
    {
        var (sum, dot) = GradientSums(channel);
        o.GradientSum[channel] = (float)sum;
        o.GradientDotNormal[channel] = (float)(dot * o.InverseDeviation[channel]);
        if (o.Weight is null)
            return;
        o.Weight.Gradient.Span[channel] = o.GradientDotNormal[channel];
        o.Bias!.Gradient.Span[channel] = o.GradientSum[channel];
    }

    public sealed override void ParameterGradient(int channel) => BackwardUnit(channel);

    /// <summary>Σ x over a channel of all images.</summary>
    protected abstract double Sum(int channel);

    /// <summary>Σ (x − shift)² over a channel of all images.</summary>
    protected abstract double SumOfSquares(int channel, float shift);

    /// <summary>Σ dy and Σ dy·(x − μ) over a channel of all images.</summary>
    protected abstract (double Sum, double Dot) GradientSums(int channel);

    /// <summary>y = slope·(x − mean) + offset for a channel.</summary>
    protected (float Slope, float Offset) Line(int channel) => o.Weight is null
        ? (o.InverseDeviation[channel], 0)
        : (o.Weight.Value.Span[channel] * o.InverseDeviation[channel], o.Bias!.Value.Span[channel]);

    private void Use(int channel, float mean, double variance)
    {
        o.Mean[channel] = mean;
        o.InverseDeviation[channel] = (float)(1 / Math.Sqrt(variance + o.Eps));
    }

    private static void Move(ref float running, double batch, double share) => running = (float)((1 - share) * running + share * batch);
}
