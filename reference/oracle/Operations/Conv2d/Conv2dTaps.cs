using System.Runtime.CompilerServices;

namespace Conformance.Oracle.Operations;

/// <summary>The extents and options of a conv2d case: N images of C×H×W, O kernels of C/groups×KH×KW.</summary>
public sealed record Conv2dGeometry(
    int N, int C, int H, int W, int O, int KH, int KW,
    int StrideH, int StrideW, int Top, int Bottom, int Left, int Right, int DilationH, int DilationW, int Groups)
{
    public int OH { get; } = Extent(H + Top + Bottom, KH, StrideH, DilationH);

    public int OW { get; } = Extent(W + Left + Right, KW, StrideW, DilationW);

    /// <summary>The number of input channels per group, which is also a kernel's number of channels.</summary>
    public int GroupInputs { get; } = C / Math.Max(1, Groups);

    public int GroupOutputs { get; } = O / Math.Max(1, Groups);

    /// <exception cref="ArgumentException">The shapes don't belong together.</exception>
    public static Conv2dGeometry FromCase(LayerCase layerCase)
    {
        var (x, w) = (layerCase.Input("input"), layerCase.Input("weight"));
        var attributes = layerCase.Attributes;
        var (stride, dilation, padding) = (attributes.Ints("stride", 2), attributes.Ints("dilation", 2), attributes.Ints("padding", 4));
        var groups = attributes.Int("groups");
        if (x.Rank != 4 || w.Rank != 4 || x.Shape[1] != w.Shape[1] * groups || w.Shape[0] % groups != 0)
            throw new ArgumentException($"{layerCase.Id}: input {x} and weight {w} don't belong together with groups {groups}");
        return new(
            x.Shape[0], x.Shape[1], x.Shape[2], x.Shape[3], w.Shape[0], w.Shape[2], w.Shape[3],
            stride[0], stride[1], padding[0], padding[1], padding[2], padding[3], dilation[0], dilation[1], groups);
    }

    /// <summary>Walks over every tap of a pass.</summary>
    /// <param name="change">A defect's change of each tap; null for correct taps.</param>
    public void Walk<TTaker>(Func<Conv2dGeometry, Conv2dTap, Conv2dTap>? change, TTaker taker)
        where TTaker : struct, ITapTaker
    {
        for (var n = 0; n < N; n++)
            for (var o = 0; o < O; o++)
                for (var oh = 0; oh < OH; oh++)
                    for (var ow = 0; ow < OW; ow++)
                        for (var k = 0; k < GroupInputs; k++)
                            for (var i = 0; i < KH; i++)
                                for (var j = 0; j < KW; j++)
                                {
                                    var c = o / GroupOutputs * GroupInputs + k;
                                    var (ih, iw) = (oh * StrideH + i * DilationH - Top, ow * StrideW + j * DilationW - Left);
                                    var tap = new Conv2dTap(n, o, oh, ow, n, c, ih, iw, o, k, i, j);
                                    if (change is not null)
                                        tap = change(this, tap);
                                    if (Holds(tap))
                                        taker.Take(Flat(tap));
                                }
    }

    /// <summary>Whether a tap's output and input exist; an input in the padding does not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Holds(in Conv2dTap tap) => Inside(tap.IH, H) && Inside(tap.IW, W) && Inside(tap.OH, OH) && Inside(tap.OW, OW) && Inside(tap.F, O)
        && Inside(tap.K, GroupInputs) && Inside(tap.I, KH) && Inside(tap.J, KW);

    /// <summary>Converts a tap to flat positions.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Tap Flat(in Conv2dTap tap) => new(
        ((tap.N * O + tap.O) * OH + tap.OH) * OW + tap.OW,
        ((tap.Image * C + tap.C) * H + tap.IH) * W + tap.IW,
        ((tap.F * GroupInputs + tap.K) * KH + tap.I) * KW + tap.J, tap.Times);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Inside(int position, int extent) => (uint)position < (uint)extent;

    /// <summary>
    /// The number of windows that fit into an axis of <paramref name="padded"/> elements, with <paramref name="k"/> taps that are
    /// <paramref name="dilation"/> apart.
    /// </summary>
    private static int Extent(int padded, int k, int stride, int dilation)
    {
        var starts = padded - (k - 1) * dilation;
        return starts <= 0 || stride <= 0 ? 0 : (starts + stride - 1) / stride;
    }
}

/// <summary>
/// One multiplication of a convolution in named coordinates: output [N, O, OH, OW]; input [Image, C, IH, IW], where Image is N; weight [F, K, I, J],
/// where F is O and K counts the input channels within the group. A tap with a coordinate outside, such as input in the padding, contributes nothing.
/// A tap whose <see cref="Times"/> is 2 is added twice.
/// </summary>
public readonly record struct Conv2dTap(int N, int O, int OH, int OW, int Image, int C, int IH, int IW, int F, int K, int I, int J, int Times = 1);
