using Conformance.Engine.Kernels;

namespace Conformance.Engine.Layers;

/// <summary>
/// ReLU, <c>max(x, 0)</c>, for a tensor of any shape. NaN stays NaN and its gradient passes; the gradient at 0 is 0 (PyTorch's convention).
/// </summary>
/// <param name="kernels">The choice of kernel; the fast one if null.</param>
public sealed class ReLU(KernelChoice? kernels = null) : ElementwiseLayer("relu", kernels);
