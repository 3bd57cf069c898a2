using static Conformance.Oracle.MistakeClass;
using static Conformance.Oracle.Operations.AdaptiveAvgPool2dTaps;

namespace Conformance.Oracle.Operations;

/// <summary>Adaptive pools with windows of another rule, another divisor, or an output that lies elsewhere.</summary>
internal static class AdaptiveAvgPool2dDefects
{
    private const Passes Both = Passes.Forward | Passes.InputGradient;
    private const string Rule = "window i goes from ⌊i·H/O⌋ to ⌈(i + 1)·H/O⌉";

    public static IEnumerable<Defect> All { get; } =
    [
        Change("fixed-stride-and-kernel", Both, PoolIndex,
            "it is an average pool with stride ⌊H/O⌋ and kernel H − (O − 1)·stride",
            Rule,
            _ => Placed(w => w.Index * Floor(w), w => w.Index * Floor(w) + w.Length - (w.Outputs - 1) * Floor(w))),
        Change("fixed-stride-longer-kernel", Both, PoolIndex,
            "it is an average pool with stride ⌊H/O⌋ and kernel ⌈H/O⌉",
            Rule,
            _ => Placed(w => w.Index * Floor(w), w => w.Index * Floor(w) + Ceiling(w))),
        Change("fixed-stride-rounded-up", Both, PoolIndex,
            "windows are ⌈H/O⌉ long, one after the other, and the last ones are cut off by the end",
            Rule,
            _ => Placed(w => Math.Min(w.Index * Ceiling(w), w.Length), w => Math.Min((w.Index + 1) * Ceiling(w), w.Length))),
        Change("longer-kernel-from-each-start", Both, PoolIndex,
            "windows start at ⌊i·H/O⌋ and are all ⌈H/O⌉ long",
            Rule,
            _ => Placed(Start, w => Math.Min(Start(w) + Ceiling(w), w.Length))),
        Change("shorter-kernel-from-each-start", Both, PoolIndex,
            "windows start at ⌊i·H/O⌋ and are all ⌊H/O⌋ long, or one element",
            Rule,
            _ => Placed(Start, w => Start(w) + Math.Max(1, Floor(w)))),
        Change("bounds-rounded-to-nearest", Both, PoolIndex,
            "both ends of a window are rounded to the nearest element",
            Rule,
            _ => Placed(w => Nearest(w), w => Nearest(w with { Index = w.Index + 1 }))),
        Change("end-one-more", Both, PoolIndex,
            "a window's last element is taken to be ⌈(i + 1)·H/O⌉: one more than there are",
            "the end is the first element behind the window",
            _ => Placed(Start, w => Math.Min(End(w) + 1, w.Length))),
        Change("first-element-alone", Both, Formula,
            "a window's first element is answered, as when an image is resized",
            "answer the mean of the window",
            _ => Placed(Start, w => Start(w) + 1)),
        Change("whole-plane", Both, Option,
            "every output is the mean of the whole plane, whatever output_size is",
            Rule,
            _ => Placed(_ => 0, w => w.Length)),
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
        new ResultDefect("adaptive_avg_pool2d.output-size-swapped", Passes.Forward, Option,
            "output_size is taken as (width, height)",
            "output_size is (height, width)",
            (layerCase, _) => new AdaptiveAvgPool2dTaps().Forward(layerCase with { Attributes = Swapped(layerCase.Attributes.Ints("output_size", 2)) })),
    ];

    private static Attributes Swapped(int[] size) => Attributes.Of(("output_size", new[] { size[1], size[0] }));

    private static int Floor(AdaptiveWindow w) => w.Length / w.Outputs;

    private static int Ceiling(AdaptiveWindow w) => (w.Length + w.Outputs - 1) / w.Outputs;

    private static int Nearest(AdaptiveWindow w) => (2 * w.Index * w.Length + w.Outputs) / (2 * w.Outputs);
}
