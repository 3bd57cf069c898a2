using static Conformance.Oracle.MistakeClass;
using static Conformance.Oracle.Operations.AdaptiveAvgPool2dDefect;
using static Conformance.Oracle.Operations.AdaptiveWindow;

namespace Conformance.Oracle.Operations;

/// <summary>Known mistakes of adaptive pools: a wrong divisor, an output in another place, or a gradient that is not accumulated.</summary>
internal static class AdaptiveAvgPool2dDivisorDefects
{
    public static IEnumerable<Defect> All { get; } =
    [
        Change("divided-by-the-average-window", Both, Scale,
            "every window is divided by (H/OH)·(W/OW), which is no window's size where they differ",
            "divide by the window's own size",
            terms => terms with { Divisor = (row, column) => (double)row.Length / row.Outputs * column.Length / column.Outputs }),
        Change("divided-by-height-alone", Both, Scale,
            "the sum is divided by the window's height alone",
            "divide by height times width",
            terms => terms with { Divisor = (row, _) => Size(row) }),
        Change("divided-by-width-alone", Both, Scale,
            "the sum is divided by the window's width alone",
            "divide by height times width",
            terms => terms with { Divisor = (_, column) => Size(column) }),
        Change("sum-for-mean", Both, Scale,
            "the window's sum is answered",
            "divide it by the window's size",
            terms => terms with { Divisor = (_, _) => 1 }),
        Change("divided-twice", Both, Scale,
            "the mean is divided by the window's size once more",
            "divide the sum once",
            terms => terms with { Divisor = (row, column) => Math.Pow(Size(row) * Size(column), 2) }),
        new ResultDefect("adaptive_avg_pool2d.output-by-columns", Passes.Forward, PoolIndex,
            "each plane of the output is written column by column",
            "write window (oh, ow) at oh·OW + ow",
            (_, y) => Planes.Moved(y, Planes.ByColumns))
            .Index("y[(n·C + c)·OH·OW + ow·OH + oh]", "y[(n·C + c)·OH·OW + oh·OW + ow]"),
        new ResultDefect("adaptive_avg_pool2d.planes-exchanged", Passes.Forward, Layout,
            "the pooled planes are [C, N, …], and become [N, C, …] by their shape alone",
            "transpose them to images first, or pool image by image",
            (_, y) => Planes.Moved(y, Planes.ChannelsFirst))
            .Index("y[c·N + n, oh, ow]", "y[n·C + c, oh, ow]"),
        new CaseDefect("adaptive_avg_pool2d.output-size-swapped", Passes.Forward, Option,
            "output_size is taken as (width, height)",
            "output_size is (height, width)",
            layerCase => layerCase.Attributes.Ints("output_size", 2) is var size ? layerCase with { Attributes = OutputSize(size[1], size[0]) } : layerCase),
        MisreadOptions.Misread("adaptive_avg_pool2d", "output-height-for-both", Option, "the output is as wide as it is high",
            "output_size is (height, width)",
            of => of.Attributes.Ints("output_size", 2) is var size ? of with { Attributes = OutputSize(size[0], size[0]) } : null),
        MisreadOptions.Misread("adaptive_avg_pool2d", "output-width-for-both", Option, "the output is as high as it is wide",
            "output_size is (height, width)",
            of => of.Attributes.Ints("output_size", 2) is var size ? of with { Attributes = OutputSize(size[1], size[1]) } : null),
        Change("divided-by-the-first-window", Both, Scale,
            "every window is divided by the size of the first",
            "divide by the window's own size",
            terms => terms with { Divisor = (row, column) => Size(row with { Index = 0 }) * Size(column with { Index = 0 }) }),
        Change("backward-divided-by-the-first-window", Passes.InputGradient, Scale,
            "every window's gradient is divided by the size of the first",
            "divide by the window's own size",
            terms => terms with { Divisor = (row, column) => Size(row with { Index = 0 }) * Size(column with { Index = 0 }) }),
        Change("backward-not-divided", Passes.InputGradient, Scale,
            "the gradient is not divided by the window's size",
            "each element of a window gets dy / size",
            terms => terms with { Divisor = (_, _) => 1 }),
        Change("backward-divided-twice", Passes.InputGradient, Scale,
            "the gradient is divided by the window's size twice",
            "each element of a window gets dy / size",
            terms => terms with { Divisor = (row, column) => Math.Pow(Size(row) * Size(column), 2) }),
        new ScaleDefect("adaptive_avg_pool2d.gradient-missing", Passes.InputGradient, MissingGradient,
            "the gradient stays zero: layers before it learn nothing",
            "each element of a window gets dy / size", _ => 0),
        new AssignDefect("adaptive_avg_pool2d.overlap-assigned", Passes.InputGradient,
            "where windows overlap the gradient is assigned: = for +=",
            "add each window's gradient: dx[…] += dy / size"),
        new AcceptDefect("adaptive_avg_pool2d.empty-input-accepted",
            "an image without pixels is answered with numbers, or NaN",
            "refuse an input whose height or width is 0",
            _ => true),
    ];

    private static Attributes OutputSize(int height, int width) => Attributes.FromPairs(("output_size", new[] { height, width }));
}
