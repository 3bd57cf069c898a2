using Conformance.Engine.Layers;
using static Conformance.Cli.Export.OnnxGraph;

namespace Conformance.Cli.Export;

/// <summary>
/// Pools in ONNX. Its <c>ceil_mode</c> is not PyTorch's (a last window that starts in the padding stays), and runtimes differ in what such a window
/// is divided by. Image sizes are known
/// here, so a pool that rounds up is written as one that rounds down, with as much padding behind the input as its last window needs.
/// </summary>
internal static class OnnxPools
{
    /// <inheritdoc cref="OnnxLayers.Add"/>
    public static void Add(OnnxGraph graph, string name, Module layer, IReadOnlyList<int> input, IReadOnlyList<int> output)
    {
        switch (layer)
        {
            case MaxPool2d pool:
                var (padding, extra) = Padding(pool.KernelSize, pool.Stride, pool.Padding, pool.Dilation, pool.CeilMode, input, output);
                AddMax(graph, name, pool, Sum(padding, extra));
                break;
            case AvgPool2d pool:
                (padding, extra) = Padding(pool.KernelSize, pool.Stride, pool.Padding, 1, pool.CeilMode, input, output);
                AddAverage(graph, name, pool, padding, extra);
                break;
            case AdaptiveAvgPool2d:
                AddAdaptive(graph, name, input, output);
                break;
        }
    }

    private static void AddMax(OnnxGraph graph, string name, MaxPool2d pool, Padding2d padding)
    {
        var (size, dilation) = (pool.KernelSize, pool.Dilation);
        // a dilated window that rounds up; runtimes want less padding than the kernel is large
        if (padding.Bottom >= size.Height || padding.Right >= size.Width)
        {
            AddPad(graph, name, padding, float.NegativeInfinity);
            padding = 0;
        }
        graph.Add(
            "MaxPool", name, [graph.Value], Pair("kernel_shape", size), Pair("strides", pool.Stride), Pair("dilations", dilation), Pads(padding));
    }

    /// <summary>Padding may count in the divisor; what rounding up adds behind it never does.</summary>
    private static void AddAverage(OnnxGraph graph, string name, AvgPool2d pool, Padding2d padding, Padding2d extra)
    {
        bool counts = pool.CountIncludePad;
        if (counts && extra != 0)
        {
            if (padding != 0)
                AddPad(graph, name, padding, 0);
            (padding, counts) = (extra, false);
        }
        else
        {
            padding = Sum(padding, extra);
        }
        graph.Add(
            "AveragePool", name, [graph.Value], Pair("kernel_shape", pool.KernelSize),
            Pair("strides", pool.Stride), Pads(padding), Int("count_include_pad", counts ? 1 : 0));
    }

    /// <summary>
    /// Equal windows side by side are an average pool. Others are a product with the share that each row, and each column, has in each window.
    /// </summary>
    private static void AddAdaptive(OnnxGraph graph, string name, IReadOnlyList<int> input, IReadOnlyList<int> output)
    {
        var (height, width, rows, columns) = (input[1], input[2], output[1], output[2]);
        if (height % rows == 0 && width % columns == 0)
        {
            var size = new Size2d(height / rows, width / columns);
            graph.Add("AveragePool", name, [graph.Value], Pair("kernel_shape", size), Pair("strides", size));
            return;
        }
        graph.Add("MatMul", $"{name}.rows", [graph.Constant($"{name}.row_shares", Shares(height, rows), rows, height), graph.Value]);
        graph.Add("Transpose", $"{name}.turned", [graph.Value], Ints("perm", [0, 1, 3, 2]));
        graph.Add("MatMul", $"{name}.columns", [graph.Constant($"{name}.column_shares", Shares(width, columns), columns, width), graph.Value]);
        graph.Add("Transpose", name, [graph.Value], Ints("perm", [0, 1, 3, 2]));
    }

    /// <summary>
    /// <c>[output, input]</c>: window i is the mean of the elements ⌊i·input/output⌋ … ⌈(i+1)·input/output⌉ − 1, as in
    /// <c>torch.nn.AdaptiveAvgPool2d</c>.
    /// </summary>
    private static float[] Shares(int input, int output)
    {
        var shares = new float[output * input];
        for (long i = 0; i < output; i++)
        {
            int first = (int)(i * input / output), end = (int)(((i + 1) * input + output - 1) / output);
            shares.AsSpan((int)i * input + first, end - first).Fill(1f / (end - first));
        }
        return shares;
    }

    /// <summary>The padding that windows see, and what must be added behind it so that rounding down gives the output that there is.</summary>
    private static (Padding2d Padding, Padding2d Extra) Padding(
        Size2d kernel, Size2d stride, Padding2d padding, Size2d dilation, bool ceilMode, IReadOnlyList<int> input, IReadOnlyList<int> output)
    {
        if (!ceilMode)
            return (padding, 0);
        int below = Reach(kernel.Height, stride.Height, padding.Top, dilation.Height, input[1], output[1]),
            right = Reach(kernel.Width, stride.Width, padding.Left, dilation.Width, input[2], output[2]);
        return (
            padding with { Bottom = Math.Min(below, padding.Bottom), Right = Math.Min(right, padding.Right) },
            (0, Math.Max(0, below - padding.Bottom), 0, Math.Max(0, right - padding.Right)));
    }

    /// <summary>How far the last window goes beyond the input.</summary>
    private static int Reach(int kernel, int stride, int before, int dilation, int input, int output) =>
        Math.Max(0, (output - 1) * stride + (kernel - 1) * dilation + 1 - before - input);

    private static void AddPad(OnnxGraph graph, string name, Padding2d padding, float value) => graph.Add("Pad", $"{name}.pad",
        [
            graph.Value,
            graph.Constant($"{name}.padding", [0, 0, padding.Top, padding.Left, 0, 0, padding.Bottom, padding.Right]),
            graph.Constant($"{name}.padding_value", [value])]);

    private static Padding2d Sum(Padding2d a, Padding2d b) => new(a.Top + b.Top, a.Bottom + b.Bottom, a.Left + b.Left, a.Right + b.Right);
}
