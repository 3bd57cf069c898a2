using static Conformance.Oracle.MistakeClass;

namespace Conformance.Oracle.Operations;

/// <summary>
/// The known mistakes of a ReLU. Two variants are not listed. A mask computed from the output as y > 0 is wrong only for NaN, where it is
/// <c>relu.nan-becomes-zero</c> in the gradient. A mask computed as y ≠ 0 is correct.
/// </summary>
internal static class ReluDefects
{
    private const Passes Both = Passes.Forward | Passes.InputGradient;

    public static IReadOnlyList<Defect> All { get; } =
    [
        Change("open-at-zero", Passes.InputGradient, Derivative,
            "the gradient passes at x = 0: >= for >",
            "let the gradient pass only where x > 0",
            (layerCase, tap) => tap with { Open = layerCase.Input("input")[tap.Element] >= 0 }),
        Change("mask-missing", Passes.InputGradient, Derivative,
            "the gradient passes everywhere",
            "multiply the output gradient by the mask x > 0",
            (_, tap) => tap with { Open = true }),
        Change("mask-inverted", Passes.InputGradient, Derivative,
            "the gradient passes where x ≤ 0",
            "let the gradient pass only where x > 0",
            (_, tap) => tap with { Open = !tap.Open }),
        Change("gradient-missing", Passes.InputGradient, MissingGradient,
            "the gradient stays zero",
            "let the gradient pass where x > 0",
            (_, tap) => tap with { Open = false }),
        Change("mask-of-the-gradient", Passes.InputGradient, Derivative,
            "the mask is taken from the output gradient: where dy > 0 instead of where x > 0",
            "keep x, or y, in forward and mask by its sign",
            (layerCase, tap) => tap with { Open = layerCase.Cotangents["output"][tap.Element] > 0 }),
        Change("mask-of-the-first-image", Passes.InputGradient, BatchIndex,
            "the first image's mask is used for every image",
            "keep the mask of the whole batch",
            (layerCase, tap) => tap with { Open = !(layerCase.Input(
                "input")[tap.Element % (layerCase.Input("input").Length / layerCase.Input("input").Shape[0])] <= 0) }),
        Change("nan-becomes-zero", Passes.Forward | Passes.InputGradient, NonFinite,
            "a NaN becomes 0: x > 0 ? x : 0",
            "let a NaN pass: x <= 0 ? 0 : x",
            (layerCase, tap) => tap with { Open = layerCase.Input("input")[tap.Element] > 0 }),
        Change("half-at-zero", Passes.InputGradient, Derivative,
            "half the gradient passes at x = 0, as with (1 + sign x)/2",
            "let the gradient pass only where x > 0",
            (layerCase, tap) => X(layerCase, tap) == 0 ? tap with { Open = true, Factor = 0.5 } : tap),
        Change("mask-of-the-output", Passes.InputGradient, Derivative,
            "the mask is y ≥ 0, which holds everywhere but at a NaN",
            "mask by y > 0, or by the sign of x",
            (layerCase, tap) => tap with { Open = !double.IsNaN(X(layerCase, tap)) }),
        Change("multiplied-by-the-output", Passes.InputGradient, Derivative,
            "dy is multiplied by y instead of by the mask",
            "multiply dy by 1 where x > 0, else by 0",
            (layerCase, tap) => tap with { Factor = X(layerCase, tap) })
            .Index("dy·y", "dy·(x > 0)"),
        Change("negative-side-kept", Passes.Forward, Formula,
            "the negative side is kept: min(x, 0)",
            "keep the positive side: max(x, 0)",
            (layerCase, tap) => tap with { Open = X(layerCase, tap) < 0 }),
        Change("absolute-value", Both, Formula,
            "the negative side is turned over: |x|",
            "answer 0 where x ≤ 0",
            (layerCase, tap) => X(layerCase, tap) < 0 ? tap with { Open = true, Factor = -1 } : tap),
        Change("negative-side-leaks", Both, Formula,
            "the negative side is multiplied by 0.01: a leaky ReLU",
            "answer 0 where x ≤ 0",
            (layerCase, tap) => tap.Open ? tap : tap with { Open = true, Factor = 0.01 }),
        Change("identity", Both, Formula,
            "nothing is cut off",
            "answer 0 where x ≤ 0",
            (_, tap) => tap with { Open = true }),
        Change("open-from-one", Both, Formula,
            "the threshold is 1: x > 1, or x ≥ 1 of integers",
            "let every x > 0 pass",
            (layerCase, tap) => X(layerCase, tap) <= 1 ? tap with { Open = false } : tap),
        new ResultDefect("relu.clipped-at-six", Passes.Forward, Formula,
            "the output is at most 6: a ReLU6",
            "let every x > 0 pass whole",
            (_, y) => y.Select(value => Math.Min(value, 6))),
        Change("closed-above-six", Passes.InputGradient, Derivative,
            "the gradient is that of a ReLU6: 0 where x ≥ 6",
            "let the gradient pass where x > 0",
            (layerCase, tap) => X(layerCase, tap) >= 6 ? tap with { Open = false } : tap),
        new ResultDefect("relu.product-with-the-mask", Passes.Forward, NonFinite,
            "x is multiplied by the mask, so that −∞ becomes NaN: −∞ · 0",
            "choose 0 where x ≤ 0, don't multiply",
            (layerCase, y) => new(y.Shape,
                [.. Enumerable.Range(0, y.Length).Select(i => double.IsNegativeInfinity(layerCase.Input("input")[i]) ? double.NaN : y[i])])),
        Change("tail-copied", Both, OddInput,
            "the elements behind the last whole vector of eight pass as they are",
            "add a loop for the elements that remain",
            (layerCase, tap) => Vectors.Hold(tap.Element, layerCase.Input("input").Length) ? tap : tap with { Open = true }),
        new ResultDefect("relu.clipped-at-the-largest", Passes.Forward, Formula,
            "x is clipped between 0 and the largest x: where every x is negative, they all become that number",
            "clip below alone: max(x, 0)",
            (layerCase, y) => new(y.Shape, [.. y.Data.ToArray().Zip(Largest(layerCase), Math.Min)])),
        Change("open-at-positive-zero", Passes.InputGradient, Derivative,
            "the mask is the sign bit, which +0 does not have: the gradient passes there, and not at −0",
            "compare numbers, where −0 equals 0: x > 0",
            (layerCase, tap) => X(layerCase, tap) is 0 and var zero && !double.IsNegative(zero) ? tap with { Open = true } : tap),
        new ResultDefect("relu.gradient-product-with-the-mask", Passes.InputGradient, NonFinite,
            "dy is multiplied by the mask, so that infinity from above becomes NaN where x ≤ 0: ∞ · 0",
            "choose 0 where x ≤ 0, don't multiply",
            (layerCase, dx) => new(dx.Shape, [.. dx.Data.ToArray().Zip(layerCase.Cotangents["output"].Data.ToArray(), (dx, dy) =>
                double.IsFinite(dy) ? dx : dx == 0 ? double.NaN : dx)])),
        .. ElementwiseDefects.For("relu"), .. GradientDefects.OfKept("relu", known: "first-image-kept"),
    ];

    /// <summary>The largest number of the input, for each element.</summary>
    private static IEnumerable<double> Largest(LayerCase layerCase) => Enumerable.Repeat(
        layerCase.Input("input").Data.ToArray().Where(x => !double.IsNaN(x)).DefaultIfEmpty(0).Max(), layerCase.Input("input").Length);

    private static double X(LayerCase layerCase, ReluTap tap) => layerCase.Input("input")[tap.Element];

    private static TapDefect<LayerCase, ReluTap> Change(
        string name, Passes passes, MistakeClass kind, string mistake, string mend, Func<LayerCase, ReluTap, ReluTap> change) =>
        new($"relu.{name}", passes, kind, mistake, mend, change);
}
