namespace Conformance.Oracle.Operations;

/// <summary>One element of a ReLU, and whether it passes.</summary>
public readonly record struct ReluTap(int Element, bool Open);

/// <summary>relu: y = x where x &gt; 0 (or NaN), else 0; the gradient passes where y does, so it is 0 at x = 0.</summary>
public sealed class ReluTaps : TapOperation
{
    public override string Name => "relu";

    public override IReadOnlyList<Defect> Defects { get; } =
    [
        new TapDefect<Tensor64, ReluTap>("relu.open-at-zero", Passes.InputGradient,
            "the gradient passes at x = 0: >= for >",
            "let the gradient pass only where x > 0",
            (x, tap) => tap with { Open = x[tap.Element] >= 0 }),
        new TapDefect<Tensor64, ReluTap>("relu.mask-missing", Passes.InputGradient,
            "the gradient passes everywhere",
            "multiply the output gradient by the mask x > 0",
            (_, tap) => tap with { Open = true }),
    ];

    protected override LayerCase Draw(Spelling spelling, Func<string, Fill> fill)
    {
        var shape = spelling.Extents("nchw");
        return Case(
            Attributes.None, Tier.Exact, new Dictionary<string, Tensor64> { ["input"] = fill("input").Integers(-3, 3, shape) },
            fill("cotangent.output").Integers(-3, 3, shape));
    }

    protected override int[] OutputShape(LayerCase layerCase) => layerCase.Input("input").Shape.ToArray();

    protected override IEnumerable<Tap> Taps(LayerCase layerCase, Passes pass, Defect? defect)
    {
        var x = layerCase.Input("input");
        var change = defect is TapDefect<Tensor64, ReluTap> tapDefect && tapDefect.In(pass) ? tapDefect.Change : null;
        for (var i = 0; i < x.Length; i++)
        {
            var right = new ReluTap(i, !(x[i] <= 0));
            if ((change is null ? right : change(x, right)).Open)
                yield return new(i, i);
        }
    }
}
