using Conformance.Engine.Kernels;

namespace Conformance.Engine.Layers;

/// <summary>
/// <c>max(x, 0)</c> for a tensor of any shape. NaN passes, and so does its gradient; the gradient at 0 is 0 (PyTorch's convention).
/// </summary>
/// <param name="kernels">Which kernel computes it; the fast one if null.</param>
public sealed class ReLU(KernelChoice? kernels = null) : ElementwiseLayer("relu", kernels);
