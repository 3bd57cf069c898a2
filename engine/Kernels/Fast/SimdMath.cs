using System.Runtime.CompilerServices;

namespace Conformance.Engine.Kernels.Fast;

/// <summary>
/// Functions of a float32 vector, with Moshier's polynomials (Cephes: <c>expf</c>, <c>tanhf</c>). There are no branches, so a lane's bits depend
/// neither on the vector's width nor on the other lanes.
/// </summary>
internal static class SimdMath
{
    /// <summary>1.5 · 2²³. Adding and subtracting it rounds a small number to the nearest integer.</summary>
    private const float Rounding = 12582912;

    /// <summary>
    /// eˣ within 1.01 units in the last place. The result is exactly 1 at 0, ∞ above 88.7, denormal below −87.3 and 0 below −104. x = n·ln 2
    /// + r with |r| ≤ ½ ln 2; a polynomial gives eʳ. 2ⁿ is applied as two factors, because n may be outside the range of a float's exponent.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Exp<T>(T x) where T : unmanaged, ISimd<T>
    {
        x = T.Min(T.Max(x, T.Broadcast(-105)), T.Broadcast(89)); // beyond these the result stays the same, and n stays small; NaN stays NaN
        T rounding = T.Broadcast(Rounding);
        T n = T.MultiplyAdd(x, T.Broadcast(1.44269504f), rounding) - rounding;
        T r = T.MultiplyAdd(n, T.Broadcast(-0.693359375f), x); // ln 2 in two parts; the first has few bits, so that its product with n is exact
        r = T.MultiplyAdd(n, T.Broadcast(2.12194440e-4f), r);
        T p = T.Broadcast(1.9875691500e-4f);
        p = T.MultiplyAdd(p, r, T.Broadcast(1.3981999507e-3f));
        p = T.MultiplyAdd(p, r, T.Broadcast(8.3334519073e-3f));
        p = T.MultiplyAdd(p, r, T.Broadcast(4.1665795894e-2f));
        p = T.MultiplyAdd(p, r, T.Broadcast(1.6666665459e-1f));
        p = T.MultiplyAdd(p, r, T.Broadcast(5.0000001201e-1f));
        p = T.MultiplyAdd(p, r * r, r) + T.Broadcast(1);
        T half = T.MultiplyAdd(n, T.Broadcast(0.5f), rounding) - rounding;
        return p * T.PowerOfTwo(half) * T.PowerOfTwo(n - half);
    }

    /// <summary>
    /// tanh x within 1.4 units in the last place. Below 0.625 it is a polynomial of |x|, above it 1 − 2/(e²ˣ + 1), which is 1 where the
    /// exponential is ∞. The sign of x is applied last, so that −0 stays −0.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Tanh<T>(T x) where T : unmanaged, ISimd<T>
    {
        T size = T.Abs(x), square = size * size;
        T p = T.Broadcast(-5.70498872745e-3f);
        p = T.MultiplyAdd(p, square, T.Broadcast(2.06390887954e-2f));
        p = T.MultiplyAdd(p, square, T.Broadcast(-5.37397155531e-2f));
        p = T.MultiplyAdd(p, square, T.Broadcast(1.33314422036e-1f));
        p = T.MultiplyAdd(p, square, T.Broadcast(-3.33332819422e-1f));
        T small = T.MultiplyAdd(p * square, size, size);
        T large = T.Broadcast(1) - T.Broadcast(2) / (Exp(size + size) + T.Broadcast(1));
        return T.CopySign(T.SelectGreater(size, T.Broadcast(0.625f), large, small), x);
    }
}
