using Conformance.Engine.Tensors;

namespace Conformance.Engine.Kernels.Operations;

/// <summary>The operands of the softmax layers. Along any axis but the first, an image is <c>[Outer, Length, Inner]</c>.</summary>
internal sealed class SoftmaxOperands : Operands
{
    /// <summary>The axis of the softmax, counted from 0. Axis 0 is the axis of images.</summary>
    public int Axis;

    public int Outer;
    public int Length;
    public int Inner;
}

/// <summary>
/// The place of one softmax row in a tensor's memory. The elements are evenly spaced, except from one block of images to the next.
/// </summary>
/// <param name="Jump">The additional step at the end of a block; 0 if the row stays in one block.</param>
internal readonly record struct SoftmaxRow(int Length, int Start, int Step, int Jump)
{
    public int At(int i) => Start + i * Step + i / Tensor.Lanes * Jump;

    /// <summary>The row of one feature over all images.</summary>
    public static SoftmaxRow AcrossImages(Tensor tensor, int feature) => tensor.Layout == Layout.Nchw
        ? new(tensor.Images, feature, tensor.ImageSize, 0)
        : new(tensor.Images, feature * Tensor.Lanes, 1, (tensor.ImageSize - 1) * Tensor.Lanes);
}

/// <summary>
/// The common part of all softmax kernels. Along a later axis a row is inside one image, and blocks are independent. Along the first axis a row runs
/// over all images: the kernel needs the whole batch, a unit is one feature, and <see cref="ForwardRow"/> works in either layout.
/// </summary>
internal abstract unsafe class SoftmaxKernel(SoftmaxOperands operands) : Kernel
{
    protected readonly SoftmaxOperands o = operands;

    public sealed override bool NeedsWholeBatch => o.Axis == 0;

    public sealed override int ForwardUnits => o.Axis == 0 ? o.Input.ImageSize : 0;

    public sealed override int BackwardUnits => o.Axis == 0 && o.InputGradient is not null ? o.Input.ImageSize : 0;

    public sealed override void ForwardUnit(int feature) =>
        ForwardRow(o.Input.Data, o.Output.Data, SoftmaxRow.AcrossImages(o.Input, feature));

    public sealed override void BackwardUnit(int feature) =>
        BackwardRow(o.Output.Data, o.OutputGradient.Data, o.InputGradient!.Data, SoftmaxRow.AcrossImages(o.Input, feature));

    public sealed override void Forward(int block)
    {
        if (o.Axis != 0)
            ForwardImages(block);
    }

    public sealed override void Backward(int block)
    {
        if (o.Axis != 0 && o.InputGradient is not null)
            BackwardImages(block);
    }

    /// <summary>Computes y of one row.</summary>
    protected abstract void ForwardRow(float* x, float* y, SoftmaxRow row);

    /// <summary>Computes dx of one row.</summary>
    protected abstract void BackwardRow(float* y, float* dy, float* dx, SoftmaxRow row);

    /// <summary>Computes y of all rows of a block's images.</summary>
    protected abstract void ForwardImages(int block);

    /// <summary>Computes dx of all rows of a block's images.</summary>
    protected abstract void BackwardImages(int block);
}
