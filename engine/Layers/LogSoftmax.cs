using Conformance.Engine.Kernels;

namespace Conformance.Engine.Layers;

/// <summary>
/// Log-softmax along one axis of a tensor of any shape, as <c>torch.nn.LogSoftmax</c>: <c>y = x − max − log Σ e^(x − max)</c> and <c>dx = dy
/// − eʸ·Σ dy</c>. It stays exact far below the maximum, where the logarithm of a softmax would be −∞.
/// </summary>
/// <param name="dim">The axis; a negative value counts from the last. The forward pass throws if the input has no such axis.</param>
/// <param name="kernels">The choice of kernel; the fast one if null.</param>
public sealed class LogSoftmax(int dim, KernelChoice? kernels = null) : SoftmaxLayer("log_softmax", dim, kernels);
