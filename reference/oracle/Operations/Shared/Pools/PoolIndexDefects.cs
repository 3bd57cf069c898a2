using static Conformance.Oracle.MistakeClass;
using static Conformance.Oracle.Operations.PoolDefect;

namespace Conformance.Oracle.Operations;

/// <summary>
/// Known index mistakes of all pools: a wrong axis, border or output size.
/// </summary>
internal static class PoolIndexDefects
{
    public static IEnumerable<Defect> For(string op) => [.. Axes(op), .. Sizes(op)];

    private static IEnumerable<Defect> Axes(string op)
    {
        yield return Window(op, "row-stride-for-both", Both, PoolIndex,
            "the stride of the rows is taken for the columns too",
            "step columns by the second stride",
            (g, tap) => tap with { IW = tap.IW + tap.OW * (g.Height.Stride - g.Width.Stride) })
            .Index("x[n, c, oh·sh + i·dh − ph, ow·sh + j·dw − pw]", Read);
        yield return Window(op, "column-stride-for-both", Both, PoolIndex,
            "the stride of the columns is taken for the rows too",
            "step rows by the first stride",
            (g, tap) => tap with { IH = tap.IH + tap.OH * (g.Width.Stride - g.Height.Stride) })
            .Index("x[n, c, oh·sw + i·dh − ph, ow·sw + j·dw − pw]", Read);
        yield return Window(op, "stride-taken-for-the-kernel", Both, PoolIndex,
            "windows follow each other without overlap or gap: they start at oh·kh and ow·kw",
            "start the window at oh·stride − padding",
            (g, tap) => tap with
            {
                IH = tap.IH + tap.OH * (g.Height.Kernel - g.Height.Stride),
                IW = tap.IW + tap.OW * (g.Width.Kernel - g.Width.Stride)
            })
            .Index("x[n, c, oh·kh + i·dh − ph, ow·kw + j·dw − pw]", Read);
        yield return Window(op, "row-padding-for-both", Both, Padding,
            "the padding of the rows is taken for the columns too",
            "start the window at column ow·sw − pw",
            (g, tap) => tap with { IW = tap.IW + g.Width.Padding - g.Height.Padding })
            .Index("x[n, c, oh·sh + i·dh − ph, ow·sw + j·dw − ph]", Read);
        yield return Window(op, "column-padding-for-both", Both, Padding,
            "the padding of the columns is taken for the rows too",
            "start the window at row oh·sh − ph",
            (g, tap) => tap with { IH = tap.IH + g.Height.Padding - g.Width.Padding })
            .Index("x[n, c, oh·sh + i·dh − pw, ow·sw + j·dw − pw]", Read);
        yield return Window(op, "padding-times-stride", Both, Padding,
            "the stride multiplies the padding too: (oh − ph)·sh",
            "take the padding off behind the product: oh·sh − ph",
            (g, tap) => tap with { IH = tap.IH - g.Height.Padding * (g.Height.Stride - 1), IW = tap.IW - g.Width.Padding * (g.Width.Stride - 1) })
            .Index("x[n, c, (oh − ph)·sh + i·dh, (ow − pw)·sw + j·dw]", Read);
        yield return Window(op, "padding-replicated", Both, Padding,
            "the padding repeats the input's edge",
            "let what lies outside the input take no part",
            (g, tap) => tap with { IH = Math.Clamp(tap.IH, 0, g.Height.Length - 1), IW = Math.Clamp(tap.IW, 0, g.Width.Length - 1) });
        yield return Window(op, "columns-unchecked", Both, Padding,
            "a column outside the input is not checked, and falls into the row before or behind",
            "let what lies outside 0 ≤ w < W take no part",
            (g, tap) => tap.IH < 0 || tap.IH >= g.Height.Length ? tap : (tap.IH * g.Width.Length + tap.IW) switch
            {
                var flat when flat >= 0 => tap with { IH = flat / g.Width.Length, IW = flat % g.Width.Length },
                _ => Lost(tap),
            });
        yield return Window(op, "output-decoded-by-height", Both, OddInput,
            "the number of an output pixel is taken apart by the output's height: (p / OH, p mod OH)",
            "take it apart by the width: (p / OW, p mod OW)",
            (g, tap) => (tap.OH * g.Width.Windows + tap.OW, g.Height.Windows) switch
            {
                var (p, rows) => tap with { IH = tap.IH + (p / rows - tap.OH) * g.Height.Stride, IW = tap.IW + (p % rows - tap.OW) * g.Width.Stride },
            })
            .Index("oh = p / OH, ow = p mod OH", "oh = p / OW, ow = p mod OW");
        yield return Window(op, "last-kernel-row-lost", Both, PoolIndex,
            "the loop over a window's rows ends one early: i < kh − 1",
            "let i run to kh − 1 included",
            (g, tap) => tap.I < g.Height.Kernel - 1 ? tap : Lost(tap));
        yield return Window(op, "last-kernel-column-lost", Both, PoolIndex,
            "the loop over a window's columns ends one early: j < kw − 1",
            "let j run to kw − 1 included",
            (g, tap) => tap.J < g.Width.Kernel - 1 ? tap : Lost(tap));
        yield return Window(op, "kernel-height-for-both", Both, PoolIndex,
            "both loops over a window run to the kernel's height: j < kh",
            "let j run to kw − 1 included",
            (g, tap) => tap.J < g.Height.Kernel ? tap : Lost(tap));
        yield return Window(op, "kernel-width-for-both", Both, PoolIndex,
            "both loops over a window run to the kernel's width: i < kw",
            "let i run to kh − 1 included",
            (g, tap) => tap.I < g.Width.Kernel ? tap : Lost(tap));
    }

    private static IEnumerable<Defect> Sizes(string op)
    {
        yield return Size(op, "size-without-padding", Padding,
            "the padding is left out of the output's size",
            "there are (H + 2p − (k − 1)·d − 1)/s + 1 windows",
            axis => (axis with { Padding = 0 }).Windows);
        yield return Size(op, "size-with-padding-once", Padding,
            "the padding is counted once in the output's size, where both ends have it",
            "there are (H + 2p − (k − 1)·d − 1)/s + 1 windows",
            axis => axis.Room < axis.Padding ? 0 : (axis.Room - axis.Padding) / axis.Stride + 1);
        yield return Size(op, "output-one-short", OddInput,
            "the output has one row and one column too few",
            "there are (H + 2p − (k − 1)·d − 1)/s + 1 windows",
            axis => Math.Max(0, axis.Windows - 1));
        yield return Size(op, "size-divided-by-stride", Option,
            "the output's size is H / stride, as if a window were as long as its stride",
            "there are (H + 2p − (k − 1)·d − 1)/s + 1 windows",
            axis => axis.Length / axis.Stride);
    }
}
