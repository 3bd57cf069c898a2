using static Conformance.Oracle.MistakeClass;

namespace Conformance.Oracle.Operations;

/// <summary>One element of a ReLU, and whether it passes.</summary>
public readonly record struct ReluTap(int Element, bool Open);

/// <summary>relu: y = x where x &gt; 0 (or NaN), else 0; the gradient passes where y does, so it is 0 at x = 0.</summary>
public sealed class ReluTaps : TapOperation
{
    public override string Name => "relu";

    public override IReadOnlyList<Defect> Defects { get; } =
    [
        new TapDefect<LayerCase, ReluTap>("relu.open-at-zero", Passes.InputGradient, Derivative,
            "the gradient passes at x = 0: >= for >",
            "let the gradient pass only where x > 0",
            (layerCase, tap) => tap with { Open = layerCase.Input("input")[tap.Element] >= 0 }),
        new TapDefect<LayerCase, ReluTap>("relu.mask-missing", Passes.InputGradient, Derivative,
            "the gradient passes everywhere",
            "multiply the output gradient by the mask x > 0",
            (_, tap) => tap with { Open = true }),
        new TapDefect<LayerCase, ReluTap>("relu.mask-inverted", Passes.InputGradient, Derivative,
            "the gradient passes where x ≤ 0",
            "let the gradient pass only where x > 0",
            (_, tap) => tap with { Open = !tap.Open }),
        new TapDefect<LayerCase, ReluTap>("relu.gradient-missing", Passes.InputGradient, MissingGradient,
            "the gradient stays zero",
            "let the gradient pass where x > 0",
            (_, tap) => tap with { Open = false }),
        new TapDefect<LayerCase, ReluTap>("relu.mask-of-the-gradient", Passes.InputGradient, Derivative,
            "the mask is taken from the output gradient: where dy > 0 instead of where x > 0",
            "keep x, or y, in forward and mask by its sign",
            (layerCase, tap) => tap with { Open = layerCase.Cotangents["output"][tap.Element] > 0 }),
        new TapDefect<LayerCase, ReluTap>("relu.mask-of-the-first-image", Passes.InputGradient, BatchIndex,
            "the first image's mask is used for every image",
            "keep the mask of the whole batch",
            (layerCase, tap) => tap with { Open = !(layerCase.Input("input")[tap.Element % (layerCase.Input("input").Length / layerCase.Input("input").Shape[0])] <= 0) }),
        new TapDefect<LayerCase, ReluTap>("relu.nan-becomes-zero", Passes.Forward | Passes.InputGradient, NonFinite,
            "a NaN becomes 0: x > 0 ? x : 0",
            "let a NaN pass: x <= 0 ? 0 : x",
            (layerCase, tap) => tap with { Open = layerCase.Input("input")[tap.Element] > 0 }),
    ];

    protected override bool Picks => true;

    protected override LayerCase Draw(Spelling spelling, Func<string, Fill> fill)
    {
        var shape = Elementwise.Shape(spelling);
        var input = Elementwise.Input(
            spelling, shape, () => fill("input").Integers(-3, 3, shape), () => fill("input").Integers(-1000000, 1000000, shape));
        return Case(Attributes.None, Tier.Exact, new Dictionary<string, Tensor64> { ["input"] = input }, fill("cotangent.output").Integers(-3, 3, shape));
    }

    protected override string RandomGeometry(Fill dice) => Elementwise.Geometry(dice);

    protected override int[] OutputShape(LayerCase layerCase) => layerCase.Input("input").Shape.ToArray();

    protected override IEnumerable<Tap> Taps(LayerCase layerCase, Passes pass, Defect? defect)
    {
        var x = layerCase.Input("input");
        var change = Terms.Change<LayerCase, ReluTap>(defect, pass);
        for (var i = 0; i < x.Length; i++)
        {
            var right = new ReluTap(i, !(x[i] <= 0));
            if ((change is null ? right : change(layerCase, right)).Open)
                yield return new(i, i);
        }
    }
}
