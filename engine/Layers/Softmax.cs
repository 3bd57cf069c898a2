using Conformance.Engine.Kernels;

namespace Conformance.Engine.Layers;

/// <summary>
/// <c>y = e^(x − max) / Σ e^(x − max)</c> along one axis, as <c>torch.nn.Softmax</c>; <c>dx = y·(dy − Σ y·dy)</c>. With the maximum off, nothing
/// overflows. A row that holds a NaN, +∞ or nothing but −∞ becomes NaN.
/// </summary>
/// <param name="dim">The axis; a negative one counts from the last. Whether the input has it shows in the forward pass.</param>
/// <param name="kernels">Which kernel computes it; the fast one if null.</param>
public sealed class Softmax(int dim, KernelChoice? kernels = null) : SoftmaxLayer("softmax", dim, kernels);
