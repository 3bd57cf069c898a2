using Conformance.Engine.Kernels;
using Conformance.Engine.Kernels.Operations;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Layers;

/// <summary>
/// A fully connected layer, <c>y[n,o] = b[o] + Σ w[o,f] · x[n,f]</c>, as <c>torch.nn.Linear</c>. Input <c>[N, F]</c>, output <c>[N, O]</c>.
/// </summary>
public sealed class Linear : KernelLayer
{
    private readonly LinearOperands _operands;
    private Tensor? _output;

    /// <summary>Creates a layer whose weights and bias are zeros. <c>Initialization</c> draws them.</summary>
    /// <param name="kernels">The choice of kernel; the fast one if null.</param>
    public Linear(int inFeatures, int outFeatures, bool bias = true, KernelChoice? kernels = null)
        : this(Shape(inFeatures, outFeatures, bias), kernels)
    {
    }

    private Linear(LinearOperands operands, KernelChoice? kernels) : base(KernelTable.Create("linear", operands, kernels), operands) =>
        _operands = operands;

    public override string Operation => "linear";

    /// <summary>The weights, <c>[outFeatures, inFeatures]</c>.</summary>
    public Parameter Weight => _operands.Weight;

    /// <summary>The bias, <c>[outFeatures]</c>; null without bias.</summary>
    public Parameter? Bias => _operands.Bias;

    public override IReadOnlyList<Parameter> Parameters => Bias is null ? [Weight] : [Weight, Bias];

    internal override long MultiplyAdds => Weight.Value.Length;

    private protected override Tensor ConnectOutput(Tensor input, Layout layout)
    {
        if (input.Shape.Length != 2 || input.Shape[1] != _operands.Inputs)
            throw Shapes.Wrong(Operation, $"[N, {_operands.Inputs}]", input.Shape);
        return Tensor.Reuse(ref _output, layout, input.Images, _operands.Outputs);
    }

    private static LinearOperands Shape(int inFeatures, int outFeatures, bool bias)
    {
        Shapes.AtLeast(1, inFeatures, "linear", nameof(inFeatures));
        Shapes.AtLeast(1, outFeatures, "linear", nameof(outFeatures));
        return new() { Weight = new("weight", outFeatures, inFeatures), Bias = bias ? new("bias", outFeatures) : null };
    }
}
