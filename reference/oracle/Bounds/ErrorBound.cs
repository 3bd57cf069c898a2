namespace Conformance.Oracle;

/// <summary>
/// The absolute tolerance of each element of an answer: |actual − expected| ≤ bound. The bound is computed from the case and never chosen by
/// hand.
/// <para>
/// <b>Exact tier.</b> The bound is 0. The operands are integers and B ≤ 2²⁴, so every partial sum in every order, fused or not, is an integer
/// that float32 represents.
/// </para>
/// <para>
/// <b>Sums of products</b> (<see cref="Accumulated"/>), r = Σ x·w with K terms, B = Σ |x·w|. Each float32 operation returns its exact result
/// times 1 + δ with |δ| ≤ u = 2⁻²⁴ (Higham, Accuracy and Stability of Numerical Algorithms, 2nd edition 2002, section 2.2). A product is
/// rounded once, and then by at most K − 1 additions, in any order. So |e| ≤ ((1 + u)ᴷ − 1)·B ≤ K·u/(1 − K·u)·B (section 4.2). That
/// is below (K + 2)·u·B up to K = 5,790; a fused product saves one rounding. If a result underflows, the error of an operation is at most
/// 2⁻¹²⁶, even in engines that flush to zero. This gives the term K·2⁻¹²⁶.
/// </para>
/// <para>
/// For random operands the error is smaller, because the δ have mean 0 and cancel: |e| ≤ λ·√K·u·B except with a probability of at most
/// 2·exp(−λ²/2) (Higham and Mary, A new approach to probabilistic rounding error analysis, SIAM J. Sci. Comput. 41(5), 2019). By that theorem,
/// λ = 4 leaves 7 in 10,000. The theorem replaces each |δ| by u and each partial sum by B. In fact the root mean square of δ is near 0.4·u and
/// partial sums are smaller: the largest error among five orders of summation of a million tensors was 0.505 of the bound (ToleranceTests draws
/// them). So T(K) = min(K + 2, 4·√K + 4). It is valid for fills drawn at random, of both signs or of one, and for no others.
/// </para>
/// <para>
/// <b>A second test</b> (<see cref="SpreadOf"/>): the root mean square over a tensor of e/(u·B·√K) is at most 1. It detects errors that are each
/// within their bound but have the same sign. By the same estimate it is near 0.4 for small K and falls as K grows. Over one or two sums it exceeds 1
/// in correct engines (in 7 of 1,000 single sums of two products). Over eight sums it stayed below 0.8 in 125,000 tensors for each of six K from 1 to
/// 27. So the test applies from eight sums on. Both tests follow the conformance suite of Arm's TOSA, which also takes B from a run on absolute
/// values.
/// </para>
/// <para>
/// <b>What the bound can detect.</b> The loss of one average product is an error of B/K, or 2²⁴/(K·T(K)) bounds: 499 at K = 400, 104 at 1,152,
/// 11.7 at 5,000. It falls below ten from K = 5,554 on, and below one, where no bound detects it, from K = 25,901 on. Longer sums belong in the exact
/// tier.
/// </para>
/// <para><b>Non-linear results</b> (<see cref="NonLinear"/>) have u·(c·|r| + S). Each operation states c and S, and they are measured there.</para>
/// </summary>
public sealed class ErrorBound(IReadOnlyDictionary<string, Tensor64> tensors)
{
    /// <summary>The unit roundoff of float32, 2⁻²⁴. Engines that compute in float64 are judged by it too.</summary>
    public const double U = 1.0 / (1 << 24);

    /// <summary>2⁻¹²⁶. Smaller float32 numbers have fewer bits.</summary>
    public const double SmallestNormal = 1.17549435e-38;

    /// <summary>2²⁴, the limit of the exact tier: float32 represents every integer up to it.</summary>
    public const double Budget = 1 << 24;

    /// <summary>The fewest sums for which their root mean square is meaningful.</summary>
    private const int FewestSpread = 8;

    public static ErrorBound Exact { get; } = new(new Dictionary<string, Tensor64>());

    /// <summary>
    /// Bounds by the names of <see cref="LayerResult.Tensors"/>. A tensor without a bound is judged exactly. A scalar bound applies to all elements.
    /// </summary>
    public IReadOnlyDictionary<string, Tensor64> Tensors { get; } = tensors;

    /// <summary>
    /// Limits on the root mean square of a tensor's errors, by the names of <see cref="Tensors"/>. This second test detects errors that are each
    /// within their bound but have the same sign, unlike rounding errors.
    /// </summary>
    public IReadOnlyDictionary<string, Spread> Spreads { get; init; } = new Dictionary<string, Spread>();

    public double At(string tensor, int flat) => !Tensors.TryGetValue(tensor, out var bound) ? 0 : bound.Length == 1 ? bound[0] : bound[flat];

    /// <summary>T(K) = min(K + 2, 4√K + 4): the most roundings that a sum of K random terms may show.</summary>
    public static double Roundings(double k) => Math.Min(k + 2, 4 * Math.Sqrt(k) + 4);

    /// <summary>Whether T(K) is the worst case, K + 2, which no order of summation can exceed.</summary>
    public static bool IsWorstCase(double k) => k + 2 <= 4 * Math.Sqrt(k) + 4;

    /// <summary>
    /// The bound of a sum of products, u·B·T(K) + K·2⁻¹²⁶ (derived above). If only zeros are added, B and the bound are 0. If B is not
    /// finite, the result must match by class (NaN, infinite) and sign.
    /// </summary>
    /// <param name="magnitudes">B, the same sum over absolute values, by element.</param>
    /// <param name="terms">K, by element.</param>
    /// <param name="picked">Whether a sum of one term is the element itself and no product; it is then exact.</param>
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

    /// <summary>
    /// RMS(e / (u·B·√K)) ≤ 1 over a tensor: the errors of random terms add up like a random walk. Elements with B = 0 are exact and left out. A
    /// tensor with fewer than <see cref="FewestSpread"/> other elements has no limit.
    /// </summary>
    public static Spread SpreadOf(Tensor64 magnitudes, Tensor64 terms)
    {
        var unit = new double[magnitudes.Length];
        for (var i = 0; i < unit.Length; i++)
            unit[i] = magnitudes[i] == 0 ? 0 : U * magnitudes[i] * Math.Sqrt(terms[i]) + SmallestNormal * terms[i];
        if (unit.Count(one => one > 0) < FewestSpread)
            Array.Clear(unit);
        return new(new(magnitudes.Shape, unit), [1]);
    }

    /// <summary>
    /// The bound of a non-linear result, u·(c·|r| + S) per element, plus 2⁻¹²⁶ for underflow. The error of a function is a multiple of its
    /// value, from its own rounding, plus the effect of the rounding of its argument (Higham 2002, chapter 3). The bound is 0 if the result is not
    /// finite; it then must match by class and sign.
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
