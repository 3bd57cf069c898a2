using Conformance.Engine.Kernels;
using Conformance.Engine.Kernels.Operations;

namespace Conformance.Engine.Layers;

/// <summary>
/// <c>x</c> where x &gt; 0, else <c>negative_slope · x</c>, for a tensor of any shape (Maas, Hannun and Ng 2013). The slope at 0 is the negative one.
/// Where x is NaN it is the negative one too, and NaN stays NaN (PyTorch's convention).
/// </summary>
public sealed class LeakyReLU : ElementwiseLayer
{
    /// <param name="negativeSlope">Any finite number; it is rounded to float32.</param>
    /// <param name="kernels">Which kernel computes it; the fast one if null.</param>
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

    /// <summary>What a negative number is multiplied by.</summary>
    public float NegativeSlope { get; }
}
