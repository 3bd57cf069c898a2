using Conformance.Oracle;

namespace Conformance.Suite.Judging;

/// <summary>One wrong element.</summary>
/// <param name="Index">The index in the tensor, such as [n, c, h, w].</param>
public sealed record Mismatch(IReadOnlyList<int> Index, double Expected, double Actual, double Bound);

/// <summary>The comparison of one tensor with the expected one.</summary>
/// <param name="Name"><c>outputs.output</c>, <c>gradients.weight</c>, …</param>
/// <param name="Wrong">
/// The number of wrong elements, out of <paramref name="Count"/>. All are wrong if the tensor is missing or of another shape.
/// </param>
/// <param name="MaxError">The largest |actual − expected| among finite elements.</param>
/// <param name="Bound">The tolerance at the element with the largest error; 0 in the exact tier.</param>
/// <param name="First">The first wrong elements, in row-major order.</param>
/// <param name="Problem">A problem of the whole tensor: missing, another shape, or errors that do not look like rounding; otherwise null.</param>
public sealed record TensorComparison(
    string Name, string Shape, int Count, int Wrong, double MaxError, double Bound, IReadOnlyList<Mismatch> First, string? Problem)
{
    /// <summary>
    /// The largest error in units of its element's tolerance. It is infinite if an element without tolerance is wrong, if an element is not finite,
    /// or if the tensor is missing or of another shape.
    /// </summary>
    public double Worst { get; init; }

    /// <summary>Whether the answer lacks the tensor.</summary>
    public bool IsMissing { get; init; }

    public bool Passes => Wrong == 0 && Problem is null;
}

/// <summary>
/// Compares answers in a fixed order: shape, finiteness, value. Every mismatch is counted, not only the first. A comparison with NaN never passes by
/// accident, because the test is whether the error is within the bound.
/// </summary>
public static class Comparison
{
    private const int Shown = 5;

    /// <summary>Compares every expected tensor, in order. Other tensors are ignored.</summary>
    public static IReadOnlyList<TensorComparison> Compare(LayerResult expected, LayerResult actual, ErrorBound bound)
    {
        var answers = actual.Tensors.ToDictionary();
        return [.. expected.Tensors.Select(pair => Compare(pair.Key, pair.Value, answers.GetValueOrDefault(pair.Key), bound))];
    }

    private static TensorComparison Compare(string name, Tensor64 expected, Tensor64? actual, ErrorBound bound)
    {
        var whole = actual is null ? "missing" : actual.HasShape(expected.Shape) ? null : $"expected shape {expected}, got {actual}";
        if (actual is null || whole is not null)
            return new(
                name, expected.ToString(), expected.Length, expected.Length, double.NaN, 0, [], whole)
            {
                Worst = double.PositiveInfinity,
                IsMissing = actual is null
            };

        var first = new List<Mismatch>();
        var (wrong, maxError, boundThere, worst) = (0, 0.0, 0.0, 0.0);
        for (var i = 0; i < expected.Length; i++)
        {
            var (want, got, limit) = (expected[i], actual[i], bound.At(name, i));
            var error = Math.Abs(got - want);
            if (error > maxError)
                (maxError, boundThere) = (error, limit);
            if (limit > 0 && error / limit > worst)
                worst = error / limit;
            if (Agree(want, got, error, limit))
                continue;
            if (!(limit > 0 && double.IsFinite(error)))
                worst = double.PositiveInfinity;
            if (wrong++ < Shown)
                first.Add(new(expected.IndexOf(i), want, got, limit));
        }
        // Errors within the bound may still have the same sign, unlike rounding errors.
        var spread = wrong == 0 && bound.Spreads.TryGetValue(name, out var limits) ? limits.Problem(expected, actual) : null;
        return new(name, expected.ToString(), expected.Length, wrong, maxError, boundThere, first, spread) { Worst = worst };
    }

    /// <summary>Whether one element is wrong.</summary>
    internal static bool IsWrong(double want, double got, double limit) => !Agree(want, got, Math.Abs(got - want), limit);

    /// <summary>Non-finite values match by class and sign; finite ones within the bound; −0 equals +0.</summary>
    private static bool Agree(double want, double got, double error, double limit) =>
        double.IsFinite(want) ? error <= limit : want.Equals(got);
}
