using Conformance.Oracle;

namespace Conformance.Suite.Diagnosing.Patterns;

/// <summary>The windows along one axis of an input.</summary>
/// <param name="Before">The padding before the input.</param>
internal readonly record struct WindowAxis(int Length, int Kernel, int Stride, int Before, int After, int Dilation)
{
    private int Span => (Kernel - 1) * Dilation + 1;

    /// <summary>The rest of the padded input behind the last whole window.</summary>
    public int Remainder => Stride < 1 || Length + Before + After < Span ? 0 : (Length + Before + After - Span) % Stride;

    /// <summary>The positions inside the input that a window sees.</summary>
    public IEnumerable<int> Inside(int window)
    {
        var (length, start, dilation) = (Length, window * Stride - Before, Dilation);
        return Enumerable.Range(0, Kernel).Select(tap => start + tap * dilation).Where(place => place >= 0 && place < length);
    }

    /// <summary>For each place, the number of windows, of <paramref name="windows"/>, that see it.</summary>
    public int[] Seeing(int windows)
    {
        var seeing = new int[Length];
        for (var window = 0; window < windows; window++)
            foreach (var place in Inside(window))
                seeing[place]++;
        return seeing;
    }
}

/// <summary>The places of the windows of a convolution or a pool, for patterns that depend on them.</summary>
internal sealed class Windows(LayerCase layerCase)
{
    private readonly Tensor64 _input = layerCase.Input("input");

    /// <summary>The axis of rows, then that of columns.</summary>
    public IReadOnlyList<WindowAxis> Axes { get; } = AxesOf(layerCase);

    /// <summary>The extents of the output's rows and columns.</summary>
    private readonly int[] _count = [.. layerCase.Cotangents.TryGetValue("output", out var cotangent) && cotangent.Rank == 4
        ? cotangent.Shape[2..].ToArray()
        : [0, 0]];

    /// <summary>For each axis and each of its places, the number of windows that see it; null until it is asked for.</summary>
    private int[][]? _seeing;

    /// <summary>Whether the window of output [n, c, oh, ow] extends beyond the input's edge.</summary>
    public bool ReachesOut(int[] index) => Axes[0].Inside(index[2]).Count() < Axes[0].Kernel || Axes[1].Inside(index[3]).Count() < Axes[1].Kernel;

    /// <summary>The number of windows that see input [n, c, h, w].</summary>
    public int Seeing(int[] index)
    {
        _seeing ??= [.. Axes.Select((axis, i) => axis.Seeing(_count[i]))];
        return _seeing[0][index[2]] * _seeing[1][index[3]];
    }

    /// <summary>Whether several elements of the window of output [n, c, oh, ow] equal its maximum.</summary>
    public bool Ties(int[] index)
    {
        var values = Values(index).ToArray();
        return values.Length > 1 && values.Max() is var max && values.Count(value => value.Equals(max)) > 1;
    }

    /// <summary>Whether input [n, c, h, w] is in a window with several equal maxima.</summary>
    public bool InATie(int[] index) => WindowsOf(index).Any(Ties);

    public bool AnyTie()
    {
        for (var n = 0; n < _input.Shape[0]; n++)
            for (var c = 0; c < _input.Shape[1]; c++)
                for (var oh = 0; oh < _count[0]; oh++)
                    for (var ow = 0; ow < _count[1]; ow++)
                        if (Ties([n, c, oh, ow]))
                            return true;
        return false;
    }

    private IEnumerable<int[]> WindowsOf(int[] index) =>
        from oh in Enumerable.Range(0, _count[0])
        where Axes[0].Inside(oh).Contains(index[2])
        from ow in Enumerable.Range(0, _count[1])
        where Axes[1].Inside(ow).Contains(index[3])
        select (int[])[index[0], index[1], oh, ow];

    private IEnumerable<double> Values(int[] index)
    {
        var plane = index[0] * _input.Shape[1] + index[1];
        return from h in Axes[0].Inside(index[2])
               from w in Axes[1]
            .Inside(index[3])
               select _input[(plane * _input.Shape[2] + h) * _input.Shape[3] + w];
    }

    private static WindowAxis[] AxesOf(LayerCase layerCase)
    {
        var (input, attributes) = (layerCase.Input("input"), layerCase.Attributes);
        var isConv2d = layerCase.Op == "conv2d";
        var kernel = isConv2d ? layerCase.Input("weight").Shape[2..].ToArray() : attributes.Ints("kernel_size", 2);
        var (stride, dilation) = (attributes.Ints("stride", 2), attributes.Has("dilation") ? attributes.Ints("dilation", 2) : [1, 1]);
        var padding = attributes.Ints("padding", isConv2d ? 4 : 2);
        return [.. Enumerable.Range(0, 2).Select(axis => new WindowAxis(
            input.Shape[2 + axis], kernel[axis], stride[axis], padding[isConv2d ? 2 * axis : axis], padding[isConv2d ? 2 * axis + 1 : axis],
                dilation[axis]))];
    }
}
