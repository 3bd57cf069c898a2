using static Conformance.Oracle.MistakeClass;
using static Conformance.Oracle.Operations.Conv2dDefect;

namespace Conformance.Oracle.Operations;

/// <summary>Known mistakes on one axis: an option is read for one axis only, or the rows' option is used for the columns too.</summary>
internal static class Conv2dAxisDefects
{
    public static IEnumerable<Defect> All { get; } =
    [
        Change("row-stride-for-both", Everywhere, Stride,
            "the stride of the rows is taken for the columns too",
            "step columns by the second stride",
            (g, tap) => At(tap, g, g.StrideH, g.StrideH, g.DilationH, g.DilationW))
            .Index("x[n, c, oh·sh + i·dh − top, ow·sh + j·dw − left]", Read),
        Change("column-stride-for-both", Everywhere, Stride,
            "the stride of the columns is taken for the rows too",
            "step rows by the first stride",
            (g, tap) => At(tap, g, g.StrideW, g.StrideW, g.DilationH, g.DilationW))
            .Index("x[n, c, oh·sw + i·dh − top, ow·sw + j·dw − left]", Read),
        Change("row-stride-ignored", Everywhere, Stride,
            "the stride of the rows is ignored",
            "start the window at row oh·sh − top",
            (g, tap) => At(tap, g, 1, g.StrideW, g.DilationH, g.DilationW))
            .Index("x[n, c, oh + i·dh − top, ow·sw + j·dw − left]", Read),
        Change("column-stride-ignored", Everywhere, Stride,
            "the stride of the columns is ignored",
            "start the window at column ow·sw − left",
            (g, tap) => At(tap, g, g.StrideH, 1, g.DilationH, g.DilationW))
            .Index("x[n, c, oh·sh + i·dh − top, ow + j·dw − left]", Read),
        Change("row-dilation-for-both", Everywhere, Dilation,
            "the dilation of the rows is taken for the columns too",
            "space the kernel's columns by the second dilation",
            (g, tap) => At(tap, g, g.StrideH, g.StrideW, g.DilationH, g.DilationH))
            .Index("x[n, c, oh·sh + i·dh − top, ow·sw + j·dh − left]", Read),
        Change("column-dilation-for-both", Everywhere, Dilation,
            "the dilation of the columns is taken for the rows too",
            "space the kernel's rows by the first dilation",
            (g, tap) => At(tap, g, g.StrideH, g.StrideW, g.DilationW, g.DilationW))
            .Index("x[n, c, oh·sh + i·dw − top, ow·sw + j·dw − left]", Read),
        Change("row-dilation-ignored", Everywhere, Dilation,
            "the dilation of the rows is ignored",
            "space the kernel's rows by the first dilation",
            (g, tap) => At(tap, g, g.StrideH, g.StrideW, 1, g.DilationW))
            .Index("x[n, c, oh·sh + i − top, ow·sw + j·dw − left]", Read),
        Change("column-dilation-ignored", Everywhere, Dilation,
            "the dilation of the columns is ignored",
            "space the kernel's columns by the second dilation",
            (g, tap) => At(tap, g, g.StrideH, g.StrideW, g.DilationH, 1))
            .Index("x[n, c, oh·sh + i·dh − top, ow·sw + j − left]", Read),
        Change("row-padding-for-both", Everywhere, Padding,
            "the padding above is taken for the left side too",
            "start the window at ow·stride − left",
            (g, tap) => tap with { IW = tap.IW + g.Left - g.Top })
            .Index("x[n, c, oh·sh + i·dh − top, ow·sw + j·dw − top]", Read),
        Change("column-padding-for-both", Everywhere, Padding,
            "the padding on the left is taken for the rows too",
            "start the window at oh·stride − top",
            (g, tap) => tap with { IH = tap.IH + g.Top - g.Left })
            .Index("x[n, c, oh·sh + i·dh − left, ow·sw + j·dw − left]", Read),
        Change("row-padding-ignored", Everywhere, Padding,
            "the padding of the rows enters the size formula alone",
            "start the window at oh·stride − top",
            (g, tap) => tap with { IH = tap.IH + g.Top })
            .Index("x[n, c, oh·sh + i·dh, ow·sw + j·dw − left]", Read),
        Change("column-padding-ignored", Everywhere, Padding,
            "the padding of the columns enters the size formula alone",
            "start the window at ow·stride − left",
            (g, tap) => tap with { IW = tap.IW + g.Left })
            .Index("x[n, c, oh·sh + i·dh − top, ow·sw + j·dw]", Read),
        Change("end-padding-above", Everywhere, Padding,
            "the padding below the input is put above it",
            "start the window at oh·stride − top",
            (g, tap) => tap with { IH = tap.IH + g.Top - g.Bottom })
            .Index("x[n, c, oh·sh + i·dh − bottom, ow·sw + j·dw − left]", Read),
        Change("end-padding-on-the-left", Everywhere, Padding,
            "the padding on the right of the input is put on its left",
            "start the window at ow·stride − left",
            (g, tap) => tap with { IW = tap.IW + g.Left - g.Right })
            .Index("x[n, c, oh·sh + i·dh − top, ow·sw + j·dw − right]", Read),
        Change("output-decoded-by-height", Everywhere, OddInput,
            "the number of an output pixel is taken apart by the output's height: (p / OH, p mod OH)",
            "take it apart by the width: (p / OW, p mod OW)",
            (g, tap) => (tap.OH * g.OW + tap.OW) switch
            {
                var p => tap with { IH = tap.IH + (p / g.OH - tap.OH) * g.StrideH, IW = tap.IW + (p % g.OH - tap.OW) * g.StrideW },
            })
            .Index("oh = p / OH, ow = p mod OH", "oh = p / OW, ow = p mod OW"),
        Change("kernel-decoded-by-height", Everywhere, OddInput,
            "the number of a kernel element is taken apart by the kernel's height: (t / kh, t mod kh)",
            "take it apart by the width: (t / kw, t mod kw)",
            (g, tap) => (tap.I * g.KW + tap.J) switch
            {
                var t => tap with { IH = tap.IH + (t / g.KH - tap.I) * g.DilationH, IW = tap.IW + (t % g.KH - tap.J) * g.DilationW },
            })
            .Index("i = t / kh, j = t mod kh", "i = t / kw, j = t mod kw"),
    ];
}
