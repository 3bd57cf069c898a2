using Conformance.Engine.Kernels;

namespace Conformance.Engine.Layers;

/// <summary><c>y = 1/(1 + e⁻ˣ)</c> for a tensor of any shape; <c>∂y/∂x = y·(1 − y)</c>. Infinities become 0 and 1; NaN stays NaN.</summary>
/// <param name="kernels">Which kernel computes it; the fast one if null.</param>
public sealed class Sigmoid(KernelChoice? kernels = null) : ElementwiseLayer("sigmoid", kernels);
