using Conformance.Engine.Kernels.Operations;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Kernels.Fast;

/// <summary>Softmax cross-entropy with images innermost. A lane is an image, and a loop runs over the classes.</summary>
internal sealed unsafe class FastCrossEntropy<T>(CrossEntropyOperands o) : Kernel where T : unmanaged, ISimd<T>
{
    public override Layout Layout => Layout.Blocked;

    public override void Forward(int block)
    {
        float* logits = o.Input.Block(block);
        float* probabilities = o.Output.Block(block);
        int images = o.Input.ImagesIn(block), first = block * Tensor.Lanes;
        float* targets = stackalloc float[Tensor.Lanes]; // the target's logit
        float* shares = stackalloc float[Tensor.Lanes];
        float* losses = stackalloc float[Tensor.Lanes];
        for (int lane = 0; lane < images; lane++)
        {
            targets[lane] = o.Ignores(first + lane) ? 0 : logits[o.Targets[first + lane] * Tensor.Lanes + lane];
            shares[lane] = o.TargetShare(first + lane);
        }
        for (int lane = 0; lane < Tensor.Lanes; lane += T.Count)
        {
            T largest = T.Broadcast(float.NegativeInfinity), sum = default;
            for (int c = 0; c < o.Classes; c++)
                largest = T.Max(largest, T.Load(logits + c * Tensor.Lanes + lane));
            for (int c = 0; c < o.Classes; c++)
            {
                T power = T.Exp(T.Load(logits + c * Tensor.Lanes + lane) - largest);
                T.Store(probabilities + c * Tensor.Lanes + lane, power);
                sum += power;
            }
            for (int c = 0; c < o.Classes; c++)
                T.Store(probabilities + c * Tensor.Lanes + lane, T.Load(probabilities + c * Tensor.Lanes + lane) / sum);

            T logSum = T.Log(sum);
            T loss = T.Load(shares + lane) * (logSum - (T.Load(targets + lane) - largest));
            for (int c = 0; c < o.Classes && o.LabelSmoothing != 0; c++)
                loss += T.Broadcast(o.ShareOf(c)) * (logSum - (T.Load(logits + c * Tensor.Lanes + lane) - largest));
            T.Store(losses + lane, loss);
        }
        for (int lane = 0; lane < images; lane++)
            o.Losses[first + lane] = o.Ignores(first + lane) ? 0 : losses[lane];
    }

    /// <summary>dx[c] = (softmax(x)[c]·Σ q − q[c])·dy, with dy the gradient of the image's loss.</summary>
    public override void Backward(int block)
    {
        float* probabilities = o.Output.Block(block);
        float* inputGradient = o.InputGradient!.Block(block);
        int images = o.Input.ImagesIn(block), first = block * Tensor.Lanes;
        float* targets = stackalloc float[Tensor.Lanes]; // class numbers: far below 2²⁴, so exact
        float* shares = stackalloc float[Tensor.Lanes];
        float* all = stackalloc float[Tensor.Lanes];
        float* upstream = stackalloc float[Tensor.Lanes];
        for (int lane = 0; lane < images; lane++)
        {
            targets[lane] = o.Targets[first + lane];
            shares[lane] = o.TargetShare(first + lane);
            all[lane] = o.AllShares(first + lane);
            upstream[lane] = o.LossGradients[first + lane];
        }
        for (int c = 0; c < o.Classes; c++)
        {
            T number = T.Broadcast(c), every = T.Broadcast(o.ShareOf(c));
            for (int lane = 0; lane < Tensor.Lanes; lane += T.Count)
            {
                T share = every + T.WhereEqual(T.Load(targets + lane), number, T.Load(shares + lane));
                T gradient = T.Load(probabilities + c * Tensor.Lanes + lane) * T.Load(all + lane) - share;
                T.Store(inputGradient + c * Tensor.Lanes + lane, gradient * T.Load(upstream + lane));
            }
        }
    }
}
