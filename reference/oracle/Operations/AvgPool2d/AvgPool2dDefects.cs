using static Conformance.Oracle.MistakeClass;
using static Conformance.Oracle.Operations.PoolDefect;

namespace Conformance.Oracle.Operations;

/// <summary>The known mistakes of an average pool.</summary>
internal static class AvgPool2dDefects
{
    public static IReadOnlyList<Defect> All { get; } =
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
        PoolDefect.Size("avg_pool2d", "ceil-window-of-padding-alone", Option,
            "ceil_mode keeps a last window that starts in the padding behind the input, and divides by its no elements: NaN",
            "drop it: the last window must start inside the input or the padding before it",
            axis => axis.Ceil && axis.Room >= 0 ? (axis.Room + axis.Stride - 1) / axis.Stride + 1 : axis.Windows, _ => double.NaN)
            .From(Seen.Issues("pytorch#116420", "onnxruntime#16203")),
        .. PoolDefects.For("avg_pool2d"),
        .. ValueDefects.For("avg_pool2d", ("input", Passes.Forward), (OperandDefect.Cotangent, Passes.InputGradient)),
    ];

    private static TermDefect<AvgPool2dTerms> Divided(string name, Passes passes, MistakeClass kind, string mistake, string mend,
        Func<PoolWindow, bool, double> divisor) =>
        new($"avg_pool2d.{name}", passes, kind, mistake, mend, _ => new(divisor));

    private static double Divisor(PoolWindow window, bool counted) => Divisor(window, counted, counted);

    private static double Divisor(PoolWindow window, bool rows, bool columns) =>
        AvgPool2dTerms.Size(window.Geometry, window.OH, window.OW, rows, columns);
}
