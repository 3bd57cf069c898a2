using System.Runtime.CompilerServices;
using Conformance.Engine.Layers;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Kernels.Fast;

/// <summary>Leaky ReLU, a vector at a time: both passes scale where the input is not positive.</summary>
internal sealed unsafe class FastLeakyReLU<T> : Kernel<LeakyReLUOperands> where T : unmanaged, ISimd<T>
{
    public override Layout Layout => Layout.Blocked;

    public override void Forward(LeakyReLUOperands o, int block) => Lean(o.Input.Block(block), o.Input.Block(block), o.Output.Block(block), o.Input.ImageSize, o.NegativeSlope);

    public override void Backward(LeakyReLUOperands o, int block)
    {
        if (o.InputGradient is not null)
            Lean(o.Input.Block(block), o.OutputGradient.Block(block), o.InputGradient.Block(block), o.Input.ImageSize, o.NegativeSlope);
    }

    /// <summary>The value where the gate is positive, elsewhere (NaN too) the slope times it. A leaf.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Lean(float* gate, float* value, float* target, int size, float slope)
    {
        T zero = default, factor = T.Broadcast(slope);
        for (nint i = 0; i < (nint)size * Tensor.Lanes; i += T.Count)
        {
            T whole = T.Load(value + i);
            T.Store(target + i, T.SelectGreater(T.Load(gate + i), zero, whole, factor * whole));
        }
    }
}
