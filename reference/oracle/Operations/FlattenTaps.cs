using static Conformance.Oracle.MistakeClass;

namespace Conformance.Oracle.Operations;

/// <summary>One element of a flatten: where it comes from, and where it goes within its image.</summary>
public readonly record struct FlattenTap(int N, int C, int H, int W, int Position);

/// <summary>Which axes become one, from start_dim and end_dim.</summary>
public sealed record FlattenTerms(Func<int, int, (int Start, int End)> Axes);

/// <summary>flatten: the axes from start_dim to end_dim become one, in row-major order; nothing moves in memory.</summary>
public sealed class FlattenTaps : TapOperation
{
    private static readonly FlattenTerms Right = new((start, end) => (start, end));

    public override string Name => "flatten";

    public override IReadOnlyList<Defect> Defects { get; } =
    [
        new TapDefect<Tensor64, FlattenTap>("flatten.channels-last", Passes.Forward | Passes.InputGradient, Layout,
            "the channels run fastest: an NHWC flatten",
            "flatten in the order c, h, w: (c·H + h)·W + w",
            (x, tap) => tap with { Position = (tap.H * x.Shape[3] + tap.W) * x.Shape[1] + tap.C })
            .Index("(h·W + w)·C + c", "(c·H + h)·W + w")
            .From(Seen.Convention("Keras: images are [N, H, W, C]")),
        new TapDefect<Tensor64, FlattenTap>("flatten.gradient-columns-first", Passes.InputGradient, Layout,
            "the gradient is folded back column by column",
            "fold it back in the order in which forward unfolded it",
            (x, tap) => tap with { Position = (tap.C * x.Shape[3] + tap.W) * x.Shape[2] + tap.H })
            .Index("(c·W + w)·H + h", "(c·H + h)·W + w"),
        new TapDefect<Tensor64, FlattenTap>("flatten.columns-first", Passes.Forward | Passes.InputGradient, Layout,
            "each plane is unfolded column by column, and folded back so",
            "unfold it row by row: (c·H + h)·W + w",
            (x, tap) => tap with { Position = (tap.C * x.Shape[3] + tap.W) * x.Shape[2] + tap.H })
            .Index("(c·W + w)·H + h", "(c·H + h)·W + w")
            .From(Seen.Convention("MATLAB: arrays are column-major")),
        new TapDefect<Tensor64, FlattenTap>("flatten.images-interleaved", Passes.Forward | Passes.InputGradient, Layout,
            "the images run fastest: a column-major reshape to [C·H·W, N] read as [N, C·H·W]",
            "keep each image's elements together",
            (x, tap) => tap with { N = (tap.Position * x.Shape[0] + tap.N) / (x.Length / x.Shape[0]), Position = (tap.Position * x.Shape[0] + tap.N) % (x.Length / x.Shape[0]) }),
        new TapDefect<Tensor64, FlattenTap>("flatten.gradient-of-the-first-image", Passes.InputGradient, BatchIndex,
            "every image gets the first image's gradient",
            "fold the whole batch's gradient back",
            (x, tap) => tap with { N = 0 }),
        new TermDefect<FlattenTerms>("flatten.batch-flattened", Passes.Forward, Option,
            "the batch axis is flattened too",
            "start at start_dim, which is 1 for a batch of images",
            _ => new((_, end) => (0, end))),
        new TermDefect<FlattenTerms>("flatten.dims-ignored", Passes.Forward, Option,
            "everything behind the batch axis is flattened, whatever start_dim and end_dim say",
            "flatten the axes from start_dim to end_dim alone",
            _ => new((_, _) => (1, 3))),
    ];

    protected override bool Picks => true;

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

    protected override string RandomGeometry(Fill dice)
    {
        var start = dice.Pick(0, 3);
        return $"n{dice.Pick(1, 2, 3, 15, 16, 17, 33)}c{dice.Pick(1, 5)}h{dice.Pick(1, 7)}w{dice.Pick(1, 9)}-f{start}x{dice.Pick(start, 3)}";
    }

    protected override LayerResult Answer(LayerCase layerCase, Defect? defect, Summation? float32)
    {
        var answer = base.Answer(layerCase, defect, float32);
        var shape = OutputShape(layerCase, Terms.Of(defect, Right));
        return answer with { Outputs = new Dictionary<string, Tensor64> { ["output"] = new(shape, answer.Outputs["output"].Data.ToArray()) } };
    }

    protected override int[] OutputShape(LayerCase layerCase) => OutputShape(layerCase, Right);

    private static int[] OutputShape(LayerCase layerCase, FlattenTerms terms)
    {
        var shape = layerCase.Input("input").Shape.ToArray();
        var (start, end) = terms.Axes(layerCase.Attributes.Int("start_dim"), layerCase.Attributes.Int("end_dim"));
        return [.. shape[..start], shape[start..(end + 1)].Aggregate(1, (a, b) => a * b), .. shape[(end + 1)..]];
    }

    protected override IEnumerable<Tap> Taps(LayerCase layerCase, Passes pass, Defect? defect)
    {
        var x = layerCase.Input("input");
        var change = Terms.Change<Tensor64, FlattenTap>(defect, pass);
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
