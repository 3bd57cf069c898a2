namespace Conformance.Oracle.Operations;

/// <summary>The inputs of elementwise operations, of shape [N, C, H, W] or [N, C].</summary>
internal static class Elementwise
{
    /// <summary>2⁻¹³⁰, a denormal number in float32.</summary>
    private const double Denormal = 7.34683969e-40f;

    /// <summary>
    /// Numbers at which formulas break: NaN, infinities, both zeros, denormals, and numbers whose exp overflows (above 88.7) or underflows in float32
    /// (below −87.3 to denormals, below −103.9 to 0).
    /// </summary>
    private static readonly double[] Special =
    [
        double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0.0, double.NegativeZero, Denormal, -Denormal,
        88, -88, 89, -89, 104, -104, 1, -1, (float)1e-8, (float)-1e-8,
    ];

    public static int[] Shape(Spelling spelling) => spelling.AnyExtents("nchw", "nc");

    /// <summary>The usual numbers; with the word <c>special</c> the special numbers in turn, with <c>large</c> the large ones, with <c>negative</c>
    /// all below 0.</summary>
    public static Tensor64 Input(Spelling spelling, ReadOnlySpan<int> shape, Func<Tensor64> usual, Func<Tensor64> large)
    {
        var i = 0;
        return spelling.OneOf("", "special", "large", "negative") switch
        {
            "negative" => usual().Select(number => number == 0 ? -1 : -Math.Abs(number)),
            "special" => Tensor64.Zeros(shape).Select(_ => Special[i++ % Special.Length]),
            "large" => large(),
            _ => usual(),
        };
    }

    public static string Geometry(Fill dice) =>
        $"n{dice.Pick(1, 2, 3, 15, 16, 17, 33)}c{dice.Pick(1, 9)}{dice.Pick("", $"h{dice.Pick(1, 7)}w{dice.Pick(1, 9)}")}"
        + $"{dice.Pick("", "-special", "-large")}";
}
