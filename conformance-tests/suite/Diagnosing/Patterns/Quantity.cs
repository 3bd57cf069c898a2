using Conformance.Oracle;

namespace Conformance.Suite.Diagnosing.Patterns;

/// <summary>A quantity of a case (such as the batch size) that may be a wrong factor of the result.</summary>
/// <param name="Of">The quantity of a case; null if the case has none.</param>
internal sealed record Quantity(string Name, Func<Sight, double?> Of)
{
    /// <summary>The quantities themselves.</summary>
    public static IReadOnlyList<Quantity> Plain { get; } = [.. Basic()];

    /// <summary>
    /// The candidates for a wrong factor, the likeliest first: each quantity, its reciprocal, and both negated.
    /// </summary>
    public static IReadOnlyList<Quantity> All { get; } = [.. Plain.SelectMany(Variants)];

    /// <summary>Factors that do not depend on the case: 2, ½, −1 and the like.</summary>
    public static IReadOnlyList<Quantity> Constants { get; } =
    [
        Constant("−1", -1), Constant("2", 2), Constant("1/2", 0.5), Constant("−2", -2), Constant("−1/2", -0.5), Constant("3", 3), Constant("4", 4),
            Constant("1/4", 0.25),
        Constant("255", 255), Constant("1/255", 1.0 / 255), Constant("log2(e)", 1 / Math.Log(2)), Constant("ln 2", Math.Log(2)),
            Constant("1/ln 10", 1 / Math.Log(10)),
    ];

    /// <summary>Quotients and products of two quantities, and 1 over the products; what is likeliest first.</summary>
    public static IReadOnlyList<Quantity> Formulas { get; } = [.. Combined([.. Plain])];

    private static IEnumerable<Quantity> Combined(Quantity[] basic)
    {
        for (var i = 0; i < basic.Length; i++)
            for (var j = 0; j < basic.Length; j++)
            {
                var (one, other) = (basic[i], basic[j]);
                if (!one.Short.Split('·').Intersect(other.Short.Split('·')).Any())
                    yield return new($"{one.Short}/{other.Short}", s => one.Of(s) / other.Of(s));
                if (i > j)
                    continue;
                yield return new($"{one.Short}·{other.Short}", s => one.Of(s) * other.Of(s));
                yield return new($"1/({one.Short}·{other.Short})", s => 1 / (one.Of(s) * other.Of(s)));
            }
    }

    /// <summary>The name without what it means: <c>N</c> of <c>N (the batch)</c>.</summary>
    private string Short
    {
        get
        {
            var name = Name.IndexOf(" (", StringComparison.Ordinal) is var at && at < 0 ? Name : Name[..at];
            return name.Contains(' ', StringComparison.Ordinal) ? $"({name})" : name;
        }
    }

    private static Quantity Constant(string name, double value) => new(name, _ => value);

    private static IEnumerable<Quantity> Basic()
    {
        yield return new("N (the batch)", s => Extent(s, 0));
        yield return new("the number of classes", s => s.Case.Inputs.ContainsKey("target") && Rank(s) == 2 ? Extent(s, 1) : null);
        yield return new("the weights of the rows that count", TargetWeights);
        yield return new("C (the channels)", s => s.Case.Inputs.ContainsKey("target") ? null : Extent(s, 1));
        yield return new("OH·OW (the output's places)", s => Output(s) is { Rank: 4 } y ? y.Shape[2] * y.Shape[3] : null);
        yield return new("kh·kw (the window)", Window);
        foreach (var (axis, name) in new[] { (2, "H"), (3, "W") })
        {
            yield return new($"O{name} (the output's {(axis == 2 ? "rows" : "columns")})", s => Output(s) is { Rank: 4 } y ? y.Shape[axis] : null);
            yield return new($"{name} (the input's {(axis == 2 ? "rows" : "columns")})", s => Rank(s) == 4 ? Extent(s, axis) : null);
        }
        yield return new("the numbers of a row", s => AllOperations.KindOf(s.Case.Op) is OperationKind.ElementLoss
            && Extent(s, 0) is > 0 and var n ? s.Case.Input("input").Length / n : null);
        yield return new("C·kh·kw (the terms of a sum)",
            s => AllOperations.KindOf(s.Case.Op) is OperationKind.Convolution ? Product(s.Case.Input("weight").Shape[1..]) : null);
        yield return new("the number of outputs", s => Weight(s)?.Shape[0]);
        yield return new("groups", s => s.Case.Attributes.Has("groups") ? s.Case.Attributes.Int("groups") : null);
        yield return new(
            "sh·sw (the strides)", s =>
            s.Case.Attributes.Has("stride") && Window(s) is not null ? Product(s.Case.Attributes.Ints("stride", 2)) : null);
        yield return new("H·W (the input's places)", s => Rank(s) == 4 ? Extent(s, 2) * Extent(s, 3) : null);
        yield return new("N·OH·OW", s => Output(s) is { Rank: 4 } y ? y.Shape[0] * y.Shape[2] * y.Shape[3] : null);
        yield return new("N·H·W (the numbers of a channel)", s => Rank(s) > 2 || IsNorm(s) ? Behind(s) : null);
        yield return new("N·C", s => Extent(s, 0) * Extent(s, 1));
        yield return new("all elements of the input", s => s.Case.Inputs.TryGetValue("input", out var x) ? x.Length : null);
        yield return new("N²", s => Extent(s, 0) * Extent(s, 0));
        yield return new("m/(m − 1), m = N·H·W", s => IsNorm(s) && Behind(s) is > 1 and var m ? m / (m - 1) : null);
        yield return new("lr", Rate);
        for (var i = 0; i < 2; i++)
        {
            var (beta, name) = (i, i == 0 ? "β₁" : "β₂");
            yield return new($"1 − {name}", s => 1 - Beta(s, beta));
            yield return new(name, s => Beta(s, beta));
        }
        foreach (var name in new[] { "momentum", "dampening", "p", "label_smoothing", "negative_slope", "weight_decay", "q" })
        {
            yield return new($"1 − {name}", s => Attribute(s, name) is { } value && value != 1 ? 1 - value : null);
            yield return new(name, s => Attribute(s, name) is { } value && value != 0 ? value : null);
        }
    }

    private static IEnumerable<Quantity> Variants(Quantity one) =>
    [
        one, new($"1/({one.Name})", s => 1 / one.Of(s)), new($"−({one.Name})", s => -one.Of(s)), new($"−1/({one.Name})", s => -1 / one.Of(s)),
            new($"2·({one.Name})", s => 2 * one.Of(s)),
        new($"2/({one.Name})", s => 2 / one.Of(s)), new($"½·({one.Name})", s => one.Of(s) / 2),
    ];

    private static int Rank(Sight s) => s.Case.Inputs.TryGetValue("input", out var x) ? x.Rank : 0;

    private static double? Extent(Sight s, int axis) => axis < Rank(s) ? s.Case.Input("input").Shape[axis] : null;

    private static Tensor64? Output(Sight s) => s.Case.Cotangents.GetValueOrDefault("output");

    private static bool IsNorm(Sight s) => AllOperations.KindOf(s.Case.Op) is OperationKind.Normalization;

    private static Tensor64? Weight(Sight s) =>
        AllOperations.KindOf(s.Case.Op) is OperationKind.Convolution or OperationKind.Linear ? s.Case.Input("weight") : null;

    private static double? Window(Sight s) =>
        AllOperations.KindOf(s.Case.Op) is OperationKind.Convolution ? Product(s.Case.Input("weight").Shape[2..])
        : s.Case.Attributes.Has("kernel_size") ? Product(s.Case.Attributes.Ints("kernel_size", 2)) : null;

    private static double? Behind(Sight s) => s.Case.Input("input") is var x ? (double)x.Length / x.Shape[1] : null;

    private static double? Attribute(Sight s, string name) => s.Case.Attributes.Has(name) ? s.Case.Attributes.Number(name) : null;

    /// <summary>The rate, where it is the same at each step.</summary>
    private static double? Rate(Sight s) => !s.Case.Attributes.Has("lr") ? null
        : s.Case.Attributes.Numbers("lr", s.Case.Input("gradients").Shape[0]).Distinct().ToArray() is [var only] ? only : null;

    private static double? Beta(Sight s, int which) => s.Case.Attributes.Has("betas") ? s.Case.Attributes.Numbers("betas", 2)[which] : null;

    /// <summary>What the mean of a class loss divides by.</summary>
    private static double? TargetWeights(Sight s)
    {
        if (s.Case.Op is not ("cross_entropy" or "nll_loss") || !s.Case.Inputs.TryGetValue("target", out var target))
            return null;
        var (weight, ignored) = (
            s.Case.Inputs.GetValueOrDefault("weight"), s.Case.Attributes.Has("ignore_index") ? s.Case.Attributes.Int("ignore_index") : -100);
        return target.Data.ToArray().Where(y => y != ignored).Sum(y => weight is null ? 1 : weight[(int)y]);
    }

    private static double Product(ReadOnlySpan<int> extents)
    {
        var product = 1.0;
        foreach (var extent in extents)
            product *= extent;
        return product;
    }
}
