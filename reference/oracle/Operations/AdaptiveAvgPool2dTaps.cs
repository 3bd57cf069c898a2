using static Conformance.Oracle.MistakeClass;

namespace Conformance.Oracle.Operations;

/// <summary>Window <paramref name="Index"/> of <paramref name="Outputs"/> over <paramref name="Length"/> elements of one axis.</summary>
public readonly record struct AdaptiveWindow(int Index, int Length, int Outputs);

/// <summary>Where a window starts and ends along one axis, and the number that its sum is divided by, from both axes' windows.</summary>
public sealed record AdaptivePoolTerms(
    Func<AdaptiveWindow, int> Start, Func<AdaptiveWindow, int> End, Func<AdaptiveWindow, AdaptiveWindow, double> Divisor);

/// <summary>
/// adaptive_avg_pool2d as PyTorch defines it: output i of O along an axis of H elements is the mean of ⌊i·H/O⌋ … ⌈(i + 1)·H/O⌉ − 1. Where O does not divide H
/// the windows overlap and differ in size.
/// </summary>
public sealed class AdaptiveAvgPool2dTaps : TapOperation
{
    private const Passes Both = Passes.Forward | Passes.InputGradient;

    private static readonly AdaptivePoolTerms Right = new(Start, End, (row, column) => Size(row) * Size(column));

    public override string Name => "adaptive_avg_pool2d";

    public override IReadOnlyList<Defect> Defects { get; } =
    [
        Change("end-rounded-down", Both, PoolIndex,
            "a window's end is rounded down: the elements that two windows share are left to the later one",
            "round it up: ⌈(i + 1)·H/O⌉",
            _ => Placed(Start, w => (w.Index + 1) * w.Length / w.Outputs)),
        Change("start-rounded-up", Both, PoolIndex,
            "a window's start is rounded up: the elements that two windows share are left to the earlier one",
            "round it down: ⌊i·H/O⌋",
            _ => Placed(w => (w.Index * w.Length + w.Outputs - 1) / w.Outputs, End)),
        Change("windows-of-one-size", Both, PoolIndex,
            "all windows are ⌊H/O⌋ long, one after the other: the remainder is lost",
            "window i goes from ⌊i·H/O⌋ to ⌈(i + 1)·H/O⌉",
            _ => Placed(w => w.Index * (w.Length / w.Outputs), w => (w.Index + 1) * (w.Length / w.Outputs))),
        Change("last-window-takes-the-remainder", Both, PoolIndex,
            "windows are ⌊H/O⌋ long, and the last one takes what is left",
            "window i goes from ⌊i·H/O⌋ to ⌈(i + 1)·H/O⌉",
            _ => Placed(w => w.Index * (w.Length / w.Outputs), w => w.Index == w.Outputs - 1 ? w.Length : (w.Index + 1) * (w.Length / w.Outputs))),
        .. AdaptiveAvgPool2dDefects.All,
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

    protected override LayerCase Draw(Spelling spelling, Func<string, Fill> fill)
    {
        var (extents, outputs) = (spelling.Extents("nchw"), spelling.Pair('o'));
        if (outputs.Contains(0) || extents[1] == 0)
            throw spelling.Error("c and o must be at least 1");
        var attributes = Attributes.Of(("output_size", outputs));
        if (extents[2] == 0 || extents[3] == 0)
        {
            // A 1×1 output goes through a mean in torch, which refuses nothing.
            return outputs is [1, 1]
                ? throw spelling.Error("an empty image has no mean")
                : Case(attributes, Tier.Exact, new Dictionary<string, Tensor64> { ["input"] = Tensor64.Zeros(extents) }, cotangent: null)
                    with
                { Refused = $"the input {Tensor64.Text(extents)} has no pixels" };
        }
        int[] shape = [extents[0], extents[1], .. outputs];
        var (rows, columns) = (Windows(extents[2], outputs[0]).ToArray(), Windows(extents[3], outputs[1]).ToArray());
        RefuseHuge(spelling, Tensor64.Zeros(shape).Length, rows.Max(Size) * columns.Max(Size));
        HashSet<int> sizes = [.. rows.SelectMany(row => columns.Select(column => Size(row) * Size(column)))];
        var (tier, input, cotangent) = Averages.Draw(spelling, fill, extents, shape, sizes, Most(rows) * Most(columns));
        return Case(attributes, tier, new Dictionary<string, Tensor64> { ["input"] = input }, cotangent);
    }

    protected override string RandomGeometry(Fill dice) =>
        $"n{dice.Pick(1, 2, 15, 16, 17, 33)}c{dice.Pick(1, 3)}h{dice.Pick(1, 12)}w{dice.Pick(1, 12)}-o{dice.Pick(1, 9)}x{dice.Pick(1, 9)}{dice.Pick("", "-float")}";

    protected override int[] OutputShape(LayerCase layerCase)
    {
        var x = layerCase.Input("input");
        return x.Rank == 4
            ? [x.Shape[0], x.Shape[1], .. layerCase.Attributes.Ints("output_size", 2)]
            : throw new ArgumentException($"{layerCase.Id}: input {x} should have four axes");
    }

    protected override IEnumerable<Tap> Taps(LayerCase layerCase, Passes pass, Defect? defect)
    {
        var (x, shape) = (layerCase.Input("input"), OutputShape(layerCase));
        var terms = Terms.Of(defect, pass, Right);
        var (rows, columns) = (Windows(x.Shape[2], shape[2]).ToArray(), Windows(x.Shape[3], shape[3]).ToArray());
        var output = 0;
        for (var plane = 0; plane < shape[0] * shape[1]; plane++)
            foreach (var row in rows)
                foreach (var column in columns)
                {
                    for (var h = terms.Start(row); h < terms.End(row); h++)
                        for (var w = terms.Start(column); w < terms.End(column); w++)
                            yield return new(output, (plane * row.Length + h) * column.Length + w, Divisor: terms.Divisor(row, column));
                    output++;
                }
    }

    private static IEnumerable<AdaptiveWindow> Windows(int length, int outputs) => Enumerable.Range(0, outputs).Select(i => new AdaptiveWindow(i, length, outputs));

    internal static int Start(AdaptiveWindow w) => w.Index * w.Length / w.Outputs;

    internal static int End(AdaptiveWindow w) => ((w.Index + 1) * w.Length + w.Outputs - 1) / w.Outputs;

    internal static int Size(AdaptiveWindow w) => End(w) - Start(w);

    /// <summary>Windows elsewhere, each divided by its own size; one without elements answers 0.</summary>
    internal static AdaptivePoolTerms Placed(Func<AdaptiveWindow, int> start, Func<AdaptiveWindow, int> end) =>
        new(start, end, (row, column) => (end(row) - start(row)) * (end(column) - start(column)));

    /// <summary>The most windows that an element is in.</summary>
    private static int Most(AdaptiveWindow[] windows) => Enumerable.Range(0, windows[0].Length).Max(i => windows.Count(w => Start(w) <= i && i < End(w)));

    internal static TermDefect<AdaptivePoolTerms> Change(
        string name, Passes passes, MistakeClass kind, string mistake, string mend, Func<AdaptivePoolTerms, AdaptivePoolTerms> change) =>
        new($"adaptive_avg_pool2d.{name}", passes, kind, mistake, mend, change);
}
