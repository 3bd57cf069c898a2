using static Conformance.Oracle.MistakeClass;
using static Conformance.Oracle.Operations.Conv2dDefect;

namespace Conformance.Oracle.Operations;

/// <summary>Known mistakes at the input's border: a wrong offset of the windows, and wrong values outside the input.</summary>
internal static class Conv2dBorderDefects
{
    public static IEnumerable<Defect> All { get; } =
    [
        Change("backward-input-padded-without-dilation", Passes.InputGradient, Padding,
            "dy is padded by k − 1 − p for the full correlation, as if the kernel were not dilated",
            "pad it by d·(k − 1) − p",
            (g, tap) => tap with { IH = tap.IH - (g.DilationH - 1) * (g.KH - 1), IW = tap.IW - (g.DilationW - 1) * (g.KW - 1) }),
        Change("backward-input-gap-too-wide", Passes.InputGradient, Stride,
            "dy is spread with s zeros between two elements where s − 1 belong there",
            "put dy[oh] at row oh·sh",
            (g, tap) => At(tap, g, g.StrideH + 1, g.StrideW + 1, g.DilationH, g.DilationW))
            .Index("dx[n, c, oh·(sh + 1) + i·dh − top, ow·(sw + 1) + j·dw − left]", Written),
        Change("padding-times-stride", Everywhere, Padding,
            "the stride multiplies the padding too: (oh − top)·sh",
            "take the padding off behind the product: oh·sh − top",
            (g, tap) => tap with { IH = tap.IH - g.Top * (g.StrideH - 1), IW = tap.IW - g.Left * (g.StrideW - 1) })
            .Index("x[n, c, (oh − top)·sh + i·dh, (ow − left)·sw + j·dw]", Read),
        Change("padding-times-dilation", Everywhere, Padding,
            "the dilation multiplies the padding too: (i − top)·dh",
            "take the padding off behind the product: i·dh − top",
            (g, tap) => tap with { IH = tap.IH - g.Top * (g.DilationH - 1), IW = tap.IW - g.Left * (g.DilationW - 1) })
            .Index("x[n, c, oh·sh + (i − top)·dh, ow·sw + (j − left)·dw]", Read),
        Change("stride-times-kernel-element", Everywhere, Stride,
            "the stride multiplies the kernel's index too: (oh + i)·sh",
            "multiply the output's index alone: oh·sh + i·dh",
            (g, tap) => At(tap, g, g.StrideH, g.StrideW, g.StrideH * g.DilationH, g.StrideW * g.DilationW))
            .Index("x[n, c, (oh + i·dh)·sh − top, (ow + j·dw)·sw − left]", Read),
        Change("dilation-one-more", Everywhere, Dilation,
            "the kernel's elements are d + 1 apart: dilation is taken as what lies between two of them",
            "a dilation of 1 puts them side by side",
            (g, tap) => At(tap, g, g.StrideH, g.StrideW, g.DilationH + 1, g.DilationW + 1))
            .Index("x[n, c, oh·sh + i·(dh + 1) − top, ow·sw + j·(dw + 1) − left]", Read),
        Change("padding-always-half", Everywhere, Padding,
            "the kernel is centred on oh·stride, whatever the padding is: windows start k/2 before",
            "start the window at oh·stride − top, ow·stride − left",
            (g, tap) => tap with { IH = tap.IH + g.Top - g.KH / 2, IW = tap.IW + g.Left - g.KW / 2 })
            .Index("x[n, c, oh·sh + i·dh − kh/2, ow·sw + j·dw − kw/2]", Read),
        Change("padding-reflected", Everywhere, Padding,
            "the padding mirrors the input at its edge instead of being zero",
            "let what lies outside the input contribute nothing",
            (g, tap) => tap with { IH = Reflected(tap.IH, g.H), IW = Reflected(tap.IW, g.W) }),
        Change("padding-circular", Everywhere, Padding,
            "the padding continues with the other end of the input, as a product of Fourier transforms does",
            "let what lies outside the input contribute nothing",
            (g, tap) => tap with { IH = (tap.IH % g.H + g.H) % g.H, IW = (tap.IW % g.W + g.W) % g.W })
            .Index("x[n, c, h mod H, w mod W]", "x[n, c, h, w]"),
        Change("columns-unchecked", Everywhere, Padding,
            "a column outside the input is not checked, and falls into the row before or behind",
            "let what lies outside 0 ≤ w < W contribute nothing",
            (g, tap) => tap.IH >= 0 && tap.IH < g.H ? Wrapped(g, tap) : tap),
        Change("rows-unchecked", Everywhere, Padding,
            "a row outside the input is not checked, and falls into the channel before or behind",
            "let what lies outside 0 ≤ h < H contribute nothing",
            (g, tap) => tap.IW >= 0 && tap.IW < g.W ? Wrapped(g, tap) : tap),
        Change("first-row-and-column-skipped", Everywhere, Padding,
            "the check of the border asks for h > 0 and w > 0: the input's first row and column are never read",
            "ask for h ≥ 0 and w ≥ 0",
            (_, tap) => tap.IH > 0 && tap.IW > 0 ? tap : Lost(tap)),
        Change("last-row-and-column-skipped", Everywhere, Padding,
            "the check of the border asks for h < H − 1 and w < W − 1: the input's last row and column are never read",
            "ask for h < H and w < W",
            (g, tap) => tap.IH < g.H - 1 && tap.IW < g.W - 1 ? tap : Lost(tap)),
    ];

    private static int Reflected(int position, int extent) => position < 0 ? -position : position >= extent ? 2 * (extent - 1) - position : position;

    /// <summary>The tap reads its flat position, in another row or plane. Outside the whole input it contributes nothing.</summary>
    private static Conv2dTap Wrapped(Conv2dGeometry g, Conv2dTap tap)
    {
        var flat = ((tap.Image * g.C + tap.C) * g.H + tap.IH) * g.W + tap.IW;
        return flat >= 0 && flat < g.N * g.C * g.H * g.W
            ? tap with { Image = flat / (g.C * g.H * g.W), C = flat / (g.H * g.W) % g.C, IH = flat / g.W % g.H, IW = flat % g.W }
            : Lost(tap);
    }
}
