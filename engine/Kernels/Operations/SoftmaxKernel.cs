using Conformance.Engine.Tensors;

namespace Conformance.Engine.Kernels.Operations;

/// <summary>What the softmax layers and their kernels share. Along an axis but the first, an image is <c>[Outer, Length, Inner]</c>.</summary>
internal sealed class SoftmaxOperands : Operands
{
    /// <summary>The axis that rows lie along, counted from 0; the first is that of the images.</summary>
    public int Axis;

    public int Outer;
    public int Length;
    public int Inner;
}

/// <summary>
/// Where the elements of one softmax lie in a tensor's memory: evenly apart, but for the step from one block of images to the next.
/// </summary>
/// <param name="Jump">What a block's end adds; 0 where the row stays in a block.</param>
internal readonly record struct SoftmaxRow(int Length, int Start, int Step, int Jump)
{
    public int At(int i) => Start + i * Step + i / Tensor.Lanes * Jump;

    /// <summary>One feature of all images.</summary>
    public static SoftmaxRow AcrossImages(Tensor tensor, int feature) => tensor.Layout == Layout.Nchw
        ? new(tensor.Images, feature, tensor.ImageSize, 0)
        : new(tensor.Images, feature * Tensor.Lanes, 1, (tensor.ImageSize - 1) * Tensor.Lanes);
}

/// <summary>
/// What all softmax kernels do alike. Along a later axis a row lies within one image, and blocks are independent. Along the first axis it goes
/// through all images: the whole batch must be there, a feature is a unit, and one loop nest, <see cref="ForwardRow"/>, takes either layout.
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

    /// <summary>y of one row.</summary>
    protected abstract void ForwardRow(float* x, float* y, SoftmaxRow row);

    /// <summary>dx of one row.</summary>
    protected abstract void BackwardRow(float* y, float* dy, float* dx, SoftmaxRow row);

    /// <summary>All rows of a block's images.</summary>
    protected abstract void ForwardImages(int block);

    /// <summary>The same backward.</summary>
    protected abstract void BackwardImages(int block);
}
