using Conformance.Engine.Kernels;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Layers;

internal sealed class SigmoidOperands : Operands;

/// <summary><c>y = 1/(1 + e⁻ˣ)</c> for a tensor of any shape; <c>∂y/∂x = y·(1 − y)</c>. Infinities become 0 and 1; NaN stays NaN.</summary>
public sealed class Sigmoid : KernelLayer
{
    private Tensor? _output;

    /// <param name="kernels">Which kernel computes it; the fast one if null.</param>
    public Sigmoid(KernelChoice? kernels = null) : base(Computation.Of("sigmoid", kernels, new SigmoidOperands()))
    {
    }

    public override string Operation => "sigmoid";

    private protected override Tensor ConnectOutput(Tensor input, Layout layout) => Tensor.Reuse(ref _output, layout, input.Shape);
}
