using Conformance.Engine.Kernels;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Layers;

/// <summary>A layer that is computed by a kernel. The layer says what: shapes, parameters. The kernel says how.</summary>
public abstract class KernelLayer : Layer
{
    private readonly Computation _computation;
    private Tensor? _inputGradient;

    private protected KernelLayer(Computation computation) => _computation = computation;

    /// <summary>The name of the kernel in use: what the layer asked for, or what the environment forced.</summary>
    public string Kernel => _computation.Kernel;

    internal sealed override Layout? InputLayout => _computation.Layout;

    internal sealed override int Units => _computation.Units;

    internal sealed override Tensor Connect(Tensor input)
    {
        _computation.Operands.Input = input;
        var output = ConnectOutput(input, _computation.Layout);
        _computation.Operands.Output = output;
        _computation.Prepare();
        return output;
    }

    internal sealed override Tensor? ConnectBackward(Tensor outputGradient, bool wanted)
    {
        var operands = _computation.Operands;
        operands.OutputGradient = outputGradient;
        operands.InputGradient = wanted ? Tensor.Reuse(ref _inputGradient, _computation.Layout, operands.Input.Shape) : null;
        _computation.PrepareBackward();
        return operands.InputGradient;
    }

    internal sealed override bool NeedsWholeBatch => _computation.NeedsWholeBatch;

    internal sealed override int ForwardUnits => _computation.ForwardUnits;

    internal sealed override int BackwardUnits => _computation.BackwardUnits;

    internal sealed override void ForwardUnit(int unit) => _computation.ForwardUnit(unit);

    internal sealed override void BackwardUnit(int unit) => _computation.BackwardUnit(unit);

    internal sealed override void ForwardBlock(int block) => _computation.Forward(block);

    internal sealed override void BackwardBlock(int block) => _computation.Backward(block);

    internal sealed override void ParameterGradient(int unit) => _computation.ParameterGradient(unit);

    /// <summary>Checks the input's shape, and makes the output tensor (the same again where it still fits).</summary>
    private protected abstract Tensor ConnectOutput(Tensor input, Layout layout);
}
