using Conformance.Engine.Kernels.Operations;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Layers;

/// <summary>A layer that a kernel computes. The layer defines shapes and parameters; the kernel implements the computation.</summary>
public abstract class KernelLayer : Layer
{
    private readonly Kernel _kernel;
    private readonly Operands _operands;
    private Tensor? _inputGradient;

    private protected KernelLayer(Kernel kernel, Operands operands) => (_kernel, _operands) = (kernel, operands);

    /// <summary>The name of the kernel in use: the layer's choice, or the one that the environment variable forces.</summary>
    public string KernelName => _kernel.Name;

    internal sealed override Computation Computation => _kernel;

    private protected sealed override Tensor Connect(Tensor input)
    {
        _operands.Input = input;
        _operands.Output = ConnectOutput(input, _kernel.Layout);
        _kernel.Prepare();
        return _operands.Output;
    }

    private protected sealed override Tensor? ConnectBackward(Tensor outputGradient, bool wanted)
    {
        _operands.OutputGradient = outputGradient;
        _operands.InputGradient = wanted ? Tensor.Reuse(ref _inputGradient, _kernel.Layout, _operands.Input.Shape) : null;
        _kernel.PrepareBackward();
        return _operands.InputGradient;
    }

    /// <summary>Checks the input's shape and returns the output tensor. The tensor is reused if it fits.</summary>
    private protected abstract Tensor ConnectOutput(Tensor input, Layout layout);
}
