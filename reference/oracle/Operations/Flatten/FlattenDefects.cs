using static Conformance.Oracle.MistakeClass;

namespace Conformance.Oracle.Operations;

/// <summary>The known mistakes of flatten: another order of the elements, another image, another shape.</summary>
internal static class FlattenDefects
{
    private const Passes Both = Passes.Forward | Passes.InputGradient;
    private const string RowMajor = "(c·H + h)·W + w";

    /// <summary>An NHWC flatten. A whole network can have this mistake too.</summary>
    public static Defect ChannelsLast { get; } = Order("channels-last", Both, "the channels run fastest: an NHWC flatten",
        (g, tap) => NhwcPosition(g, tap))
        .Index("(h·W + w)·C + c", RowMajor)
        .From(Seen.Convention("Keras: images are [N, H, W, C]"));

    public static IReadOnlyList<Defect> All { get; } = [.. Orders(), .. Images(), .. Shapes(),
        .. ValueDefects.For("flatten"), .. GradientDefects.For("flatten", "gradient-of-the-first-image")];

    private static IEnumerable<Defect> Orders() =>
    [
        ChannelsLast,
        Order("channels-last-of-whole-images", Both, "the channels run fastest where whole images are flattened; other axes are right",
            (g, tap) => g.WholeImages ? NhwcPosition(g, tap) : tap.Position)
            .Index("(h·W + w)·C + c", RowMajor)
            .From(Seen.Convention("Keras: images are [N, H, W, C]")),
        Order("columns-first", Both, "each plane is unfolded column by column, and folded back so", (g, tap) => (tap.C * g.W + tap.W) * g.H + tap.H)
            .Index("(c·W + w)·H + h", RowMajor)
            .From(Seen.Convention("MATLAB: arrays are column-major")),
        Order("gradient-columns-first", Passes.InputGradient, "the gradient is folded back column by column",
            (g, tap) => (tap.C * g.W + tap.W) * g.H + tap.H)
            .Index("(c·W + w)·H + h", RowMajor),
        Order("column-major", Both, "each image is unfolded in column-major order: the channel runs fastest, then the row",
            (g, tap) => (tap.W * g.H + tap.H) * g.C + tap.C)
            .Index("(w·H + h)·C + c", RowMajor)
            .From(Seen.Convention("Fortran: arrays are column-major")),
        Order("rows-before-channels", Both, "a row of every channel comes before the next row", (g, tap) => (tap.H * g.C + tap.C) * g.W + tap.W)
            .Index("(h·C + c)·W + w", RowMajor),
        Order("columns-before-channels", Both, "a column of every channel comes before the next column",
            (g, tap) => (tap.W * g.C + tap.C) * g.H + tap.H)
            .Index("(w·C + c)·H + h", RowMajor),
        Order("rows-stepped-by-height", Both, "rows are stepped by the height, so that some elements meet",
            (g, tap) => Math.Min((tap.C * g.H + tap.H) * g.H + tap.W, g.Image - 1))
            .Index("(c·H + h)·H + w", RowMajor),
    ];

    private static IEnumerable<Defect> Images() =>
    [
        Change("images-interleaved", Both, Layout,
            "the images run fastest: a column-major reshape to [C·H·W, N] read as [N, C·H·W]",
            "keep each image's elements together",
            (g, tap) => tap with { N = (tap.Position * g.N + tap.N) / g.Image, Position = (tap.Position * g.N + tap.N) % g.Image }),
        Change("gradient-of-the-first-image", Passes.InputGradient, BatchIndex,
            "every image gets the first image's gradient",
            "fold the whole batch's gradient back",
            (_, tap) => tap with { N = 0 }),
        new ResultDefect("flatten.first-image-for-all", Passes.Forward, BatchIndex,
            "every row is the first image",
            "copy the whole batch",
            (layerCase, y) => new(y.Shape, [.. Enumerable.Range(0, y.Length).Select(i => y[i % (y.Length / layerCase.Input("input").Shape[0])])])),
        Change("images-reversed", Both, BatchIndex,
            "the images are unfolded from the last to the first",
            "row n is image n",
            (g, tap) => tap with { N = g.N - 1 - tap.N })
            .Index("y[N − 1 − n]", "y[n]"),
    ];

    private static IEnumerable<Defect> Shapes() =>
    [
        Axes("batch-flattened", "the batch axis is flattened too", "start at start_dim, which is 1 for a batch of images", (_, end) => (0, end)),
        Axes("dims-ignored", "everything behind the batch axis is flattened, whatever start_dim and end_dim say",
            "flatten the axes from start_dim to end_dim alone", (_, _) => (1, 3)),
        Axes("end-ignored", "everything from start_dim on is flattened, whatever end_dim says", "stop behind end_dim", (start, _) => (start, 3)),
        Axes("start-ignored", "flattening starts behind the batch axis, whatever start_dim says", "start at start_dim",
            (_, end) => (Math.Min(1, end), end)),
        Axes("end-left-out", "end_dim is taken as the first axis that stays", "flatten end_dim too",
            (start, end) => (start, Math.Max(start, end - 1))),
        Axes("everything-flattened", "the result has one axis, whatever start_dim and end_dim say",
            "flatten the axes from start_dim to end_dim alone", (_, _) => (0, 3)),
        new ResultDefect("flatten.axes-kept", Passes.Forward, Layout,
            "the flattened axes stay, as axes of extent 1",
            "drop them: [N, C·H·W] and not [N, C·H·W, 1, 1]",
            (layerCase, y) => new([.. y.Shape, .. Enumerable.Repeat(1, 4 - y.Rank)], y.Data.ToArray())),
        new ResultDefect("flatten.features-first", Passes.Forward, Layout,
            "the result is [C·H·W, N]: a column for each image",
            "give each image a row",
            (_, y) => y.Rank == 2
                ? new([y.Shape[1], y.Shape[0]], [.. Enumerable.Range(0, y.Length).Select(i => y[i % y.Shape[0] * y.Shape[1] + i / y.Shape[0]])]) : y)
            .From(Seen.Convention("MATLAB: a batch's columns are its examples")),
        new ResultDefect("flatten.gradient-not-folded-back", Passes.InputGradient, Layout,
            "the gradient keeps the flat shape of the output",
            "give it the input's shape",
            (layerCase, dx) => new(layerCase.Cotangents["output"].Shape, dx.Data.ToArray())),
    ];

    private static int NhwcPosition(FlattenGeometry g, FlattenTap tap) => (tap.H * g.W + tap.W) * g.C + tap.C;

    private static TapDefect<FlattenGeometry, FlattenTap> Order(string name, Passes passes, string mistake,
        Func<FlattenGeometry, FlattenTap, int> position) =>
        Change(name, passes, Layout, mistake, "flatten in the order c, h, w: (c·H + h)·W + w",
            (g, tap) => tap with { Position = position(g, tap) });

    private static TapDefect<FlattenGeometry, FlattenTap> Change(
        string name, Passes passes, MistakeClass kind, string mistake, string mend, Func<FlattenGeometry, FlattenTap, FlattenTap> change) =>
        new($"flatten.{name}", passes, kind, mistake, mend, change);

    private static TermDefect<FlattenTerms> Axes(string name, string mistake, string mend, Func<int, int, (int Start, int End)> axes) =>
        new($"flatten.{name}", Passes.Forward, Option, mistake, mend, _ => new(axes));
}
