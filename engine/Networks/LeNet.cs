using Conformance.Engine.Kernels;

namespace Conformance.Engine.Networks;

/// <summary>LeNet for MNIST, with ReLU and max-pooling: 61,706 parameters.</summary>
public static class LeNet
{
    /// <summary>
    /// <c>[N, 1, 28, 28]</c> to ten logits: conv 6@5×5 padding 2, pool 2, conv 16@5×5, pool 2, 120, 84, 10; ReLU after each but the last.
    /// </summary>
    /// <param name="seed">Of the weights; see <see cref="Initialization"/>.</param>
    /// <param name="kernels">Which kernels compute it; the fast ones if null.</param>
    public static Sequential Create(ulong seed, KernelChoice? kernels = null) => NamedNetworks.Named("lenet").Build(seed, kernels);
}
