namespace Conformance.Engine;

/// <summary>LeNet for MNIST, with ReLU and max-pooling: 61,706 parameters.</summary>
public static class LeNet
{
    /// <summary>
    /// <c>[N, 1, 28, 28]</c> to ten logits: conv 6@5×5 padding 2, pool 2, conv 16@5×5, pool 2, 120, 84, 10; ReLU after each but the last.
    /// </summary>
    /// <param name="seed">Of the weights; see <see cref="HeInitialization"/>.</param>
    /// <param name="kernels">Which kernels compute it; the fast ones if null.</param>
    public static Sequential Create(ulong seed, Kernels? kernels = null)
    {
        var net = new Sequential(
            ("conv1", new Conv2d(1, 6, 5, padding: 2, kernels: kernels)),
            ("relu1", new ReLU(kernels)),
            ("pool1", new MaxPool2d(2, kernels: kernels)),
            ("conv2", new Conv2d(6, 16, 5, kernels: kernels)),
            ("relu2", new ReLU(kernels)),
            ("pool2", new MaxPool2d(2, kernels: kernels)),
            ("flatten", new Flatten()),
            ("fc1", new Linear(400, 120, kernels: kernels)),
            ("relu3", new ReLU(kernels)),
            ("fc2", new Linear(120, 84, kernels: kernels)),
            ("relu4", new ReLU(kernels)),
            ("fc3", new Linear(84, 10, kernels: kernels)));
        HeInitialization.Fill(net.Parameters, seed);
        return net;
    }
}
