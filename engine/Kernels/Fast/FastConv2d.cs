using System.Runtime.CompilerServices;
using Conformance.Engine.Kernels.Operations;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Kernels.Fast;

/// <summary>
/// Convolution with images innermost. The forward pass is a <see cref="Correlation"/> over the padded input. The input gradient is a correlation over
/// the output gradient, which is spread by the stride and padded; the kernel is rotated by 180°, and input and output channels are swapped. Every
/// geometry is supported. (An infinite weight times the zeros of the padding gives NaN.)
/// </summary>
internal sealed unsafe class FastConv2d<T>(Conv2dOperands o) : Kernel where T : unmanaged, ISimd<T>
{
    public override Layout Layout => Layout.Blocked;

    public override void Prepare()
    {
        // Inputs of different heights can have padded tensors of one shape. A new geometry needs fresh zeros.
        if (o.PaddedFor != (o.Vertical, o.Horizontal))
            o.PaddedInput = null;
        o.PaddedFor = (o.Vertical, o.Horizontal);
        if (!IsBare(o.Vertical) || !IsBare(o.Horizontal))
            Tensor.Reuse(ref o.PaddedInput, Layout, o.Input.Images, o.InChannels, o.Vertical.Extent, o.Horizontal.Extent);
    }

    public override void PrepareBackward()
    {
        if (o.InputGradient is not null)
            Tensor.Reuse(ref o.SpreadGradient, Layout, o.Output.Images, o.OutChannels, o.Vertical.Adjoint.Extent, o.Horizontal.Adjoint.Extent);
    }

    public override void Forward(int block)
    {
        if (o.PaddedInput is not null)
            Spread(o.Input, o.PaddedInput, block, 1, o.Vertical.Before, 1, o.Horizontal.Before);
        var source = o.PaddedInput ?? o.Input;
        nint row = (nint)source.Shape[3] * Tensor.Lanes, channel = source.Shape[2] * row;
        nint filter = (nint)o.Vertical.Taps * o.Horizontal.Taps;
        for (int group = 0; group < o.Groups; group++)
        {
            int firstOutput = group * o.GroupOutputs;
            Correlation.Run<T>(new()
            {
                Source = source.Block(block) + group * o.GroupInputs * channel,
                SourceRow = row,
                SourceChannel = channel,
                Channels = o.GroupInputs,
                Vertical = o.Vertical,
                Horizontal = o.Horizontal,
                Weight = o.Weight.Value.Data + firstOutput * o.GroupInputs * filter,
                WeightOutput = o.GroupInputs * filter,
                WeightChannel = filter,
                WeightRow = o.Horizontal.Taps,
                WeightColumn = 1,
                Bias = o.Bias is null ? null : o.Bias.Value.Data + firstOutput,
                Target = o.Output.Block(block) + (nint)firstOutput * o.Vertical.Output * o.Horizontal.Output * Tensor.Lanes,
                Outputs = o.GroupOutputs,
            });
        }
    }

    public override void Backward(int block)
    {
        if (o.InputGradient is null)
            return;
        WindowAxis vertical = o.Vertical.Adjoint, horizontal = o.Horizontal.Adjoint;
        var source = o.SpreadGradient!;
        Spread(o.OutputGradient, source, block, o.Vertical.Stride, vertical.Before, o.Horizontal.Stride, horizontal.Before);
        nint row = (nint)source.Shape[3] * Tensor.Lanes, channel = source.Shape[2] * row;
        nint filter = (nint)vertical.Taps * horizontal.Taps;
        for (int group = 0; group < o.Groups; group++)
        {
            int firstOutput = group * o.GroupOutputs;
            Correlation.Run<T>(new()
            {
                Source = source.Block(block) + firstOutput * channel,
                SourceRow = row,
                SourceChannel = channel,
                Channels = o.GroupOutputs,
                Vertical = vertical,
                Horizontal = horizontal,
                Weight = o.Weight.Value.Data + firstOutput * o.GroupInputs * filter + (filter - 1),
                WeightOutput = filter,
                WeightChannel = o.GroupInputs * filter,
                WeightRow = -horizontal.Taps,
                WeightColumn = -1,
                Bias = null,
                Target = o.InputGradient.Block(block) + (nint)group * o.GroupInputs * vertical.Output * horizontal.Output * Tensor.Lanes,
                Outputs = o.GroupInputs,
            });
        }
    }

    public override int ParameterUnits => Conv2dWeightGradient<T>.Units(o);

    public override void ParameterGradient(int unit) => Conv2dWeightGradient<T>.Run(o, unit);

    private static bool IsBare(WindowAxis axis) => axis.Before == 0 && axis.Extent <= axis.Input;

    /// <summary>
    /// Copies the planes of a block. Pixel (y, x) goes to (y·step + top, x·step + left) if the target contains it. The other pixels of the target
    /// keep the zeros that they were created with.
    /// </summary>
    private static void Spread(Tensor source, Tensor target, int block, int stepY, int top, int stepX, int left)
    {
        int height = source.Shape[2], width = source.Shape[3], targetHeight = target.Shape[2], targetWidth = target.Shape[3];
        float* from = source.Block(block);
        float* to = target.Block(block);
        for (int channel = 0; channel < source.Shape[1]; channel++)
            for (int y = 0; y < height; y++)
            {
                int targetY = y * stepY + top;
                if ((uint)targetY >= (uint)targetHeight)
                    continue;
                float* line = from + ((nint)channel * height + y) * width * Tensor.Lanes;
                float* targetLine = to + ((nint)channel * targetHeight + targetY) * targetWidth * Tensor.Lanes;
                SpreadLine(line, width, targetLine, targetWidth, stepX, left);
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SpreadLine(float* line, int width, float* targetLine, int targetWidth, int step, int left)
    {
        for (int x = 0; x < width; x++)
        {
            int targetX = x * step + left;
            if ((uint)targetX < (uint)targetWidth)
                for (int lane = 0; lane < Tensor.Lanes; lane += T.Count)
                    T.Store(targetLine + (nint)targetX * Tensor.Lanes + lane, T.Load(line + (nint)x * Tensor.Lanes + lane));
        }
    }
}
