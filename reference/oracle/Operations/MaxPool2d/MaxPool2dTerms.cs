namespace Conformance.Oracle.Operations;

/// <summary>
/// Which places of a window win, each with its share of the gradient; and where in the input a winner's gradient goes.
/// </summary>
public sealed record MaxPool2dTerms(Func<PoolWindow, IEnumerable<(int Place, double Share)>> Winners, Func<PoolGeometry, PoolTap, PoolTap> Target)
{
    public static MaxPool2dTerms Right { get; } = new(window => One(Maximum(window.Values)), (_, tap) => tap);

    /// <summary>Where a winner's gradient goes if its place is searched by its value; null where the place is kept.</summary>
    public Func<Tensor64, PoolGeometry, PoolTap, PoolTap>? Search { get; init; }

    /// <summary>The one winner at a place, with the whole gradient; none for −1.</summary>
    public static (int, double)[] One(int place) => place < 0 ? [] : [(place, 1)];

    /// <summary>The value of the maximum; −∞ where there is no element.</summary>
    public static double Best(PoolWindow window) => window.Values.Count == 0 ? double.NegativeInfinity : window.Values[Maximum(window.Values)];

    /// <summary>The place of the maximum; −1 where there is no element.</summary>
    public static int Maximum(IReadOnlyList<double> values)
    {
        var best = values.Count > 0 ? 0 : -1;
        for (var i = 1; i < values.Count; i++)
            if (values[i] > values[best] || double.IsNaN(values[i]))
                best = i;
        return best;
    }
}
