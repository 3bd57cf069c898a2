using Conformance.Engine.Kernels.Operations;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Kernels.Clear;

/// <summary>Max-pooling as plain loops. It scans each window row by row and stores the index of the maximum. Not tuned for speed.</summary>
internal sealed class ClearMaxPool2d(MaxPool2dOperands o) : Kernel
{
    public override Layout Layout => Layout.Nchw;

    public override void Forward(int block)
    {
        var (vertical, horizontal) = (o.Vertical, o.Horizontal);
        var input = o.Input.Slice(block);
        var output = o.Output.Slice(block);
        var winners = o.Winners.Slice(block);
        int at = 0;
        for (int plane = 0; plane < o.Output.ImagesIn(block) * o.Output.Shape[1]; plane++)
            for (int y = 0; y < vertical.Output; y++)
                for (int x = 0; x < horizontal.Output; x++, at++)
                {
                    float best = float.NegativeInfinity;
                    int winner = -1;
                    for (int ky = 0; ky < vertical.Taps; ky++)
                        for (int kx = 0; kx < horizontal.Taps; kx++)
                        {
                            var (iy, ix) = (vertical.Position(y, ky), horizontal.Position(x, kx));
                            if (!vertical.Contains(iy) || !horizontal.Contains(ix))
                                continue;
                            float value = input[(plane * vertical.Input + iy) * horizontal.Input + ix];
                            if (winner < 0 || value > best || float.IsNaN(value))
                                (best, winner) = (value, ky * horizontal.Taps + kx);
                        }
                    output[at] = best;
                    winners[at] = winner;
                }
    }

    public override void Backward(int block)
    {
        if (o.InputGradient is null)
            return;
        var (vertical, horizontal) = (o.Vertical, o.Horizontal);
        var winners = o.Winners.Slice(block);
        var outputGradient = o.OutputGradient.Slice(block);
        var inputGradient = o.InputGradient.Slice(block);
        inputGradient.Clear();
        int at = 0;
        for (int plane = 0; plane < o.Output.ImagesIn(block) * o.Output.Shape[1]; plane++)
            for (int y = 0; y < vertical.Output; y++)
                for (int x = 0; x < horizontal.Output; x++, at++)
                {
                    int winner = (int)winners[at];
                    if (winner < 0)
                        continue;
                    var (ky, kx) = Math.DivRem(winner, horizontal.Taps);
                    int row = plane * vertical.Input + vertical.Position(y, ky);
                    inputGradient[row * horizontal.Input + horizontal.Position(x, kx)] += outputGradient[at];
                }
    }
}
