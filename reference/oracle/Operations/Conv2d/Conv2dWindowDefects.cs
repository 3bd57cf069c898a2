using static Conformance.Oracle.MistakeClass;
using static Conformance.Oracle.Operations.Conv2dDefect;

namespace Conformance.Oracle.Operations;

/// <summary>Known mistakes in the place of a window: padding, stride, dilation, and the index of a row.</summary>
internal static class Conv2dWindowDefects
{
    public static IEnumerable<Defect> All { get; } =
    [
        PaddingOff("one-less-rows", "the window starts one row too low: top padding − 1", rows: -1, columns: 0),
        PaddingOff("one-more-rows", "the window starts one row too high: top padding + 1", rows: 1, columns: 0),
        PaddingOff("one-less-columns", "the window starts one column too far right: left padding − 1", rows: 0, columns: -1),
        PaddingOff("one-more-columns", "the window starts one column too far left: left padding + 1", rows: 0, columns: 1),
        PaddingOff("one-less", "the window starts one row too low and one column too far right: padding − 1", rows: -1, columns: -1),
        PaddingOff("one-more", "the window starts one row too high and one column too far left: padding + 1", rows: 1, columns: 1),
        Change("padding-swapped", Everywhere, Padding,
            "the padding of height and width is swapped",
            "take the top padding for rows, the left padding for columns",
            (g, tap) => tap with { IH = tap.IH + g.Top - g.Left, IW = tap.IW + g.Left - g.Top })
            .Index("x[n, c, oh·sh + i·dh − left, ow·sw + j·dw − top]", Read),
        Change("end-padding-as-begin", Everywhere, Padding,
            "the padding behind the input (bottom, right) is put before it",
            "start the window at oh·stride − top, ow·stride − left",
            (g, tap) => tap with { IH = tap.IH + g.Top - g.Bottom, IW = tap.IW + g.Left - g.Right })
            .Index("x[n, c, oh·sh + i·dh − bottom, ow·sw + j·dw − right]", Read),
        Change("padding-in-size-alone", Everywhere, Padding,
            "the padding enters the size formula, but the windows start at the input's first element",
            "start the window at oh·stride − top, ow·stride − left",
            WithoutPadding)
            .Index("x[n, c, oh·sh + i·dh, ow·sw + j·dw]", Read),
        Change("backward-input-ignores-padding", Passes.InputGradient, Padding,
            "the input gradient is not cropped: dx[oh·sh + i·dh] where the padding begins",
            "add to dx[n, c, oh·sh + i·dh − top, ow·sw + j·dw − left]",
            WithoutPadding)
            .Index("dx[n, c, oh·sh + i·dh, ow·sw + j·dw]", Written),
        Change("backward-weight-ignores-padding", Passes.WeightGradient, Padding,
            "the weight gradient reads the input without its padding: x[oh·sh + i·dh]",
            "read x[n, c, oh·sh + i·dh − top, ow·sw + j·dw − left], zero outside",
            WithoutPadding)
            .Index("x[n, c, oh·sh + i·dh, ow·sw + j·dw]", Read),
        Change("backward-input-padding-swapped", Passes.InputGradient, Padding,
            "the input gradient is cropped on the wrong axes: by the left padding in rows, by the top padding in columns",
            "add to dx[n, c, oh·sh + i·dh − top, ow·sw + j·dw − left]",
            (g, tap) => tap with { IH = tap.IH + g.Top - g.Left, IW = tap.IW + g.Left - g.Top })
            .Index("dx[n, c, oh·sh + i·dh − left, ow·sw + j·dw − top]", Written),
        Change("padding-replicated", Everywhere, Padding,
            "the padding repeats the input's edge instead of being zero",
            "let what lies outside the input contribute nothing",
            (g, tap) => tap with { IH = Math.Clamp(tap.IH, 0, g.H - 1), IW = Math.Clamp(tap.IW, 0, g.W - 1) }),
        Change("stride-swapped", Everywhere, Stride,
            "the strides of height and width are swapped",
            "step rows by the first stride, columns by the second",
            (g, tap) => At(tap, g, g.StrideW, g.StrideH, g.DilationH, g.DilationW))
            .Index("x[n, c, oh·sw + i·dh − top, ow·sh + j·dw − left]", Read),
        Change("dilation-swapped", Everywhere, Dilation,
            "the dilations of height and width are swapped",
            "space the kernel's rows by the first dilation, its columns by the second",
            (g, tap) => At(tap, g, g.StrideH, g.StrideW, g.DilationW, g.DilationH))
            .Index("x[n, c, oh·sh + i·dw − top, ow·sw + j·dh − left]", Read),
        Change("stride-dilation-exchanged", Everywhere, Stride,
            "stride and dilation are exchanged: oh·dilation + i·stride",
            "read x[oh·stride + i·dilation − padding]",
            (g, tap) => At(tap, g, g.DilationH, g.DilationW, g.StrideH, g.StrideW))
            .Index("x[n, c, oh·dh + i·sh − top, ow·dw + j·sw − left]", Read)
            .From(Seen.Issues("candle PR#2337")),
        Change("stride-ignored", Passes.Forward, Stride,
            "the windows start at oh and ow, whatever the stride",
            "start the window at oh·stride − padding",
            WithoutStride)
            .Index("x[n, c, oh + i·dh − top, ow + j·dw − left]", Read),
        Change("backward-input-ignores-stride", Passes.InputGradient, Stride,
            "the stride is ignored in the input gradient: dx[oh + i, ow + j]",
            "add to dx[n, c, oh·sh + i·dh − top, ow·sw + j·dw − left]",
            WithoutStride)
            .Index("dx[n, c, oh + i·dh − top, ow + j·dw − left]", Written)
            .From(Seen.Issues("deep-learning-coursera PR#34")),
        Change("backward-weight-ignores-stride", Passes.WeightGradient, Stride,
            "the stride is ignored in the weight gradient: x[oh + i, ow + j]",
            "read x[n, c, oh·sh + i·dh − top, ow·sw + j·dw − left]",
            WithoutStride)
            .Index("x[n, c, oh + i·dh − top, ow + j·dw − left]", Read),
        Change("dilation-ignored", Passes.Forward, Dilation,
            "the kernel's taps are read side by side, whatever the dilation",
            "read x[oh·stride + i·dilation − padding]",
            WithoutDilation)
            .Index("x[n, c, oh·sh + i − top, ow·sw + j − left]", Read),
        Change("backward-input-ignores-dilation", Passes.InputGradient, Dilation,
            "the dilation is ignored in the input gradient",
            "add to dx[n, c, oh·sh + i·dh − top, ow·sw + j·dw − left]",
            WithoutDilation)
            .Index("dx[n, c, oh·sh + i − top, ow·sw + j − left]", Written),
        Change("backward-weight-ignores-dilation", Passes.WeightGradient, Dilation,
            "the dilation is ignored in the weight gradient",
            "read x[n, c, oh·sh + i·dh − top, ow·sw + j·dw − left]",
            WithoutDilation)
            .Index("x[n, c, oh·sh + i − top, ow·sw + j − left]", Read),
        Change("backward-input-from-the-end", Passes.InputGradient, Stride,
            "the input gradient is aligned to the last row and column, so that a remainder which no window reached gets gradient",
            "place window oh at oh·stride − padding; what lies behind the last window keeps gradient 0",
            (g, tap) => tap with
            {
                IH = tap.IH + (g.H + g.Top + g.Bottom - (g.KH - 1) * g.DilationH - 1) % g.StrideH,
                IW = tap.IW + (g.W + g.Left + g.Right - (g.KW - 1) * g.DilationW - 1) % g.StrideW,
            })
            .From(Seen.Issues("torch7#20", "backpack#30", "opacus PR#245")),
        Change("backward-input-shifted", Passes.InputGradient, Padding,
            "the input gradient is shifted by one row and column",
            "crop the full correlation by the padding: dx[0,0] takes what the first window read at its top left",
            (_, tap) => tap with { IH = tap.IH + 1, IW = tap.IW + 1 })
            .Index("dx[n, c, oh·sh + i·dh − top + 1, ow·sw + j·dw − left + 1]", Written)
            .From(Seen.Textbook),
        Change("backward-weight-shifted", Passes.WeightGradient, Padding,
            "the weight gradient reads the input one row and one column too far",
            "pair dy[n,o,oh,ow] with the input that forward read for it",
            (_, tap) => tap with { IH = tap.IH + 1, IW = tap.IW + 1 })
            .Index("x[n, c, oh·sh + i·dh − top + 1, ow·sw + j·dw − left + 1]", Read)
            .From(Seen.Textbook),
        Change("input-rows-stepped-by-height", Everywhere, OddInput,
            "the input's rows are stepped by its height: i·H + j",
            "step rows by the width: i·W + j",
            (g, tap) => (tap.IH * g.H + tap.IW) switch { var flat when g.Holds(tap) => tap with { IH = flat / g.W, IW = flat % g.W },
                _ => Lost(tap) })
            .Index("x[(n·C + c)·H·W + h·H + w]", "x[(n·C + c)·H·W + h·W + w]"),
        Change("output-rows-stepped-by-height", Passes.Forward, OddInput,
            "the output's rows are stepped by its height: oh·OH + ow",
            "step rows by the width: oh·OW + ow",
            (g, tap) => (tap.OH * g.OH + tap.OW) switch { var flat => tap with { OH = flat / g.OW, OW = flat % g.OW } })
            .Index("y[(n·O + o)·OH·OW + oh·OH + ow]", "y[(n·O + o)·OH·OW + oh·OW + ow]")
            .From(Seen.Issues("NNPACK#15", "pytorch PR#36820")),
    ];

    private static Defect PaddingOff(string by, string mistake, int rows, int columns)
    {
        return Change($"padding-{by}", Everywhere, Padding, mistake, "start the window at oh·sh − top, ow·sw − left",
            (_, tap) => tap with { IH = tap.IH - rows, IW = tap.IW - columns })
            .Index($"x[n, c, oh·sh + i·dh − top{Off(rows)}, ow·sw + j·dw − left{Off(columns)}]", Read);

        static string Off(int padding) => padding switch { > 0 => $" − {padding}", < 0 => $" + {-padding}", _ => "" };
    }
}
