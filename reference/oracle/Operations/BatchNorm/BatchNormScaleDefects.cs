using static Conformance.Oracle.MistakeClass;
using static Conformance.Oracle.Operations.BatchNormDefect;

namespace Conformance.Oracle.Operations;

/// <summary>Known mistakes in σ, γ and β. A deviation from max(var, 0) is correct.</summary>
internal static class BatchNormScaleDefects
{
    /// <summary>Wrong σ, from a variance and eps.</summary>
    public static IEnumerable<Defect> Deviation(string op) =>
    [
        Term(op, "eps-outside-the-root", Passes.All, Formula,
            "eps is added to the deviation: √var + eps",
            "add it under the root: √(var + eps)",
            terms => terms with { Deviation = (variance, eps) => Math.Sqrt(variance) + eps }),
        Term(op, "eps-missing", Passes.All, Formula,
            "nothing is added to the variance",
            "divide by √(var + eps)",
            terms => terms with { Deviation = (variance, _) => Math.Sqrt(variance) }),
        Term(op, "eps-unread", Passes.All, Option,
            "eps is always 1e-5",
            "read eps",
            terms => terms with { Deviation = (variance, _) => Math.Sqrt(variance + 1e-5) }),
        Term(op, "divided-by-variance", Passes.All, Formula,
            "x − mean is divided by the variance",
            "divide by its root, √(var + eps)",
            terms => terms with { Deviation = (variance, eps) => variance + eps }),
    ];

    /// <summary>γ and β along another axis, or in another order.</summary>
    public static IEnumerable<Defect> Affine(string op) =>
    [
        Term(op, "gamma-along-last-axis", Passes.All, ChannelIndex,
            "γ and β are broadcast along the last axis, not along the channels",
            "index them by the second axis",
            terms => terms with { Affine = (g, at) => at.Flat % g.Last % g.C })
            .Index("γ[w]", "γ[c]"),
        Term(op, "beta-times-gamma", Passes.Forward, Formula,
            "β is added before γ multiplies: γ·(x̂ + β)",
            "y = γ·x̂ + β",
            terms => terms with { Output = (normal, gamma, beta) => gamma * (normal + beta) }),
    ];

    /// <summary>γ and β of another element, or in another place of the formula.</summary>
    public static IEnumerable<Defect> AffineIndex(string op) =>
    [
        Term(op, "gamma-of-next-channel", Passes.All, ChannelIndex,
            "γ and β are those of the channel after",
            "index them by the channel itself",
            terms => terms with { Affine = (g, at) => (at.C + 1) % g.C })
            .Index("γ[c + 1]", "γ[c]"),
        Term(op, "gamma-reversed", Passes.All, ChannelIndex,
            "γ and β are indexed from the last channel down",
            "index them by the channel itself",
            terms => terms with { Affine = (g, at) => g.C - 1 - at.C })
            .Index("γ[C − 1 − c]", "γ[c]"),
        Term(op, "gamma-of-first-channel", Passes.All, ChannelIndex,
            "the first γ and β serve all channels, as if they were single numbers",
            "index them by the channel",
            terms => terms with { Affine = (_, _) => 0 })
            .Index("γ[0]", "γ[c]"),
        Term(op, "gamma-by-image", Passes.All, ChannelIndex,
            "γ and β are indexed by the image",
            "index them by the channel",
            terms => terms with { Affine = (g, at) => at.N % g.C })
            .Index("γ[n]", "γ[c]"),
        Term(op, "affine-zero-without-affine", Passes.Forward | Passes.InputGradient, Option,
            "without affine γ counts as 0, so that output and input gradient are zero",
            "without affine γ is 1 and β is 0",
            terms => terms with { PlainGamma = 0 }),
        Term(op, "gamma-and-beta-swapped", Passes.Forward, Formula,
            "β multiplies and γ is added",
            "y = γ·x̂ + β",
            terms => terms with { Output = (normal, gamma, beta) => beta * normal + gamma }),
        Term(op, "beta-missing", Passes.Forward, Formula,
            "β is not added",
            "y = γ·x̂ + β",
            terms => terms with { Output = (normal, gamma, _) => gamma * normal }),
        Term(op, "gamma-missing", Passes.Forward, Formula,
            "γ does not multiply the output",
            "y = γ·x̂ + β",
            terms => terms with { Output = (normal, _, beta) => normal + beta }),
        Term(op, "affine-missing", Passes.Forward, Formula,
            "the output is x̂ itself, without γ and β",
            "y = γ·x̂ + β",
            terms => terms with { Output = (normal, _, _) => normal }),
        Term(op, "gamma-around-one", Passes.Forward | Passes.InputGradient, Formula,
            "γ counts from 1: y = (1 + γ)·x̂ + β",
            "PyTorch's γ is the factor itself: y = γ·x̂ + β",
            terms => terms with { Output = (normal, gamma, beta) => (1 + gamma) * normal + beta, Upstream = (dy, gamma) => dy * (1 + gamma) }),
    ];

    /// <summary>Further mistakes in eps.</summary>
    public static IEnumerable<Defect> Epsilon(string op) =>
    [
        Term(op, "eps-as-a-floor", Passes.All, Formula,
            "eps is the least that the variance may be: √max(var, eps)",
            "add it: √(var + eps)",
            terms => terms with { Deviation = (variance, eps) => Math.Sqrt(Math.Max(variance, eps)) }),
        Term(op, "eps-in-the-root-and-outside", Passes.All, Formula,
            "eps is added under the root and to it: √(var + eps) + eps",
            "add it once, under the root",
            terms => terms with { Deviation = (variance, eps) => Math.Sqrt(variance + eps) + eps }),
        Term(op, "eps-squared", Passes.All, Formula,
            "eps² is added to the variance",
            "add eps itself: √(var + eps)",
            terms => terms with { Deviation = (variance, eps) => Math.Sqrt(variance + eps * eps) }),
        Term(op, "eps-of-keras", Passes.All, Option,
            "eps is always 1e-3",
            "read eps",
            terms => terms with { Deviation = (variance, _) => Math.Sqrt(variance + 1e-3) })
            .From(Seen.Convention("Keras: eps is 1e-3 by default")),
    ];
}
