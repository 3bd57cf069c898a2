using System.Runtime.CompilerServices;
using Conformance.Engine.Kernels.Operations;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Kernels.Fast;

/// <summary>A function of each lane of a vector: y = f(x).</summary>
internal interface IVectorFunction<T> where T : unmanaged, ISimd<T>
{
    /// <summary>Whether <see cref="Backward"/> computes the slope from the input; otherwise from the output.</summary>
    static abstract bool SlopeOfInput { get; }

    T Forward(T x);

    /// <summary>Returns dx for dy.</summary>
    /// <param name="kept">The input or the output, depending on <see cref="SlopeOfInput"/>.</param>
    T Backward(T kept, T dy);
}

/// <summary>Applies a function to each element, one vector at a time.</summary>
internal sealed unsafe class FastElementwise<T, TFunction>(Operands o, TFunction function) : Kernel
    where T : unmanaged, ISimd<T>
    where TFunction : struct, IVectorFunction<T>
{
    public override Layout Layout => Layout.Blocked;

    public override void Forward(int block) => Apply(function, o.Input.Block(block), o.Output.Block(block), o.Input.ImageSize);

    public override void Backward(int block)
    {
        if (o.InputGradient is not null)
            ApplyBack(function, (TFunction.SlopeOfInput ? o.Input : o.Output).Block(block), o.OutputGradient.Block(block),
                o.InputGradient.Block(block), o.Input.ImageSize);
    }

    /// <summary>The forward pass over <paramref name="size"/> elements. A leaf method.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Apply(TFunction function, float* x, float* y, int size)
    {
        for (nint i = 0; i < (nint)size * Tensor.Lanes; i += T.Count)
            T.Store(y + i, function.Forward(T.Load(x + i)));
    }

    /// <summary>The backward pass over <paramref name="size"/> elements. A leaf method.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void ApplyBack(TFunction function, float* kept, float* dy, float* dx, int size)
    {
        for (nint i = 0; i < (nint)size * Tensor.Lanes; i += T.Count)
            T.Store(dx + i, function.Backward(T.Load(kept + i), T.Load(dy + i)));
    }
}

/// <summary>ReLU: x where x is positive or NaN, otherwise 0.</summary>
internal readonly struct FastReLU<T> : IVectorFunction<T> where T : unmanaged, ISimd<T>
{
    public static bool SlopeOfInput => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward(T x) => T.ZeroWhereNotPositive(x, x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Backward(T kept, T dy) => T.ZeroWhereNotPositive(kept, dy);
}

/// <summary>Leaky ReLU: x where x is positive, otherwise slope·x (also for NaN).</summary>
internal readonly struct FastLeakyReLU<T>(float slope) : IVectorFunction<T> where T : unmanaged, ISimd<T>
{
    public static bool SlopeOfInput => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward(T x) => Backward(x, x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Backward(T kept, T dy) => T.SelectGreater(kept, default, dy, T.Broadcast(slope) * dy);
}

/// <summary>The hyperbolic tangent.</summary>
internal readonly struct FastTanh<T> : IVectorFunction<T> where T : unmanaged, ISimd<T>
{
    public static bool SlopeOfInput => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward(T x) => SimdMath.Tanh(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Backward(T kept, T dy) => dy * (T.Broadcast(1) - kept * kept);
}

/// <summary>The sigmoid.</summary>
internal readonly struct FastSigmoid<T> : IVectorFunction<T> where T : unmanaged, ISimd<T>
{
    public static bool SlopeOfInput => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward(T x) => T.Broadcast(1) / (T.Broadcast(1) + T.Exp(default(T) - x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Backward(T kept, T dy) => dy * (T.Broadcast(1) - kept) * kept;
}
