using Conformance.Engine.Tensors;

namespace Conformance.Engine.Kernels.Operations;

/// <summary>What a convolution's layer and kernels share.</summary>
internal sealed class Conv2dOperands : Operands
{
    public required Parameter Weight;
    public Parameter? Bias;
    public required int Groups;
    public WindowAxis Vertical;
    public WindowAxis Horizontal;

    /// <summary>The input with its padding; only where the kernel wants it so.</summary>
    public Tensor? PaddedInput;

    /// <summary>The geometry that <see cref="PaddedInput"/> was made for.</summary>
    public (WindowAxis Vertical, WindowAxis Horizontal) PaddedFor;

    /// <summary>The output gradient with padding, and zeros between its elements; only where the kernel wants it so.</summary>
    public Tensor? SpreadGradient;

    public int InChannels => Input.Shape[1];
    public int OutChannels => Output.Shape[1];
    public int GroupInputs => InChannels / Groups;
    public int GroupOutputs => OutChannels / Groups;
}
