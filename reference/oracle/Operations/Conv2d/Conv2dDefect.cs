namespace Conformance.Oracle.Operations;

/// <summary>Constructors for the known mistakes of a convolution.</summary>
internal static class Conv2dDefect
{
    public const Passes Everywhere = Passes.Forward | Passes.InputGradient | Passes.WeightGradient;
    public const Passes BothGradients = Passes.InputGradient | Passes.WeightGradient;

    public const string Read = "x[n, c, oh·sh + i·dh − top, ow·sw + j·dw − left]";
    public const string Written = "dx[n, c, oh·sh + i·dh − top, ow·sw + j·dw − left]";
    public const string Kernel = "w[o, c, i, j]";


    public static Conv2dTap At(Conv2dTap tap, Conv2dGeometry g, int strideH, int strideW, int dilationH, int dilationW) => tap with
    {
        IH = tap.OH * strideH + tap.I * dilationH - g.Top,
        IW = tap.OW * strideW + tap.J * dilationW - g.Left,
    };

    public static Conv2dTap WithoutStride(Conv2dGeometry g, Conv2dTap tap) => At(tap, g, 1, 1, g.DilationH, g.DilationW);

    public static Conv2dTap WithoutDilation(Conv2dGeometry g, Conv2dTap tap) => At(tap, g, g.StrideH, g.StrideW, 1, 1);

    public static Conv2dTap WithoutPadding(Conv2dGeometry g, Conv2dTap tap) => tap with { IH = tap.IH + g.Top, IW = tap.IW + g.Left };

    public static Conv2dTap Transposed(Conv2dGeometry g, Conv2dTap tap) =>
        tap with { I = (tap.J * g.KH + tap.I) / g.KW, J = (tap.J * g.KH + tap.I) % g.KW };

    /// <summary>A tap that contributes nothing.</summary>
    public static Conv2dTap Lost(Conv2dTap tap) => tap with { IH = -1 };

    public static double Images(LayerCase layerCase) => layerCase.Input("input").Shape[0];

    /// <summary>OH·OW, the number of output pixels.</summary>
    public static double Pixels(LayerCase layerCase) => Conv2dGeometry.FromCase(layerCase) switch { var g => g.OH * g.OW };

    public static double Area(LayerCase layerCase) => layerCase.Input("weight").Shape[2] * layerCase.Input("weight").Shape[3];

    public static Tensor64 Map(Tensor64 tensor, Func<double, int, double> map) => new(tensor.Shape, [.. tensor.Data.ToArray().Select(map)]);

    /// <summary>
    /// The memory [rows, columns, …] is read as if it were transposed, [columns, rows, …]. Returns the position of the correct element.
    /// </summary>
    public static int Exchanged(int flat, int rows, int columns, int pixels) =>
        (flat / pixels % columns * rows + flat / pixels / columns) * pixels + flat % pixels;

    public static Tensor64 WithoutLastRowAndColumn(Tensor64 y)
    {
        var (oh, ow) = (y.Shape[2], y.Shape[3]);
        var kept = Enumerable.Range(0, y.Length).Where(flat => flat % ow < ow - 1 && flat / ow % oh < oh - 1);
        return new([y.Shape[0], y.Shape[1], oh - 1, ow - 1], [.. kept.Select(flat => y[flat])]);
    }

    public static TapDefect<Conv2dGeometry, Conv2dTap> Change(
        string id, Passes passes, MistakeClass kind, string mistake, string mend, Func<Conv2dGeometry, Conv2dTap, Conv2dTap> change) =>
        new($"conv2d.{id}", passes, kind, mistake, mend, change);

    public static AcceptDefect Accept(string id, string reason, string mistake, string mend) =>
        new($"conv2d.{id}", mistake, mend, layerCase => layerCase.Refused!.StartsWith(reason, StringComparison.Ordinal));
}
