using Conformance.Engine.Kernels.Operations;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Kernels.Clear;

/// <summary>The convolution as plain loops, one for each index. Taps in the padding are skipped. Not tuned for speed.</summary>
internal sealed class ClearConv2d(Conv2dOperands o) : Kernel
{
    public override Layout Layout => Layout.Nchw;

    public override void Forward(int block)
    {
        var (vertical, horizontal) = (o.Vertical, o.Horizontal);
        var weight = o.Weight.Value.Span;
        var input = o.Input.Slice(block);
        var output = o.Output.Slice(block);
        int at = 0;
        for (int n = 0; n < o.Output.ImagesIn(block); n++)
            for (int channel = 0; channel < o.OutChannels; channel++)
                for (int y = 0; y < vertical.Output; y++)
                    for (int x = 0; x < horizontal.Output; x++)
                    {
                        float sum = o.Bias is null ? 0 : o.Bias.Value.Span[channel];
                        for (int c = 0; c < o.GroupInputs; c++)
                            for (int ky = 0; ky < vertical.Taps; ky++)
                                for (int kx = 0; kx < horizontal.Taps; kx++)
                                {
                                    var (iy, ix) = (vertical.Position(y, ky), horizontal.Position(x, kx));
                                    if (vertical.Contains(iy) && horizontal.Contains(ix))
                                        sum += weight[WeightAt(channel, c, ky, kx)] * input[InputAt(n, channel, c, iy, ix)];
                                }
                        output[at++] = sum;
                    }
    }

    public override void Backward(int block)
    {
        if (o.InputGradient is null)
            return;
        var (vertical, horizontal) = (o.Vertical, o.Horizontal);
        var weight = o.Weight.Value.Span;
        var outputGradient = o.OutputGradient.Slice(block);
        var inputGradient = o.InputGradient.Slice(block);
        inputGradient.Clear();
        int at = 0;
        for (int n = 0; n < o.Output.ImagesIn(block); n++)
            for (int channel = 0; channel < o.OutChannels; channel++)
                for (int y = 0; y < vertical.Output; y++)
                    for (int x = 0; x < horizontal.Output; x++)
                    {
                        float gradient = outputGradient[at++];
                        for (int c = 0; c < o.GroupInputs; c++)
                            for (int ky = 0; ky < vertical.Taps; ky++)
                                for (int kx = 0; kx < horizontal.Taps; kx++)
                                {
                                    var (iy, ix) = (vertical.Position(y, ky), horizontal.Position(x, kx));
                                    if (vertical.Contains(iy) && horizontal.Contains(ix))
                                        inputGradient[InputAt(n, channel, c, iy, ix)] += weight[WeightAt(channel, c, ky, kx)] * gradient;
                                }
                    }
    }

    public override int ParameterUnits => o.OutChannels;

    /// <summary>Computes the gradients of the weights and the bias of one output channel.</summary>
    public override void ParameterGradient(int channel)
    {
        var (vertical, horizontal) = (o.Vertical, o.Horizontal);
        var weightGradient = o.Weight.Gradient.Span;
        weightGradient.Slice(WeightAt(channel, 0, 0, 0), weightGradient.Length / o.OutChannels).Clear();
        float biasGradient = 0;
        for (int block = 0; block < o.Output.Blocks; block++)
        {
            var input = o.Input.Slice(block);
            var outputGradient = o.OutputGradient.Slice(block);
            for (int n = 0; n < o.Output.ImagesIn(block); n++)
                for (int y = 0; y < vertical.Output; y++)
                    for (int x = 0; x < horizontal.Output; x++)
                    {
                        float gradient = outputGradient[((n * o.OutChannels + channel) * vertical.Output + y) * horizontal.Output + x];
                        biasGradient += gradient;
                        for (int c = 0; c < o.GroupInputs; c++)
                            for (int ky = 0; ky < vertical.Taps; ky++)
                                for (int kx = 0; kx < horizontal.Taps; kx++)
                                {
                                    var (iy, ix) = (vertical.Position(y, ky), horizontal.Position(x, kx));
                                    if (vertical.Contains(iy) && horizontal.Contains(ix))
                                        weightGradient[WeightAt(channel, c, ky, kx)] += input[InputAt(n, channel, c, iy, ix)] * gradient;
                                }
                    }
        }
        if (o.Bias is not null)
            o.Bias.Gradient.Span[channel] = biasGradient;
    }

    /// <summary>The index of the weight between output channel <paramref name="channel"/> and the c-th input channel of its group.</summary>
    private int WeightAt(int channel, int c, int ky, int kx) =>
        ((channel * o.GroupInputs + c) * o.Vertical.Taps + ky) * o.Horizontal.Taps + kx;

    /// <summary>The index of an element of the c-th input channel in the group of output channel <paramref name="channel"/>.</summary>
    private int InputAt(int n, int channel, int c, int y, int x) =>
        ((n * o.InChannels + channel / o.GroupOutputs * o.GroupInputs + c) * o.Vertical.Input + y) * o.Horizontal.Input + x;
}
