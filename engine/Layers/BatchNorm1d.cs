using Conformance.Engine.Kernels;

namespace Conformance.Engine.Layers;

/// <summary>Batch normalisation of <c>[N, C]</c> or <c>[N, C, L]</c>, as <c>torch.nn.BatchNorm1d</c>.</summary>
public sealed class BatchNorm1d : BatchNorm
{
    /// <param name="features">The number of channels C.</param>
    /// <param name="momentum">m, the weight of a batch in the running statistics, 0–1; null for the plain mean over all batches.</param>
    /// <param name="eps">ε, above 0.</param>
    /// <param name="affine">Whether the layer has trained parameters γ and β; otherwise they are 1 and 0.</param>
    /// <param name="kernels">The choice of kernel; the fast one if null.</param>
    public BatchNorm1d(int features, double? momentum = 0.1, double eps = 1e-5, bool affine = true, KernelChoice? kernels = null)
        : base("batch_norm1d", features, momentum, eps, affine, kernels)
    {
    }

    private protected override bool Takes(int rank) => rank is 2 or 3;

    private protected override string Expected => $"[N, {Features}] or [N, {Features}, L]";
}
