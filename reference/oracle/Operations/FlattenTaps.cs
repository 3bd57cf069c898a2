namespace Conformance.Oracle.Operations;

/// <summary>One element of a flatten: where it comes from, and where it goes within its image.</summary>
public readonly record struct FlattenTap(int N, int C, int H, int W, int Position);

/// <summary>flatten: the axes from start_dim to end_dim become one, in row-major order; nothing moves in memory.</summary>
public sealed class FlattenTaps : TapOperation
{
    public override string Name => "flatten";

    public override IReadOnlyList<Defect> Defects { get; } =
    [
        new TapDefect<Tensor64, FlattenTap>("flatten.channels-last", Passes.Forward | Passes.InputGradient,
            "the channels run fastest: an NHWC flatten",
            "flatten in the order c, h, w: (c·H + h)·W + w",
            (x, tap) => tap with { Position = (tap.H * x.Shape[3] + tap.W) * x.Shape[1] + tap.C }),
        new TapDefect<Tensor64, FlattenTap>("flatten.gradient-columns-first", Passes.InputGradient,
            "the gradient is folded back column by column",
            "fold it back in the order in which forward unfolded it",
            (x, tap) => tap with { Position = (tap.C * x.Shape[3] + tap.W) * x.Shape[2] + tap.H }),
    ];

    /// <summary><c>flatten/n2c3h4w5</c>, or <c>-f0x2</c> for start_dim 0 and end_dim 2.</summary>
    protected override LayerCase Draw(Spelling spelling, Func<string, Fill> fill)
    {
        var shape = spelling.Extents("nchw");
        var dims = spelling.Pair('f', [1, 3]);
        if (dims[0] > dims[1] || dims[1] > 3)
            throw spelling.Error("flatten takes f<start>x<end> with start ≤ end ≤ 3");
        var drawn = Case(
            Attributes.Of(("start_dim", dims[0]), ("end_dim", dims[1])), Tier.Exact,
            new Dictionary<string, Tensor64> { ["input"] = fill("input").Integers(-99, 99, shape) }, cotangent: null);
        return Case(drawn.Attributes, Tier.Exact, drawn.Inputs, fill("cotangent.output").Integers(-99, 99, OutputShape(drawn)));
    }

    protected override int[] OutputShape(LayerCase layerCase)
    {
        var shape = layerCase.Input("input").Shape.ToArray();
        var (start, end) = (layerCase.Attributes.Int("start_dim"), layerCase.Attributes.Int("end_dim"));
        return [.. shape[..start], shape[start..(end + 1)].Aggregate(1, (a, b) => a * b), .. shape[(end + 1)..]];
    }

    protected override IEnumerable<Tap> Taps(LayerCase layerCase, Passes pass, Defect? defect)
    {
        var x = layerCase.Input("input");
        var change = defect is TapDefect<Tensor64, FlattenTap> tapDefect && tapDefect.In(pass) ? tapDefect.Change : null;
        var image = x.Shape[0] == 0 ? 0 : x.Length / x.Shape[0];
        for (var i = 0; i < x.Length; i++)
        {
            var at = x.IndexOf(i);
            var right = new FlattenTap(at[0], at[1], at[2], at[3], i % image);
            var tap = change is null ? right : change(x, right);
            yield return new(tap.N * image + tap.Position, i);
        }
    }
}
