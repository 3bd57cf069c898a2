namespace Conformance.Engine;

/// <summary>Softmax cross-entropy with images innermost: a lane is an image, and the classes are walked one by one.</summary>
internal sealed unsafe class FastCrossEntropy<T> : Kernel<CrossEntropyOperands> where T : unmanaged, ISimd<T>
{
    public override Layout Layout => Layout.Blocked;

    public override void Forward(CrossEntropyOperands o, int block)
    {
        float* logits = o.Input.Block(block);
        float* probabilities = o.Output.Block(block);
        float* losses = stackalloc float[Tensor.Lanes];
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

            T target = default;
            T.Store(losses + lane, target);
            for (int i = lane; i < Math.Min(lane + T.Count, o.Input.ImagesIn(block)); i++)
                losses[i] = logits[o.Targets[block * Tensor.Lanes + i] * Tensor.Lanes + i];
            target = T.Load(losses + lane);
            T.Store(losses + lane, T.Log(sum) - (target - largest));
        }
        new Span<float>(losses, o.Input.ImagesIn(block)).CopyTo(o.Losses.AsSpan(block * Tensor.Lanes));
    }

    /// <summary>∂loss/∂x = (softmax(x) − onehot(target)) · ∂/∂loss</summary>
    public override void Backward(CrossEntropyOperands o, int block)
    {
        float* probabilities = o.Output.Block(block);
        float* inputGradient = o.InputGradient!.Block(block);
        int images = o.Input.ImagesIn(block), first = block * Tensor.Lanes;
        for (int c = 0; c < o.Classes; c++)
            for (int lane = 0; lane < images; lane++)
            {
                float target = o.Targets[first + lane] == c ? 1 : 0;
                inputGradient[c * Tensor.Lanes + lane] = (probabilities[c * Tensor.Lanes + lane] - target) * o.LossGradients[first + lane];
            }
    }
}
