namespace Conformance.Oracle.Operations;

/// <summary>
/// The places of a window that win, each with its share of the gradient; and the input element that a winner's gradient goes to.
/// </summary>
public sealed record MaxPool2dTerms(Func<PoolWindow, IEnumerable<(int Place, double Share)>> Winners, Func<PoolGeometry, PoolTap, PoolTap> Target)
{
    public static MaxPool2dTerms Right { get; } = new(window => One(Maximum(window.Values)), (_, tap) => tap);

    /// <summary>The destination of a winner's gradient, if it is found by searching for its value; null if the place is stored.</summary>
    public Func<Tensor64, PoolGeometry, PoolTap, PoolTap>? Search { get; init; }

    /// <summary>One winner with the whole gradient; none for −1.</summary>
    public static (int, double)[] One(int place) => place < 0 ? [] : [(place, 1)];

    /// <summary>The value of the maximum; −∞ if there is no element.</summary>
    public static double Best(PoolWindow window) => window.Values.Count == 0 ? double.NegativeInfinity : window.Values[Maximum(window.Values)];

    /// <summary>The place of the maximum; −1 if there is no element.</summary>
    public static int Maximum(IReadOnlyList<double> values)
    {
        var best = values.Count > 0 ? 0 : -1;
        for (var i = 1; i < values.Count; i++)
            if (values[i] > values[best] || double.IsNaN(values[i]))
                best = i;
        return best;
    }
}
