namespace Conformance.Oracle;

/// <summary>
/// The absolute tolerance of each element of an answer: |actual − expected| ≤ bound. 0 throughout in the exact tier, where every partial sum
/// in every order is an integer that float32 holds.
/// </summary>
public sealed class ErrorBound(IReadOnlyDictionary<string, Tensor64> tensors)
{
    /// <summary>The unit roundoff of float32, 2⁻²⁴; for engines that compute in float64 too.</summary>
    public const double U = 1.0 / (1 << 24);

    /// <summary>2⁻¹²⁶, below which float32 loses bits.</summary>
    public const double SmallestNormal = 1.17549435e-38;

    /// <summary>The largest integer up to which float32 holds every integer, 2²⁴: the exact tier's budget.</summary>
    public const double Budget = 1 << 24;

    public static ErrorBound Exact { get; } = new(new Dictionary<string, Tensor64>());

    /// <summary>Bounds by the names of <see cref="LayerResult.Tensors"/>; a tensor that is not there is judged exactly. A scalar holds for all elements.</summary>
    public IReadOnlyDictionary<string, Tensor64> Tensors { get; } = tensors;

    /// <summary>
    /// Limits on the root mean square of a tensor's errors, by the names of <see cref="Tensors"/>: a second test, for errors that are each within their
    /// bound but line up as rounding errors don't.
    /// </summary>
    public IReadOnlyDictionary<string, Spread> Spreads { get; init; } = new Dictionary<string, Spread>();

    public double Of(string tensor, int flat) => !Tensors.TryGetValue(tensor, out var bound) ? 0 : bound.Length == 1 ? bound[0] : bound[flat];

    /// <summary>T(K) = min(K + 2, 4√K + 4): how many roundings a sum of K random terms may show.</summary>
    public static double Roundings(double k) => Math.Min(k + 2, 4 * Math.Sqrt(k) + 4);

    /// <summary>
    /// The bound of a sum of products, u·B·T(K) + K·2⁻¹²⁶ with T(K) = min(K + 2, 4√K + 4). Any order of summation errs by at most u·B·(K + 2) to first
    /// order (Higham 2002, section 4.2: K − 1 additions and one rounding a product); with random operands the roundings don't line up, and
    /// four deviations of their random walk are 4√K. Where nothing is added to B, B = 0 and so is the bound; where B is not
    /// finite, the result matches by class and sign.
    /// </summary>
    /// <param name="magnitudes">B, the same sum over absolute values, by element.</param>
    /// <param name="terms">K, by element.</param>
    /// <param name="picked">A single term is no product but the element itself: exact.</param>
    public static Tensor64 Accumulated(Tensor64 magnitudes, Tensor64 terms, bool picked)
    {
        var bound = new double[magnitudes.Length];
        for (var i = 0; i < bound.Length; i++)
        {
            var k = terms[i];
            var exact = magnitudes[i] == 0 || !double.IsFinite(magnitudes[i]) || (picked && k <= 1);
            bound[i] = exact ? 0 : U * magnitudes[i] * Roundings(k) + k * SmallestNormal;
        }
        return new(magnitudes.Shape, bound);
    }

    /// <summary>RMS(e / (u·B·√K)) ≤ 1 over a tensor: the errors of random terms add up like a random walk. Elements with B = 0 are left out: they are exact.</summary>
    public static Spread SpreadOf(Tensor64 magnitudes, Tensor64 terms)
    {
        var unit = new double[magnitudes.Length];
        for (var i = 0; i < unit.Length; i++)
            unit[i] = U * magnitudes[i] * Math.Sqrt(terms[i]) + SmallestNormal * terms[i];
        return new(new(magnitudes.Shape, unit), [1]);
    }

    /// <summary>
    /// The bound of a non-linear result, u·(c·|r| + S) per element (Higham 2002, chapter 3: the error of a function is a multiple of its
    /// value, from its own rounding, plus what the rounding of its argument does to it), plus 2⁻¹²⁶ for what underflows. 0 where the result is
    /// not finite: that matches by class and sign.
    /// </summary>
    /// <param name="result">r, the float64 result.</param>
    /// <param name="factor">c, by element.</param>
    /// <param name="sensitivity">S, by element.</param>
    public static Tensor64 NonLinear(Tensor64 result, Func<int, double> factor, Func<int, double> sensitivity)
    {
        var bound = new double[result.Length];
        for (var i = 0; i < bound.Length; i++)
            bound[i] = double.IsFinite(result[i]) ? U * (factor(i) * Math.Abs(result[i]) + sensitivity(i)) + SmallestNormal : 0;
        return new(result.Shape, bound);
    }
}
