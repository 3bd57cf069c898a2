using Conformance.Engine.Kernels;

namespace Conformance.Engine.Layers;

/// <summary>
/// <c>y = x − max − log Σ e^(x − max)</c> along one axis, as <c>torch.nn.LogSoftmax</c>; <c>dx = dy − eʸ·Σ dy</c>. Far below the maximum it stays
/// exact, where the logarithm of a softmax would be −∞.
/// </summary>
/// <param name="dim">The axis; a negative one counts from the last. Whether the input has it shows in the forward pass.</param>
/// <param name="kernels">Which kernel computes it; the fast one if null.</param>
public sealed class LogSoftmax(int dim, KernelChoice? kernels = null) : SoftmaxLayer("log_softmax", dim, kernels);
