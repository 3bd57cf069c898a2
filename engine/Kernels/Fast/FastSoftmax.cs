using System.Runtime.CompilerServices;
using Conformance.Engine.Kernels.Clear;
using Conformance.Engine.Kernels.Operations;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Kernels.Fast;

/// <summary>
/// Softmax and log-softmax with images innermost. A lane is an image, and a row is processed element by element, in the same order for every vector
/// width. Along the axis of images, the clear kernel's loops run on this layout.
/// </summary>
internal sealed unsafe class FastSoftmax<T>(SoftmaxOperands operands, bool logarithm) : SoftmaxKernel(operands) where T : unmanaged, ISimd<T>
{
    public override Layout Layout => Layout.Blocked;

    protected override void ForwardRow(float* x, float* y, SoftmaxRow row) => ClearSoftmax.Forward(x, y, row, logarithm);

    protected override void BackwardRow(float* y, float* dy, float* dx, SoftmaxRow row) => ClearSoftmax.Backward(y, dy, dx, row, logarithm);

    protected override void ForwardImages(int block)
    {
        for (int outer = 0; outer < o.Outer; outer++)
            for (int inner = 0; inner < o.Inner; inner++)
                for (int lane = 0; lane < Tensor.Lanes; lane += T.Count)
                {
                    nint start = Start(outer, inner) + lane;
                    if (logarithm)
                        LogRow(o.Input.Block(block) + start, o.Output.Block(block) + start, o.Length, (nint)o.Inner * Tensor.Lanes);
                    else
                        Row(o.Input.Block(block) + start, o.Output.Block(block) + start, o.Length, (nint)o.Inner * Tensor.Lanes);
                }
    }

    protected override void BackwardImages(int block)
    {
        float* y = o.Output.Block(block), dy = o.OutputGradient.Block(block), dx = o.InputGradient!.Block(block);
        for (int outer = 0; outer < o.Outer; outer++)
            for (int inner = 0; inner < o.Inner; inner++)
                for (int lane = 0; lane < Tensor.Lanes; lane += T.Count)
                {
                    nint start = Start(outer, inner) + lane;
                    if (logarithm)
                        LogBack(y + start, dy + start, dx + start, o.Length, (nint)o.Inner * Tensor.Lanes);
                    else
                        Back(y + start, dy + start, dx + start, o.Length, (nint)o.Inner * Tensor.Lanes);
                }
    }

    private nint Start(int outer, int inner) => ((nint)outer * o.Length * o.Inner + inner) * Tensor.Lanes;

    /// <summary>y = e^(x − max) / Σ e^(x − max). A leaf method.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Row(float* x, float* y, int length, nint step)
    {
        T largest = T.Broadcast(float.NegativeInfinity), sum = default;
        for (nint i = 0; i < length; i++)
            largest = T.Max(largest, T.Load(x + i * step));
        for (nint i = 0; i < length; i++)
        {
            T power = T.Exp(T.Load(x + i * step) - largest);
            T.Store(y + i * step, power);
            sum += power;
        }
        for (nint i = 0; i < length; i++)
            T.Store(y + i * step, T.Load(y + i * step) / sum);
    }

    /// <summary>y = x − max − log Σ e^(x − max). A leaf method.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void LogRow(float* x, float* y, int length, nint step)
    {
        T largest = T.Broadcast(float.NegativeInfinity), sum = default;
        for (nint i = 0; i < length; i++)
            largest = T.Max(largest, T.Load(x + i * step));
        for (nint i = 0; i < length; i++)
            sum += T.Exp(T.Load(x + i * step) - largest);
        T log = T.Log(sum);
        for (nint i = 0; i < length; i++)
            T.Store(y + i * step, T.Load(x + i * step) - largest - log);
    }

    /// <summary>dx = y·(dy − Σ y·dy). A leaf method.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Back(float* y, float* dy, float* dx, int length, nint step)
    {
        T sum = default;
        for (nint i = 0; i < length; i++)
            sum = T.MultiplyAdd(T.Load(y + i * step), T.Load(dy + i * step), sum);
        for (nint i = 0; i < length; i++)
            T.Store(dx + i * step, T.Load(y + i * step) * (T.Load(dy + i * step) - sum));
    }

    /// <summary>dx = dy − eʸ·Σ dy. A leaf method.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void LogBack(float* y, float* dy, float* dx, int length, nint step)
    {
        T sum = default;
        for (nint i = 0; i < length; i++)
            sum += T.Load(dy + i * step);
        for (nint i = 0; i < length; i++)
            T.Store(dx + i * step, T.Load(dy + i * step) - T.Exp(T.Load(y + i * step)) * sum);
    }
}
