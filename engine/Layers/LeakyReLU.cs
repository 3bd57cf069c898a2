using Conformance.Engine.Kernels;
using Conformance.Engine.Kernels.Operations;

namespace Conformance.Engine.Layers;

/// <summary>
/// Leaky ReLU (Maas, Hannun and Ng 2013) for a tensor of any shape: <c>x</c> where x &gt; 0, otherwise <c>negative_slope · x</c>. The derivative at
/// 0 is the negative slope. Where x is NaN the output is NaN and the derivative is the negative slope (PyTorch's convention).
/// </summary>
public sealed class LeakyReLU : ElementwiseLayer
{
    /// <param name="negativeSlope">Any finite number; it is rounded to float32.</param>
    /// <param name="kernels">The choice of kernel; the fast one if null.</param>
    /// <exception cref="ArgumentOutOfRangeException">The slope is not finite.</exception>
    public LeakyReLU(double negativeSlope = 0.01, KernelChoice? kernels = null)
        : this(new LeakyReLUOperands { NegativeSlope = (float)negativeSlope }, kernels)
    {
        if (!float.IsFinite((float)negativeSlope))
            throw new ArgumentOutOfRangeException(
                nameof(negativeSlope), negativeSlope, $"leaky_relu: expected a finite negativeSlope, got {negativeSlope}");
    }

    private LeakyReLU(LeakyReLUOperands operands, KernelChoice? kernels)
        : base("leaky_relu", KernelTable.Create("leaky_relu", operands, kernels), operands) => NegativeSlope = operands.NegativeSlope;

    /// <summary>The factor of negative numbers.</summary>
    public float NegativeSlope { get; }
}
