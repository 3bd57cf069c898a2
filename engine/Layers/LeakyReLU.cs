using Conformance.Engine.Kernels;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Layers;

/// <summary>What a leaky ReLU's layer and kernels share.</summary>
internal sealed class LeakyReLUOperands : Operands
{
    public required float NegativeSlope;
}

/// <summary>
/// <c>x</c> where x &gt; 0, else <c>negative_slope · x</c>, for a tensor of any shape (Maas, Hannun and Ng 2013). The slope at 0 is the negative one, and so it is where x is
/// NaN, which stays NaN (PyTorch's convention).
/// </summary>
public sealed class LeakyReLU : KernelLayer
{
    private readonly LeakyReLUOperands _operands;
    private Tensor? _output;

    /// <param name="negativeSlope">Any finite number; it is rounded to float32.</param>
    /// <param name="kernels">Which kernel computes it; the fast one if null.</param>
    /// <exception cref="ArgumentOutOfRangeException">The slope is not finite.</exception>
    public LeakyReLU(double negativeSlope = 0.01, KernelChoice? kernels = null)
        : this(new LeakyReLUOperands { NegativeSlope = (float)negativeSlope }, kernels)
    {
        if (!float.IsFinite((float)negativeSlope))
            throw new ArgumentOutOfRangeException(nameof(negativeSlope), negativeSlope, $"leaky_relu: expected a finite negativeSlope, got {negativeSlope}");
    }

    private LeakyReLU(LeakyReLUOperands operands, KernelChoice? kernels) : base(Computation.Of("leaky_relu", kernels, operands)) => _operands = operands;

    public override string Operation => "leaky_relu";

    /// <summary>What a negative number is multiplied by.</summary>
    public float NegativeSlope => _operands.NegativeSlope;

    private protected override Tensor ConnectOutput(Tensor input, Layout layout) => Tensor.Reuse(ref _output, layout, input.Shape);
}
