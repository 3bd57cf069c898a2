using System.Runtime.CompilerServices;
using Conformance.Engine.Kernels.Operations;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Kernels.Fast;

/// <summary>Max-pooling with images innermost. Each lane keeps its own winner. Every geometry is supported, including overlapping windows.</summary>
internal sealed unsafe class FastMaxPool2d<T>(MaxPool2dOperands o) : Kernel where T : unmanaged, ISimd<T>
{
    public override Layout Layout => Layout.Blocked;

    public override void Forward(int block)
    {
        nint inputPlane = (nint)o.Vertical.Input * o.Horizontal.Input * Tensor.Lanes;
        nint outputPlane = (nint)o.Vertical.Output * o.Horizontal.Output * Tensor.Lanes;
        for (int channel = 0; channel < o.Input.Shape[1]; channel++)
            for (int lane = 0; lane < Tensor.Lanes; lane += T.Count)
                PoolPlane(o.Vertical, o.Horizontal,
                    o.Input.Block(block) + channel * inputPlane + lane,
                    o.Output.Block(block) + channel * outputPlane + lane,
                    o.Winners.Block(block) + channel * outputPlane + lane);
    }

    public override void Backward(int block)
    {
        if (o.InputGradient is null)
            return;
        nint inputPlane = (nint)o.Vertical.Input * o.Horizontal.Input * Tensor.Lanes;
        nint outputPlane = (nint)o.Vertical.Output * o.Horizontal.Output * Tensor.Lanes;
        for (int channel = 0; channel < o.Input.Shape[1]; channel++)
        {
            float* target = o.InputGradient.Block(block) + channel * inputPlane;
            new Span<float>(target, (int)inputPlane).Clear();
            for (int lane = 0; lane < Tensor.Lanes; lane += T.Count)
                SpreadPlane(o.Vertical, o.Horizontal,
                    o.OutputGradient.Block(block) + channel * outputPlane + lane,
                    o.Winners.Block(block) + channel * outputPlane + lane,
                    target + lane);
        }
    }

    /// <summary>Computes the maxima of one plane and the taps that won. A leaf method.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void PoolPlane(WindowAxis vertical, WindowAxis horizontal, float* input, float* output, float* winners)
    {
        T one = T.Broadcast(1);
        nint row = (nint)vertical.Dilation * horizontal.Input * Tensor.Lanes, column = (nint)horizontal.Dilation * Tensor.Lanes;
        for (int y = 0; y < vertical.Output; y++)
        {
            int firstRow = vertical.FirstTap(y), endRow = vertical.EndTap(y);
            float* inputLine = input + (nint)vertical.Position(y, 0) * horizontal.Input * Tensor.Lanes;
            for (int x = 0; x < horizontal.Output; x++)
            {
                int firstColumn = horizontal.FirstTap(x), endColumn = horizontal.EndTap(x);
                float* window = inputLine + (nint)horizontal.Position(x, 0) * Tensor.Lanes;
                bool empty = firstRow >= endRow || firstColumn >= endColumn;
                T best = T.Broadcast(float.NegativeInfinity);
                T winner = T.Broadcast(empty ? -1 : firstRow * horizontal.Taps + firstColumn);
                for (int ky = firstRow; ky < endRow; ky++)
                {
                    T tap = T.Broadcast(ky * horizontal.Taps + firstColumn);
                    for (int kx = firstColumn; kx < endColumn; kx++)
                    {
                        T value = T.Load(window + ky * row + kx * column);
                        winner = T.SelectGreaterOrNaN(value, best, tap, winner);
                        best = T.SelectGreaterOrNaN(value, best, value, best);
                        tap += one;
                    }
                }
                T.Store(output, best);
                T.Store(winners, winner);
                output += Tensor.Lanes;
                winners += Tensor.Lanes;
            }
        }
    }

    /// <summary>Adds each output's gradient to the input element that won. A leaf method.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void SpreadPlane(WindowAxis vertical, WindowAxis horizontal, float* gradients, float* winners, float* target)
    {
        T one = T.Broadcast(1);
        nint row = (nint)vertical.Dilation * horizontal.Input * Tensor.Lanes, column = (nint)horizontal.Dilation * Tensor.Lanes;
        for (int y = 0; y < vertical.Output; y++)
        {
            int firstRow = vertical.FirstTap(y), endRow = vertical.EndTap(y);
            float* targetLine = target + (nint)vertical.Position(y, 0) * horizontal.Input * Tensor.Lanes;
            for (int x = 0; x < horizontal.Output; x++)
            {
                int firstColumn = horizontal.FirstTap(x), endColumn = horizontal.EndTap(x);
                float* window = targetLine + (nint)horizontal.Position(x, 0) * Tensor.Lanes;
                T gradient = T.Load(gradients), winner = T.Load(winners);
                for (int ky = firstRow; ky < endRow; ky++)
                {
                    T tap = T.Broadcast(ky * horizontal.Taps + firstColumn);
                    for (int kx = firstColumn; kx < endColumn; kx++)
                    {
                        float* element = window + ky * row + kx * column;
                        T.Store(element, T.Load(element) + T.WhereEqual(winner, tap, gradient));
                        tap += one;
                    }
                }
                gradients += Tensor.Lanes;
                winners += Tensor.Lanes;
            }
        }
    }
}
