namespace Conformance.Engine.Kernels.Fast;

/// <summary>
/// A vector of float32, so that a kernel is written once for all widths. The sixteen images of a block are walked in steps of <see cref="Count"/>;
/// each lane sees the same operations in the same order at every width, hence the same bits.
/// </summary>
internal unsafe interface ISimd<T> where T : unmanaged, ISimd<T>
{
    static abstract int Count { get; }

    /// <summary>Whether some thirty vectors fit into registers; else sixteen.</summary>
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

    /// <summary>The greater of two; NaN where either is.</summary>
    static abstract T Max(T a, T b);

    /// <summary>The lesser of two; NaN where either is.</summary>
    static abstract T Min(T a, T b);

    static abstract T Abs(T x);

    /// <summary>The size of one with the sign of the other.</summary>
    static abstract T CopySign(T size, T sign);

    /// <summary>2ⁿ for an integer n from −126 to 127.</summary>
    static abstract T PowerOfTwo(T n);

    static abstract T Sqrt(T x);

    /// <summary>As <see cref="SimdMath.Exp"/>.</summary>
    static abstract T Exp(T x);

    static abstract T Log(T x);

    /// <summary>Where x ≤ 0 zero, elsewhere (NaN too) the value.</summary>
    static abstract T ZeroWhereNotPositive(T x, T value);

    /// <summary>Where x is greater than the limit the first value, elsewhere (NaN too) the second.</summary>
    static abstract T SelectGreater(T x, T limit, T yes, T no);

    /// <summary>Where x is greater than the limit, or NaN, the first value, elsewhere the second.</summary>
    static abstract T SelectGreaterOrNaN(T x, T limit, T yes, T no);

    /// <summary>Where a equals b the value, elsewhere zero.</summary>
    static abstract T WhereEqual(T a, T b, T value);
}
