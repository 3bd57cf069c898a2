using static Conformance.Oracle.MistakeClass;

namespace Conformance.Oracle.Operations;

/// <summary>What the sum over a window is divided by.</summary>
public sealed record AveragePoolTerms(Func<PoolWindow, bool, double> Divisor);

/// <summary>
/// avg_pool2d as PyTorch defines it: the sum of a window's elements inside the input, divided by the window's size clipped to the padded input, with
/// count_include_pad, else by the number of elements inside the input. They differ where a window reaches into the padding, and with ceil_mode behind it.
/// </summary>
public sealed class AvgPool2dTaps : PoolTaps
{
    private const Passes Both = Passes.Forward | Passes.InputGradient;

    private static readonly AveragePoolTerms Right = new(Divisor);

    public override string Name => "avg_pool2d";

    public override IReadOnlyList<Defect> Defects { get; } =
    [
        Divided("padding-never-counted", Both, Option,
            "the divisor is the number of elements inside the input, whatever count_include_pad says",
            "with count_include_pad divide by the window's size, padding included",
            (window, _) => Divisor(window, false))
            .From(Seen.Convention("TensorFlow: padding is never counted")),
        Divided("padding-always-counted", Both, Option,
            "the divisor counts the padding, whatever count_include_pad says",
            "without count_include_pad divide by the number of elements inside the input",
            (window, _) => Divisor(window, true)),
        Divided("whole-kernel-in-ceil-mode", Both, Option,
            "the divisor is the whole kernel where ceil_mode's last window reaches behind the padding",
            "clip the window to the padded input before its size is taken",
            (window, counted) => counted ? window.Whole : Divisor(window, false)),
        Divided("backward-not-divided", Passes.InputGradient, Scale,
            "the gradient is not divided by the window's size",
            "each element of a window gets dy / divisor",
            (_, _) => 1),
        Divided("divided-twice", Both, Scale,
            "the mean is divided by the window's size once more",
            "divide the sum once",
            (window, counted) => Math.Pow(Divisor(window, counted), 2)),
        Divided("backward-divided-twice", Passes.InputGradient, Scale,
            "the gradient is divided by the window's size twice",
            "each element of a window gets dy / divisor",
            (window, counted) => Math.Pow(Divisor(window, counted), 2)),
        Divided("backward-divided-by-one-side", Passes.InputGradient, Scale,
            "the gradient is divided by the kernel's height alone",
            "divide by height times width",
            (window, _) => window.Geometry.Height.Kernel),
        Divided("backward-divided-by-other-side", Passes.InputGradient, Scale,
            "the gradient is divided by the kernel's width alone",
            "divide by height times width",
            (window, _) => window.Geometry.Width.Kernel),
        new TapDefect<PoolGeometry, PoolTap>("avg_pool2d.backward-to-first-element", Passes.InputGradient, Derivative,
            "only the window's first element gets a gradient",
            "each element of a window gets dy / divisor",
            (_, tap) => tap.I == 0 && tap.J == 0 ? tap : tap with { IH = -1 }),
        Divided("sum-for-mean", Both, Scale,
            "the window's sum is answered",
            "divide it by the window's size",
            (_, _) => 1),
        Divided("whole-kernel-always", Both, Option,
            "the divisor is the whole kernel, whatever count_include_pad says",
            "without count_include_pad divide by the number of elements inside the input",
            (window, _) => window.Whole),
        Divided("row-padding-alone-counted", Both, Option,
            "the divisor counts the padding of the rows alone",
            "with count_include_pad clip both axes to the padded input",
            (window, counted) => Divisor(window, counted, false)),
        Divided("column-padding-alone-counted", Both, Option,
            "the divisor counts the padding of the columns alone",
            "with count_include_pad clip both axes to the padded input",
            (window, counted) => Divisor(window, false, counted)),
        Divided("divided-by-height-squared", Both, Scale,
            "the sum is divided by kh², as if the kernel were square",
            "divide by height times width",
            (window, _) => window.Geometry.Height.Kernel * window.Geometry.Height.Kernel),
        Divided("divided-by-width-squared", Both, Scale,
            "the sum is divided by kw², as if the kernel were square",
            "divide by height times width",
            (window, _) => window.Geometry.Width.Kernel * window.Geometry.Width.Kernel),
        Divided("divided-by-one-side", Both, Scale,
            "the sum is divided by the kernel's height alone",
            "divide by height times width",
            (window, _) => window.Geometry.Height.Kernel),
        Divided("divided-by-other-side", Both, Scale,
            "the sum is divided by the kernel's width alone",
            "divide by height times width",
            (window, _) => window.Geometry.Width.Kernel),
        Divided("divided-by-the-stride", Both, Scale,
            "the sum is divided by sh·sw, as if a window were as large as its stride",
            "divide by the window's size",
            (window, _) => window.Geometry.Height.Stride * window.Geometry.Width.Stride),
        Divided("divided-by-the-first-window", Both, Scale,
            "every window is divided by the size of the first",
            "divide by the window's own size",
            (window, counted) => Math.Max(1, Divisor(window with { OH = 0, OW = 0 }, counted))),
        new ResultDefect("avg_pool2d.mean-cut-to-an-integer", Passes.Forward, Precision,
            "the mean is an integer division: fractions are cut off",
            "divide floating-point numbers",
            (_, y) => y.Select(Math.Truncate)),
        PoolDefects.Size("avg_pool2d", "ceil-window-of-padding-alone", Option,
            "ceil_mode keeps a last window that starts in the padding behind the input, and divides by its no elements: NaN",
            "drop it: the last window must start inside the input or the padding before it",
            axis => axis.Ceil && axis.Room >= 0 ? (axis.Room + axis.Stride - 1) / axis.Stride + 1 : axis.Windows, _ => double.NaN)
            .From(Seen.Issues("pytorch#116420", "onnxruntime#16203")),
        .. PoolDefects.Of("avg_pool2d"),
    ];

    protected override LayerCase Draw(Spelling spelling, Func<string, Fill> fill)
    {
        var extents = spelling.Extents("nchw");
        var attributes = Conformance.Oracle.Attributes.Of([.. Attributes(spelling), ("count_include_pad", !spelling.Word("nopad"))]);
        var empty = Case(attributes, Tier.Exact, new Dictionary<string, Tensor64> { ["input"] = Tensor64.Zeros(extents) }, cotangent: null);
        var refused = Refusal(spelling, empty);
        var divisors = refused is null ? Divisors(empty) : [];
        var g = Geometry(empty);
        var outputs = refused is null ? OutputShape(empty) : [0];
        RefuseHuge(spelling, Tensor64.Zeros(outputs).Length, g.Height.Kernel * g.Width.Kernel);
        var (tier, input, cotangent) = Averages.Draw(spelling, fill, extents, outputs, divisors, g.Height.Kernel * g.Width.Kernel);
        return Case(attributes, tier, new Dictionary<string, Tensor64> { ["input"] = input }, refused is null ? cotangent : null) with { Refused = refused };
    }

    protected override string RandomGeometry(Fill dice)
    {
        var (n, kh, kw) = (dice.Pick(1, 2, 15, 16, 17, 33), dice.Pick(1, 4), dice.Pick(1, 4));
        var window = $"k{kh}x{kw}-s{dice.Pick(1, 4)}x{dice.Pick(1, 4)}-p{dice.Pick(0, kh / 2)}x{dice.Pick(0, kw / 2)}";
        return $"n{n}c{dice.Pick(1, 3)}h{dice.Pick(1, 12)}w{dice.Pick(1, 12)}-{window}{dice.Pick("", "-ceil")}{dice.Pick("", "-nopad")}{dice.Pick("", "-float")}";
    }

    protected override IEnumerable<Tap> Taps(PoolWindow window, int output, LayerCase layerCase, Passes pass, Defect? defect)
    {
        var terms = Terms.Of(defect, pass, Right);
        var divisor = terms.Divisor(window, layerCase.Attributes.Flag("count_include_pad"));
        return window.Taps.Select(tap => new Tap(output, Flat(window.Geometry, tap), Divisor: divisor));
    }

    private static TermDefect<AveragePoolTerms> Divided(string name, Passes passes, MistakeClass kind, string mistake, string mend, Func<PoolWindow, bool, double> divisor) =>
        new($"avg_pool2d.{name}", passes, kind, mistake, mend, _ => new(divisor));

    private static double Divisor(PoolWindow window, bool counted) => Divisor(window, counted, counted);

    private static double Divisor(PoolWindow window, bool rows, bool columns) =>
        window.Geometry.Height.Within(window.OH, rows ? window.Geometry.Height.Padding : 0) * window.Geometry.Width.Within(window.OW, columns ? window.Geometry.Width.Padding : 0);

    private static int Divisor(PoolGeometry g, int oh, int ow, bool counted) =>
        g.Height.Within(oh, counted ? g.Height.Padding : 0) * g.Width.Within(ow, counted ? g.Width.Padding : 0);

    private static HashSet<int> Divisors(LayerCase layerCase)
    {
        var (g, counted) = (Geometry(layerCase), layerCase.Attributes.Flag("count_include_pad"));
        return [.. from oh in Enumerable.Range(0, g.Height.Windows) from ow in Enumerable.Range(0, g.Width.Windows) select Divisor(g, oh, ow, counted)];
    }
}
