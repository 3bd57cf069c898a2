using static Conformance.Oracle.MistakeClass;

namespace Conformance.Oracle.Operations;

/// <summary>The windows of a pool along one axis, as PyTorch places them.</summary>
public readonly record struct PoolAxis(int Length, int Kernel, int Stride, int Padding, int Dilation, bool Ceil)
{
    /// <summary>What is left for the window to move in; below 0 where the kernel is larger than the padded input.</summary>
    public int Room => Length + 2 * Padding - Dilation * (Kernel - 1) - 1;

    /// <summary>With ceil_mode a last, partial window counts when it starts inside the input or the padding before it.</summary>
    public int Windows
    {
        get
        {
            if (Room < 0)
                return 0;
            var windows = Room / Stride + 1;
            var partial = Ceil && Room % Stride != 0 && windows * Stride < Length + Padding;
            return partial ? windows + 1 : windows;
        }
    }

    /// <summary>Where a window's tap lies; outside [0, Length) it is padding.</summary>
    public int At(int window, int tap) => window * Stride - Padding + tap * Dilation;

    /// <summary>How many of a window's taps lie inside the input and <paramref name="padding"/> of what is around it.</summary>
    public int Within(int window, int padding)
    {
        var (axis, count) = (this, 0);
        for (var tap = 0; tap < Kernel; tap++)
            count += axis.At(window, tap) >= -padding && axis.At(window, tap) < Length + padding ? 1 : 0;
        return count;
    }
}

/// <summary>Windows over some planes (N·C of them) of Height × Width.</summary>
public sealed record PoolGeometry(int Channels, PoolAxis Height, PoolAxis Width);

/// <summary>One element of a window: output [Plane, OH, OW], place (I, J) in the window, input [Plane, IH, IW], which may lie in the padding.</summary>
public readonly record struct PoolTap(int Plane, int OH, int OW, int I, int J, int IH, int IW);

/// <summary>A window's elements inside the input, in scan order, with their values.</summary>
public sealed record PoolWindow(PoolGeometry Geometry, int OH, int OW, IReadOnlyList<PoolTap> Taps, IReadOnlyList<double> Values)
{
    /// <summary>The elements of a whole window.</summary>
    public int Whole => Geometry.Height.Kernel * Geometry.Width.Kernel;
}

/// <summary>How many windows an axis has.</summary>
public sealed record PoolTerms(Func<PoolAxis, int> Windows);

/// <summary>
/// A pool over windows of H × W: where they lie, what PyTorch refuses, and the mistakes that any pool can have. A window is scanned row by row from its
/// first element inside the input.
/// </summary>
public abstract class PoolTaps : TapOperation
{
    /// <summary>What a window reads.</summary>
    protected const string Read = "x[n, c, oh·sh + i·dh − ph, ow·sw + j·dw − pw]";

    private static readonly PoolTerms Right = new(axis => axis.Windows);

    /// <summary>What becomes of one window: the taps from its elements to <paramref name="output"/>.</summary>
    protected abstract IEnumerable<Tap> Taps(PoolWindow window, int output, LayerCase layerCase, Passes pass, Defect? defect);

    /// <summary>The mistakes in where the windows lie.</summary>
    protected static IEnumerable<Defect> WindowDefects(string op)
    {
        const Passes Both = Passes.Forward | Passes.InputGradient;
        yield return Window("kernel-swapped", Both, PoolIndex,
            "the kernel's height and width are swapped",
            "kernel_size is (height, width): i runs over kh rows, j over kw columns",
            (g, tap) => Place(g, tap, (tap.I * g.Width.Kernel + tap.J) / g.Height.Kernel, (tap.I * g.Width.Kernel + tap.J) % g.Height.Kernel))
            .Index("i < kw, j < kh", "i < kh, j < kw");
        yield return Window("stride-swapped", Both, PoolIndex,
            "the strides of height and width are swapped",
            "stride is (height, width): row oh·sh + i, column ow·sw + j",
            (g, tap) => tap with { IH = tap.IH + tap.OH * (g.Width.Stride - g.Height.Stride), IW = tap.IW + tap.OW * (g.Height.Stride - g.Width.Stride) })
            .Index("x[n, c, oh·sw + i·dh − ph, ow·sh + j·dw − pw]", Read);
        yield return Window("padding-swapped", Both, Padding,
            "the paddings of height and width are swapped",
            "padding is (height, width): rows start at −ph, columns at −pw",
            (g, tap) => tap with { IH = tap.IH + g.Height.Padding - g.Width.Padding, IW = tap.IW + g.Width.Padding - g.Height.Padding })
            .Index("x[n, c, oh·sh + i·dh − pw, ow·sw + j·dw − ph]", Read);
        yield return Window("padding-ignored", Both, Padding,
            "the padding is in the output's size alone: windows start at oh·stride",
            "start the window at oh·stride − padding",
            (g, tap) => tap with { IH = tap.IH + g.Height.Padding, IW = tap.IW + g.Width.Padding })
            .Index("x[n, c, oh·sh + i·dh, ow·sw + j·dw]", Read);
        yield return Window("padding-one-less", Both, Padding,
            "windows start one row too low and one column too far right: padding − 1",
            "start the window at oh·stride − padding",
            (_, tap) => tap with { IH = tap.IH + 1, IW = tap.IW + 1 })
            .Index("x[n, c, oh·sh + i·dh − ph + 1, ow·sw + j·dw − pw + 1]", Read);
        yield return Window("padding-one-more", Both, Padding,
            "windows start one row too high and one column too far left: padding + 1",
            "start the window at oh·stride − padding",
            (_, tap) => tap with { IH = tap.IH - 1, IW = tap.IW - 1 })
            .Index("x[n, c, oh·sh + i·dh − ph − 1, ow·sw + j·dw − pw − 1]", Read);
        yield return new ResultDefect($"{op}.output-by-columns", Passes.Forward, PoolIndex,
            "each plane of the output is written column by column",
            "write window (oh, ow) at oh·OW + ow",
            (_, y) => Planes.Moved(y, Planes.ByColumns))
            .Index("y[(n·C + c)·OH·OW + ow·OH + oh]", "y[(n·C + c)·OH·OW + oh·OW + ow]");
        yield return new ResultDefect($"{op}.planes-exchanged", Passes.Forward, Layout,
            "the pooled planes are [C, N, …], and become [N, C, …] by their shape alone",
            "transpose them to images first, or pool image by image",
            (_, y) => Planes.Moved(y, Planes.ChannelsFirst))
            .Index("y[c·N + n, oh, ow]", "y[n·C + c, oh, ow]");
        yield return Window("stride-ignored", Both, PoolIndex,
            "windows start at oh and ow instead of oh·stride and ow·stride",
            "multiply the window's number by the stride",
            WithoutStride)
            .Index("x[n, c, oh + i·dh − ph, ow + j·dw − pw]", Read);
        yield return Window("backward-ignores-stride", Passes.InputGradient, PoolIndex,
            "the gradient's windows start at oh and ow instead of oh·stride and ow·stride",
            "walk the same windows backward as forward",
            WithoutStride)
            .Index("dx[n, c, oh + i·dh − ph, ow + j·dw − pw]", "dx[n, c, oh·sh + i·dh − ph, ow·sw + j·dw − pw]");
        yield return Windows("ceil-ignored",
            "ceil_mode is ignored: the partial last window is dropped",
            "with ceil_mode round the number of windows up",
            axis => (axis with { Ceil = false }).Windows)
            .From(Seen.Issues("pytorch#71549", "onnx#4958"));
        yield return Windows("ceil-for-floor",
            "the number of windows is always rounded up",
            "without ceil_mode round it down: (H + 2p − k) / s + 1",
            axis => (axis with { Ceil = true }).Windows);
        yield return Windows("ceil-keeps-a-window-in-the-padding",
            "ceil_mode keeps a last window that starts behind the input",
            "drop it: the last window must start inside the input or the padding before it",
            axis => axis.Ceil && axis.Room >= 0 ? (axis.Room + axis.Stride - 1) / axis.Stride + 1 : axis.Windows)
            .From(Seen.Issues("pytorch#116420", "onnxruntime#16203"));
        yield return Window("last-row-lost", Both, OddInput,
            "the loop over the output's rows ends one early: oh < OH − 1",
            "let oh run to OH − 1 included",
            (g, tap) => tap.OH < g.Height.Windows - 1 ? tap : tap with { IH = -1 });
        yield return Window("last-column-lost", Both, OddInput,
            "the loop over the output's columns ends one early: ow < OW − 1",
            "let ow run to OW − 1 included",
            (g, tap) => tap.OW < g.Width.Windows - 1 ? tap : tap with { IH = -1 });
        yield return new ScaleDefect($"{op}.gradient-missing", Passes.InputGradient, MissingGradient,
            "the gradient stays zero: layers before it learn nothing",
            "add each window's gradient to dx", _ => 0);
        yield return new AssignDefect($"{op}.overlap-assigned", Passes.InputGradient,
            "where windows overlap the gradient is assigned: = for +=",
            "add each window's gradient: dx[…] += …");
        yield return new AcceptDefect($"{op}.kernel-too-large-accepted",
            "a kernel larger than the padded input is answered with numbers",
            "refuse it: (kernel − 1)·dilation + 1 must be at most the padded extent",
            layerCase => layerCase.Refused!.StartsWith("the kernel", StringComparison.Ordinal));
        yield return new AcceptDefect($"{op}.padding-unchecked",
            "padding below 0, or more than half the kernel, is taken",
            "refuse padding below 0 or above kernel/2",
            layerCase => layerCase.Refused!.Contains("padding ", StringComparison.Ordinal) && !layerCase.Refused.StartsWith("the kernel", StringComparison.Ordinal));
        yield return new AcceptDefect($"{op}.stride-unchecked",
            "a stride of 0 is taken",
            "refuse a stride below 1",
            layerCase => layerCase.Refused!.StartsWith("stride", StringComparison.Ordinal));

        TapDefect<PoolGeometry, PoolTap> Window(string name, Passes passes, MistakeClass kind, string mistake, string mend, Func<PoolGeometry, PoolTap, PoolTap> change) =>
            new($"{op}.{name}", passes, kind, mistake, mend, change);

        TermDefect<PoolTerms> Windows(string name, string mistake, string mend, Func<PoolAxis, int> windows) =>
            new($"{op}.{name}", Passes.Forward, Option, mistake, mend, _ => new(windows));
    }

    /// <summary>A tap at another place of its window.</summary>
    protected static PoolTap Place(PoolGeometry g, PoolTap tap, int i, int j) =>
        tap with { I = i, J = j, IH = g.Height.At(tap.OH, i), IW = g.Width.At(tap.OW, j) };

    private static PoolTap WithoutStride(PoolGeometry g, PoolTap tap) =>
        tap with { IH = tap.IH - tap.OH * (g.Height.Stride - 1), IW = tap.IW - tap.OW * (g.Width.Stride - 1) };

    /// <summary>The geometry's attributes under PyTorch's names, without those that one pool alone has.</summary>
    protected static (string, object?)[] Attributes(Spelling spelling)
    {
        var kernel = spelling.Pair('k');
        var (stride, padding) = (spelling.Pair('s', kernel), spelling.Padding());
        if (padding[0] != padding[1] || padding[2] != padding[3])
            throw spelling.Error("a pool's padding is the same at both ends");
        if (kernel.Contains(0))
            throw spelling.Error("the kernel must be at least 1");
        return [("kernel_size", kernel), ("stride", stride), ("padding", new[] { padding[0], padding[2] }), ("ceil_mode", spelling.Word("ceil"))];
    }

    /// <summary>Why PyTorch refuses a case's geometry; null where it takes it.</summary>
    protected static string? Refusal(Spelling spelling, LayerCase layerCase)
    {
        var g = Geometry(layerCase);
        var (height, width) = (g.Height, g.Width);
        if (g.Channels == 0)
            throw spelling.Error("c must be at least 1");
        if (height.Padding < 0 || width.Padding < 0)
            return $"negative padding {Math.Min(height.Padding, width.Padding)}";
        if (height.Padding * 2 > height.Kernel || width.Padding * 2 > width.Kernel)
            return $"padding {height.Padding}×{width.Padding} is more than half the kernel {height.Kernel}×{width.Kernel}";
        if (height.Stride == 0 || width.Stride == 0)
            return $"stride {height.Stride}×{width.Stride} must be at least 1";
        foreach (var axis in new[] { height, width })
            if (Enumerable.Range(0, axis.Windows).Any(window => axis.Within(window, 0) == 0))
                throw spelling.Error("a window would see padding alone");
        return height.Windows > 0 && width.Windows > 0
            ? null
            : $"the kernel {height.Kernel}×{width.Kernel} is larger than the padded input";
    }

    protected static PoolGeometry Geometry(LayerCase layerCase)
    {
        var (x, attributes) = (layerCase.Input("input"), layerCase.Attributes);
        if (x.Rank != 4)
            throw new ArgumentException($"{layerCase.Id}: input {x} should have four axes");
        var (kernel, stride, padding) = (attributes.Ints("kernel_size", 2), attributes.Ints("stride", 2), attributes.Ints("padding", 2));
        var (dilation, ceil) = (attributes.Has("dilation") ? attributes.Ints("dilation", 2) : [1, 1], attributes.Flag("ceil_mode"));
        return new(x.Shape[1], Axis(0), Axis(1));

        PoolAxis Axis(int a) => new(x.Shape[2 + a], kernel[a], stride[a], padding[a], dilation[a], ceil);
    }

    protected override int[] OutputShape(LayerCase layerCase) => OutputShape(layerCase, Right);

    protected override LayerResult Answer(LayerCase layerCase, Defect? defect, Summation? float32)
    {
        var (x, answer, terms) = (layerCase.Input("input"), base.Answer(layerCase, defect, float32), Terms.Of(defect, Right));
        if (terms == Right)
            return answer;
        // Another number of windows: the output has another shape, and the cotangent fits the right one alone.
        var shape = OutputShape(layerCase, terms);
        var output = new double[Tensor64.Zeros(shape).Length];
        foreach (var tap in Taps(layerCase, Passes.Forward, defect, terms))
            output[tap.Output] += x[tap.Input] * tap.Factor / tap.Divisor;
        return answer with { Outputs = new Dictionary<string, Tensor64> { ["output"] = new(shape, output) } };
    }

    protected sealed override IEnumerable<Tap> Taps(LayerCase layerCase, Passes pass, Defect? defect) => Taps(layerCase, pass, defect, Right);

    private IEnumerable<Tap> Taps(LayerCase layerCase, Passes pass, Defect? defect, PoolTerms terms)
    {
        var (x, g, shape) = (layerCase.Input("input"), Geometry(layerCase), OutputShape(layerCase, terms));
        var change = Terms.Change<PoolGeometry, PoolTap>(defect, pass) ?? ((_, tap) => tap);
        var output = 0;
        for (var plane = 0; plane < shape[0] * shape[1]; plane++)
            for (var oh = 0; oh < shape[2]; oh++)
                for (var ow = 0; ow < shape[3]; ow++)
                {
                    var taps = Window(g, plane, oh, ow).Select(tap => change(g, tap)).Where(tap => IsInside(g, tap)).ToArray();
                    foreach (var tap in Taps(new(g, oh, ow, taps, [.. taps.Select(tap => x[Flat(g, tap)])]), output, layerCase, pass, defect))
                        yield return tap;
                    output++;
                }
    }

    protected static bool IsInside(PoolGeometry g, PoolTap tap) => tap.IH >= 0 && tap.IH < g.Height.Length && tap.IW >= 0 && tap.IW < g.Width.Length;

    protected static int Flat(PoolGeometry g, PoolTap tap) => (tap.Plane * g.Height.Length + tap.IH) * g.Width.Length + tap.IW;

    private static IEnumerable<PoolTap> Window(PoolGeometry g, int plane, int oh, int ow)
    {
        for (var i = 0; i < g.Height.Kernel; i++)
            for (var j = 0; j < g.Width.Kernel; j++)
                yield return new(plane, oh, ow, i, j, g.Height.At(oh, i), g.Width.At(ow, j));
    }

    private static int[] OutputShape(LayerCase layerCase, PoolTerms terms)
    {
        var (x, g) = (layerCase.Input("input"), Geometry(layerCase));
        return [x.Shape[0], x.Shape[1], terms.Windows(g.Height), terms.Windows(g.Width)];
    }
}
