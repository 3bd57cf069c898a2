using Conformance.Engine.Tensors;

namespace Conformance.Engine.Kernels.Operations;

/// <summary>The operands of a batch norm. The kernels see the input as <c>[N, C, Positions]</c>.</summary>
internal sealed class BatchNormOperands : Operands
{
    public Parameter? Weight;
    public Parameter? Bias;
    public required Tensor RunningMean;
    public required Tensor RunningVar;
    public required Tensor NumBatchesTracked;
    public required double? Momentum;
    public required double Eps;

    /// <summary>Whether the layer was in training mode when the forward pass was connected.</summary>
    public bool Training;

    /// <summary>The weight of this batch in the running statistics.</summary>
    public double Share;

    /// <summary>By channel, for this forward pass: the number subtracted, and the factor of the difference.</summary>
    public required float[] Mean;
    public required float[] InverseDeviation;

    /// <summary>By channel, for this backward pass: Σ dy and Σ dy·x̂ over all images and positions.</summary>
    public required float[] GradientSum;
    public required float[] GradientDotNormal;

    public int Channels => Input.Shape[1];

    /// <summary>The positions of one channel in one image: H·W, L, or 1.</summary>
    public int Positions => Input.ImageSize / Channels;

    /// <summary>The number of values of one channel in the batch.</summary>
    public long Count => (long)Input.Images * Positions;
}

/// <summary>The common part of both batch norm kernels. One unit per channel computes the sums over the batch and the statistics.</summary>
internal abstract class BatchNormKernel(BatchNormOperands operands) : Kernel
{
    protected readonly BatchNormOperands o = operands;

    public sealed override bool NeedsWholeBatch => o.Training;

    public sealed override int ForwardUnits => o.Channels;

    public sealed override int BackwardUnits => o.Channels;

    /// <summary>In evaluation the sums of the gradient are computed here, because the blocks do not need them.</summary>
    public sealed override int ParameterUnits => o.Training ? 0 : o.Channels;

    public sealed override void Prepare()
    {
        for (int c = 0; c < o.Channels && !o.Training; c++)
            Use(c, o.RunningMean.Span[c], o.RunningVar.Span[c]);
    }

    /// <summary>Computes the batch statistics of a channel and updates the running statistics.</summary>
    public sealed override void ForwardUnit(int channel)
    {
        if (channel == 0)
            o.NumBatchesTracked.Span[0]++; // Share was computed from it before the units run
        if (o.Count == 0)
        {
            Use(channel, 0, 0); // there is no value to normalise, and the running statistics stay
            return;
        }
        double mean = Sum(channel) / o.Count;
        // Each value has the mean subtracted as float32, so the deviations are measured from that number. A correction removes the effect of its
        // rounding.
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

    /// <summary>Σ x over a channel in all images.</summary>
    protected abstract double Sum(int channel);

    /// <summary>Σ (x − shift)² over a channel in all images.</summary>
    protected abstract double SumOfSquares(int channel, float shift);

    /// <summary>Σ dy and Σ dy·(x − μ) over a channel in all images.</summary>
    protected abstract (double Sum, double Dot) GradientSums(int channel);

    /// <summary>The slope and the offset of a channel: y = slope·(x − mean) + offset.</summary>
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
