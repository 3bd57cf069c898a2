using Conformance.Engine.Kernels;

namespace Conformance.Engine.Layers;

/// <summary>
/// Softmax along one axis of a tensor of any shape, as <c>torch.nn.Softmax</c>: <c>y = e^(x − max) / Σ e^(x − max)</c> and <c>dx = y·(dy − Σ
/// y·dy)</c>. Subtracting the maximum prevents overflow. A row with a NaN, with +∞, or of −∞ only gives NaN.
/// </summary>
/// <param name="dim">The axis; a negative value counts from the last. The forward pass throws if the input has no such axis.</param>
/// <param name="kernels">The choice of kernel; the fast one if null.</param>
public sealed class Softmax(int dim, KernelChoice? kernels = null) : SoftmaxLayer("softmax", dim, kernels);
