using System.Runtime.CompilerServices;
using Conformance.Engine.Kernels.Operations;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Kernels.Fast;

/// <summary>
/// The average over windows with images innermost. A lane adds the same elements in the same order as the clear kernel, so the bits are equal.
/// </summary>
internal sealed unsafe class FastAveragePool<T>(AveragePoolOperands o) : Kernel where T : unmanaged, ISimd<T>
{
    public override Layout Layout => Layout.Blocked;

    public override void Forward(int block)
    {
        var (inputPlane, outputPlane) = Planes;
        for (int channel = 0; channel < o.Input.Shape[1]; channel++)
            for (int lane = 0; lane < Tensor.Lanes; lane += T.Count)
                PoolPlane(o.Vertical, o.Horizontal,
                    o.Input.Block(block) + channel * inputPlane + lane, o.Output.Block(block) + channel * outputPlane + lane);
    }

    public override void Backward(int block)
    {
        if (o.InputGradient is null)
            return;
        var (inputPlane, outputPlane) = Planes;
        o.InputGradient.Slice(block).Clear();
        for (int channel = 0; channel < o.Input.Shape[1]; channel++)
            for (int lane = 0; lane < Tensor.Lanes; lane += T.Count)
                SpreadPlane(o.Vertical, o.Horizontal,
                    o.OutputGradient.Block(block) + channel * outputPlane + lane, o.InputGradient.Block(block) + channel * inputPlane + lane);
    }

    private (nint Input, nint Output) Planes =>
        ((nint)o.Vertical.Input * o.Horizontal.Input * Tensor.Lanes, (nint)o.Vertical.Output * o.Horizontal.Output * Tensor.Lanes);

    /// <summary>Averages each window of one plane. A leaf method.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void PoolPlane(AverageWindows vertical, AverageWindows horizontal, float* input, float* output)
    {
        for (int y = 0; y < vertical.Output; y++)
            for (int x = 0; x < horizontal.Output; x++)
            {
                int first = horizontal.First[x], end = horizontal.End[x];
                T sum = default;
                for (int iy = vertical.First[y]; iy < vertical.End[y]; iy++)
                {
                    float* line = input + (nint)iy * horizontal.Input * Tensor.Lanes;
                    for (nint ix = first; ix < end; ix++)
                        sum += T.Load(line + ix * Tensor.Lanes);
                }
                T.Store(output, sum / T.Broadcast((float)vertical.Count[y] * horizontal.Count[x]));
                output += Tensor.Lanes;
            }
    }

    /// <summary>Adds each output's share of its gradient to all elements of its window. A leaf method.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void SpreadPlane(AverageWindows vertical, AverageWindows horizontal, float* gradients, float* target)
    {
        for (int y = 0; y < vertical.Output; y++)
            for (int x = 0; x < horizontal.Output; x++)
            {
                int first = horizontal.First[x], end = horizontal.End[x];
                T share = T.Load(gradients) / T.Broadcast((float)vertical.Count[y] * horizontal.Count[x]);
                for (int iy = vertical.First[y]; iy < vertical.End[y]; iy++)
                {
                    float* line = target + (nint)iy * horizontal.Input * Tensor.Lanes;
                    for (nint ix = first; ix < end; ix++)
                        T.Store(line + ix * Tensor.Lanes, T.Load(line + ix * Tensor.Lanes) + share);
                }
                gradients += Tensor.Lanes;
            }
    }
}
