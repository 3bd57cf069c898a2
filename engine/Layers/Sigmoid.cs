using Conformance.Engine.Kernels;

namespace Conformance.Engine.Layers;

/// <summary>
/// The sigmoid, <c>y = 1/(1 + e⁻ˣ)</c>, for a tensor of any shape; <c>∂y/∂x = y·(1 − y)</c>. Infinities give 0 and 1; NaN stays NaN.
/// </summary>
/// <param name="kernels">The choice of kernel; the fast one if null.</param>
public sealed class Sigmoid(KernelChoice? kernels = null) : ElementwiseLayer("sigmoid", kernels);
