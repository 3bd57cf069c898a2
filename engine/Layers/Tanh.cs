using Conformance.Engine.Kernels;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Layers;

internal sealed class TanhOperands : Operands;

/// <summary><c>y = tanh x</c> for a tensor of any shape; <c>∂y/∂x = 1 − y²</c>. Infinities become ±1; NaN stays NaN.</summary>
public sealed class Tanh : KernelLayer
{
    private Tensor? _output;

    /// <param name="kernels">Which kernel computes it; the fast one if null.</param>
    public Tanh(KernelChoice? kernels = null) : base(Computation.Of("tanh", kernels, new TanhOperands()))
    {
    }

    public override string Operation => "tanh";

    private protected override Tensor ConnectOutput(Tensor input, Layout layout) => Tensor.Reuse(ref _output, layout, input.Shape);
}
