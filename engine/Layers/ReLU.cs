using Conformance.Engine.Kernels;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Layers;

internal sealed class ReLUOperands : Operands;

/// <summary><c>max(x, 0)</c> for a tensor of any shape. NaN passes, and so does its gradient; the gradient at 0 is 0 (PyTorch's convention).</summary>
public sealed class ReLU : KernelLayer
{
    private Tensor? _output;

    /// <param name="kernels">Which kernel computes it; the fast one if null.</param>
    public ReLU(KernelChoice? kernels = null) : base(Computation.Of("relu", kernels, new ReLUOperands()))
    {
    }

    public override string Operation => "relu";

    private protected override Tensor ConnectOutput(Tensor input, Layout layout) => Tensor.Reuse(ref _output, layout, input.Shape);
}
