using Conformance.Engine.Kernels.Operations;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Kernels.Clear;

/// <summary>Batch normalisation as plain loops. Sums are float64.</summary>
internal sealed class ClearBatchNorm(BatchNormOperands operands) : BatchNormKernel(operands)
{
    public override Layout Layout => Layout.Nchw;

    public override void Forward(int block)
    {
        for (int channel = 0; channel < o.Channels; channel++)
        {
            var (slope, offset) = Line(channel);
            for (int n = 0; n < o.Input.ImagesIn(block); n++)
            {
                var x = Plane(o.Input, block, n, channel);
                var y = Plane(o.Output, block, n, channel);
                for (int i = 0; i < x.Length; i++)
                    y[i] = slope * (x[i] - o.Mean[channel]) + offset;
            }
        }
    }

    /// <summary>
    /// In training dx = slope·(dy − (Σ dy + x̂·Σ dy·x̂)/count), because μ and σ² depend on x too. In evaluation dx = slope·dy.
    /// </summary>
    public override void Backward(int block)
    {
        if (o.InputGradient is null)
            return;
        for (int channel = 0; channel < o.Channels; channel++)
        {
            var (slope, _) = Line(channel);
            float mean = o.GradientSum[channel] / o.Count, dot = o.GradientDotNormal[channel] / o.Count;
            for (int n = 0; n < o.Input.ImagesIn(block); n++)
            {
                var x = Plane(o.Input, block, n, channel);
                var dy = Plane(o.OutputGradient, block, n, channel);
                var dx = Plane(o.InputGradient, block, n, channel);
                for (int i = 0; i < x.Length; i++)
                {
                    float normal = (x[i] - o.Mean[channel]) * o.InverseDeviation[channel];
                    dx[i] = slope * (o.Training ? dy[i] - (mean + normal * dot) : dy[i]);
                }
            }
        }
    }

    protected override double Sum(int channel)
    {
        double sum = 0;
        for (int n = 0; n < o.Input.Images; n++)
            foreach (float x in Plane(o.Input, n, channel))
                sum += x;
        return sum;
    }

    protected override double SumOfSquares(int channel, float shift)
    {
        double sum = 0;
        for (int n = 0; n < o.Input.Images; n++)
            foreach (float x in Plane(o.Input, n, channel))
                sum += ((double)x - shift) * ((double)x - shift);
        return sum;
    }

    protected override (double Sum, double Dot) GradientSums(int channel)
    {
        double sum = 0, dot = 0;
        for (int n = 0; n < o.Input.Images; n++)
        {
            var x = Plane(o.Input, n, channel);
            var dy = Plane(o.OutputGradient, n, channel);
            for (int i = 0; i < x.Length; i++)
            {
                sum += dy[i];
                dot += dy[i] * ((double)x[i] - o.Mean[channel]);
            }
        }
        return (sum, dot);
    }

    private Span<float> Plane(Tensor tensor, int image, int channel) =>
        Plane(tensor, image / Tensor.Lanes, image % Tensor.Lanes, channel);

    private Span<float> Plane(Tensor tensor, int block, int image, int channel) =>
        tensor.Slice(block).Slice((image * o.Channels + channel) * o.Positions, o.Positions);
}
