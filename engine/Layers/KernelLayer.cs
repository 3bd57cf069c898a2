using Conformance.Engine.Kernels.Operations;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Layers;

/// <summary>A layer that is computed by a kernel. The layer says what: shapes, parameters. The kernel says how.</summary>
public abstract class KernelLayer : Layer
{
    private readonly Kernel _kernel;
    private readonly Operands _operands;
    private Tensor? _inputGradient;

    private protected KernelLayer(Kernel kernel, Operands operands) => (_kernel, _operands) = (kernel, operands);

    /// <summary>The name of the kernel in use: what the layer asked for, or what the environment forced.</summary>
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

    /// <summary>Checks the input's shape, and makes the output tensor (the same again where it still fits).</summary>
    private protected abstract Tensor ConnectOutput(Tensor input, Layout layout);
}
