using Conformance.Engine.Tensors;

namespace Conformance.Engine.Kernels.Operations;

/// <summary>The operands of a convolution.</summary>
internal sealed class Conv2dOperands : Operands
{
    public required Parameter Weight;
    public Parameter? Bias;
    public required int Groups;
    public WindowAxis Vertical;
    public WindowAxis Horizontal;

    /// <summary>The padded input; null if the kernel does not use it.</summary>
    public Tensor? PaddedInput;

    /// <summary>The geometry for which <see cref="PaddedInput"/> was created.</summary>
    public (WindowAxis Vertical, WindowAxis Horizontal) PaddedFor;

    /// <summary>The output gradient with padding and with zeros between its elements; null if the kernel does not use it.</summary>
    public Tensor? SpreadGradient;

    public int InChannels => Input.Shape[1];
    public int OutChannels => Output.Shape[1];
    public int GroupInputs => InChannels / Groups;
    public int GroupOutputs => OutChannels / Groups;
}
