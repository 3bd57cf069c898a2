using System.Runtime.CompilerServices;
using Conformance.Engine.Layers;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Kernels.Fast;

/// <summary>ReLU, a vector at a time.</summary>
internal sealed unsafe class FastReLU<T> : Kernel<ReLUOperands> where T : unmanaged, ISimd<T>
{
    public override Layout Layout => Layout.Blocked;

    public override void Forward(ReLUOperands o, int block)
    {
        float* input = o.Input.Block(block);
        Shut(input, input, o.Output.Block(block), o.Input.ImageSize);
    }

    public override void Backward(ReLUOperands o, int block)
    {
        if (o.InputGradient is not null)
            Shut(o.Output.Block(block), o.OutputGradient.Block(block), o.InputGradient.Block(block),
                o.Input.ImageSize);
    }

    /// <summary>The value where the gate is positive (or NaN), elsewhere 0. A leaf.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Shut(float* gate, float* value, float* target, int size)
    {
        for (nint i = 0; i < (nint)size * Tensor.Lanes; i += T.Count)
            T.Store(target + i, T.ZeroWhereNotPositive(T.Load(gate + i), T.Load(value + i)));
    }
}
