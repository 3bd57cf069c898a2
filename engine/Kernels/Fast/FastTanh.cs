using System.Runtime.CompilerServices;
using Conformance.Engine.Layers;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Kernels.Fast;

/// <summary>Tanh, a vector at a time.</summary>
internal sealed unsafe class FastTanh<T> : Kernel<TanhOperands> where T : unmanaged, ISimd<T>
{
    public override Layout Layout => Layout.Blocked;

    public override void Forward(TanhOperands o, int block) => Squash(o.Input.Block(block), o.Output.Block(block), o.Input.ImageSize);

    public override void Backward(TanhOperands o, int block)
    {
        if (o.InputGradient is not null)
            Back(o.Output.Block(block), o.OutputGradient.Block(block), o.InputGradient.Block(block), o.Input.ImageSize);
    }

    /// <summary>A leaf.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Squash(float* x, float* y, int size)
    {
        for (nint i = 0; i < (nint)size * Tensor.Lanes; i += T.Count)
            T.Store(y + i, SimdMath.Tanh(T.Load(x + i)));
    }

    /// <summary>A leaf.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Back(float* y, float* dy, float* dx, int size)
    {
        T one = T.Broadcast(1);
        for (nint i = 0; i < (nint)size * Tensor.Lanes; i += T.Count)
        {
            T value = T.Load(y + i);
            T.Store(dx + i, T.Load(dy + i) * (one - value * value));
        }
    }
}
