namespace Conformance.Oracle;

/// <summary>
/// A float64 number with the first-order error that float32 arithmetic may have caused so far, in units of u: a running error analysis (Higham 2002,
/// section 3.3). Each operation multiplies its operands' errors by its derivative and adds one rounding of its own result. So a formula that is
/// written once gives both the answer and the bound.
/// </summary>
public readonly record struct Rounded(double Value, double Error)
{
    /// <summary>A number of the case: exact if float32 represents it, otherwise rounded once.</summary>
    public static implicit operator Rounded(double number) => new(number, (float)number == number ? 0 : Math.Abs(number));

    public static Rounded operator +(Rounded a, Rounded b) => Rounding(a.Value + b.Value, a.Error + b.Error);

    public static Rounded operator -(Rounded a, Rounded b) => Rounding(a.Value - b.Value, a.Error + b.Error);

    public static Rounded operator -(Rounded a) => a with { Value = -a.Value };

    public static Rounded operator *(Rounded a, Rounded b) => Rounding(a.Value * b.Value, Math.Abs(a.Value) * b.Error + Math.Abs(b.Value) * a.Error);

    public static Rounded operator /(Rounded a, Rounded b) =>
        Rounding(a.Value / b.Value, (a.Error + Math.Abs(a.Value / b.Value) * b.Error) / Math.Abs(b.Value));

    /// <summary>The square root. The root of 0 is exact: a sum of squares that is 0 has no error.</summary>
    public static Rounded Sqrt(Rounded a) => Rounding(Math.Sqrt(a.Value), a.Value == 0 ? 0 : a.Error / (2 * Math.Sqrt(a.Value)));

    /// <summary>A power by repeated multiplication.</summary>
    public static Rounded Power(Rounded a, int exponent) => exponent == 0 ? 1 : exponent == 1 ? a : Power(a, exponent - 1) * a;

    /// <summary>A result with its own rounding.</summary>
    private static Rounded Rounding(double value, double error) => new(value, error + Math.Abs(value));
}
