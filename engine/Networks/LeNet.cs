using Conformance.Engine.Kernels;

namespace Conformance.Engine.Networks;

/// <summary>LeNet for MNIST, with ReLU and max-pooling. It has 61,706 parameters.</summary>
public static class LeNet
{
    /// <summary>
    /// Creates the network from <c>[N, 1, 28, 28]</c> to ten logits: conv 6@5×5 with padding 2, pool 2, conv 16@5×5, pool 2, linear 120, 84, 10.
    /// ReLU follows each convolution and linear layer but the last.
    /// </summary>
    /// <param name="seed">The seed of the weights; see <see cref="Initialization"/>.</param>
    /// <param name="kernels">The choice of kernels; the fast ones if null.</param>
    public static Sequential Create(ulong seed, KernelChoice? kernels = null) => NamedNetworks.Named("lenet").Build(seed, kernels);
}
