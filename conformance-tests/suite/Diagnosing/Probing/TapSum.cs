using Conformance.Oracle;

namespace Conformance.Suite.Diagnosing.Probing;

/// <summary>One product of a sum, as flat positions. <see cref="Right"/> is −1 if there is a single operand (pools, bias).</summary>
public readonly record struct TapProduct(int Left, int Right, double Factor);

/// <summary>The terms of one element.</summary>
/// <param name="Products">The products; each pair of elements appears once.</param>
/// <param name="Bias">The elements of the bias that are added.</param>
public sealed record TapSum(IReadOnlyList<TapProduct> Products, IReadOnlyList<TapProduct> Bias)
{
    /// <summary>Whether the element is the largest of <see cref="Products"/> and not their sum.</summary>
    public bool IsMaximum { get; init; }

    /// <summary>Whether a zero takes part in the maximum, from padding or as the initial value.</summary>
    public bool Zero { get; init; }

    /// <summary>Whether both sums read the same elements with the same factors.</summary>
    public bool IsSameAs(TapSum other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Zero == other.Zero && Same(Products, other.Products) && Same(Bias, other.Bias);
    }

    /// <summary>The value of the element, and the same sum with absolute values.</summary>
    public (double Value, double Magnitude) Evaluate(Tensor64 left, Tensor64? right, Tensor64? bias)
    {
        ArgumentNullException.ThrowIfNull(left);
        if (IsMaximum)
        {
            var largest = Products.Select(product => left[product.Left]).Append(Zero || Products.Count == 0 ? 0 : double.NegativeInfinity).Max();
            return (largest, 0);
        }
        var terms = Products.Select(product => product.Factor * left[product.Left] * (right is null ? 1 : right[product.Right]))
            .Concat(Bias.Select(product => product.Factor * bias![product.Left])).ToArray();
        return (terms.Sum(), terms.Sum(Math.Abs));
    }

    /// <summary>The number of products in both sums with the same factor.</summary>
    public int InBoth(TapSum other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return InBoth(Products, other.Products);
    }

    private static bool Same(IReadOnlyList<TapProduct> one, IReadOnlyList<TapProduct> two) => one.Count == two.Count && InBoth(one, two) == one.Count;

    private static int InBoth(IReadOnlyList<TapProduct> one, IReadOnlyList<TapProduct> two)
    {
        var factors = two.ToDictionary(product => (product.Left, product.Right), product => product.Factor);
        return one.Count(product => factors.TryGetValue((product.Left, product.Right), out var factor) && IsSame(product.Factor, factor));
    }

    /// <summary>Whether two factors differ by no more than float32's rounding.</summary>
    internal static bool IsSame(double one, double two) => Math.Abs(one - two) <= 1e-6 * Math.Abs(two);
}
