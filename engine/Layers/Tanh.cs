using Conformance.Engine.Kernels;

namespace Conformance.Engine.Layers;

/// <summary>
/// The hyperbolic tangent, <c>y = tanh x</c>, for a tensor of any shape; <c>∂y/∂x = 1 − y²</c>. Infinities give ±1; NaN stays NaN.
/// </summary>
/// <param name="kernels">The choice of kernel; the fast one if null.</param>
public sealed class Tanh(KernelChoice? kernels = null) : ElementwiseLayer("tanh", kernels);
