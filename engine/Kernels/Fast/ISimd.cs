namespace Conformance.Engine.Kernels.Fast;

/// <summary>
/// A vector of float32, so that one kernel serves all vector widths. The sixteen images of a block are processed in steps of <see cref="Count"/>.
/// Each lane sees the same operations in the same order at every width, so the bits are equal.
/// </summary>
internal unsafe interface ISimd<T> where T : unmanaged, ISimd<T>
{
    static abstract int Count { get; }

    /// <summary>Whether the processor has room for about thirty vectors in registers; otherwise for sixteen.</summary>
    static abstract bool HasManyRegisters { get; }

    static abstract T Load(float* source);
    static abstract void Store(float* target, T value);
    static abstract T Broadcast(float value);

    /// <summary>a · b + c, rounded once.</summary>
    static abstract T MultiplyAdd(T a, T b, T c);

    static abstract T operator +(T a, T b);
    static abstract T operator -(T a, T b);
    static abstract T operator *(T a, T b);
    static abstract T operator /(T a, T b);

    /// <summary>The larger of the two; NaN if either is NaN.</summary>
    static abstract T Max(T a, T b);

    /// <summary>The smaller of the two; NaN if either is NaN.</summary>
    static abstract T Min(T a, T b);

    static abstract T Abs(T x);

    /// <summary>The magnitude of <paramref name="size"/> with the sign of <paramref name="sign"/>.</summary>
    static abstract T CopySign(T size, T sign);

    /// <summary>2ⁿ for an integer n from −126 to 127.</summary>
    static abstract T PowerOfTwo(T n);

    static abstract T Sqrt(T x);

    /// <summary>eˣ, see <see cref="SimdMath.Exp"/>.</summary>
    static abstract T Exp(T x);

    static abstract T Log(T x);

    /// <summary>0 where x ≤ 0, otherwise (also for NaN) the value.</summary>
    static abstract T ZeroWhereNotPositive(T x, T value);

    /// <summary><paramref name="yes"/> where x is greater than the limit, otherwise (also for NaN) <paramref name="no"/>.</summary>
    static abstract T SelectGreater(T x, T limit, T yes, T no);

    /// <summary><paramref name="yes"/> where x is greater than the limit or NaN, otherwise <paramref name="no"/>.</summary>
    static abstract T SelectGreaterOrNaN(T x, T limit, T yes, T no);

    /// <summary>The value where a equals b, otherwise 0.</summary>
    static abstract T WhereEqual(T a, T b, T value);
}
