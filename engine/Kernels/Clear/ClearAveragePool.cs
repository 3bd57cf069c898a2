using Conformance.Engine.Kernels.Operations;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Kernels.Clear;

/// <summary>
/// The average over windows as plain loops: y = Σ x / divisor, row by row. Backward, each element of a window gets dy / divisor. Not tuned for
/// speed.
/// </summary>
internal sealed class ClearAveragePool(AveragePoolOperands o) : Kernel
{
    public override Layout Layout => Layout.Nchw;

    public override void Forward(int block)
    {
        var (vertical, horizontal) = (o.Vertical, o.Horizontal);
        var input = o.Input.Slice(block);
        var output = o.Output.Slice(block);
        int at = 0;
        for (int plane = 0; plane < o.Output.ImagesIn(block) * o.Output.Shape[1]; plane++)
            for (int y = 0; y < vertical.Output; y++)
                for (int x = 0; x < horizontal.Output; x++)
                {
                    float sum = 0;
                    for (int iy = vertical.First[y]; iy < vertical.End[y]; iy++)
                        for (int ix = horizontal.First[x]; ix < horizontal.End[x]; ix++)
                            sum += input[(plane * vertical.Input + iy) * horizontal.Input + ix];
                    output[at++] = sum / ((float)vertical.Count[y] * horizontal.Count[x]);
                }
    }

    public override void Backward(int block)
    {
        if (o.InputGradient is null)
            return;
        var (vertical, horizontal) = (o.Vertical, o.Horizontal);
        var outputGradient = o.OutputGradient.Slice(block);
        var inputGradient = o.InputGradient.Slice(block);
        inputGradient.Clear();
        int at = 0;
        for (int plane = 0; plane < o.Output.ImagesIn(block) * o.Output.Shape[1]; plane++)
            for (int y = 0; y < vertical.Output; y++)
                for (int x = 0; x < horizontal.Output; x++)
                {
                    float share = outputGradient[at++] / ((float)vertical.Count[y] * horizontal.Count[x]);
                    for (int iy = vertical.First[y]; iy < vertical.End[y]; iy++)
                        for (int ix = horizontal.First[x]; ix < horizontal.End[x]; ix++)
                            inputGradient[(plane * vertical.Input + iy) * horizontal.Input + ix] += share;
                }
    }
}
