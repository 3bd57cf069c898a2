namespace Conformance.Engine;

/// <summary>States softmax cross-entropy: −log softmax(x)[target], with the largest logit taken off first so that nothing overflows.</summary>
internal sealed class ClearCrossEntropy : Kernel<CrossEntropyOperands>
{
    public override Layout Layout => Layout.Nchw;

    public override void Forward(CrossEntropyOperands o, int block)
    {
        int classes = o.Classes;
        for (int n = 0; n < o.Input.ImagesIn(block); n++)
        {
            var logits = o.Input.Slice(block).Slice(n * classes, classes);
            var probabilities = o.Output.Slice(block).Slice(n * classes, classes);
            float largest = float.NegativeInfinity;
            foreach (float logit in logits)
                largest = MathF.Max(largest, logit);
            float sum = 0;
            for (int c = 0; c < classes; c++)
                sum += probabilities[c] = MathF.Exp(logits[c] - largest);
            for (int c = 0; c < classes; c++)
                probabilities[c] /= sum;
            int image = block * Tensor.Lanes + n;
            o.Losses[image] = MathF.Log(sum) - (logits[o.Targets[image]] - largest);
        }
    }

    /// <summary>∂loss/∂x = (softmax(x) − onehot(target)) · ∂/∂loss</summary>
    public override void Backward(CrossEntropyOperands o, int block)
    {
        int classes = o.Classes;
        for (int n = 0; n < o.Input.ImagesIn(block); n++)
        {
            int image = block * Tensor.Lanes + n;
            for (int c = 0; c < classes; c++)
            {
                float target = c == o.Targets[image] ? 1 : 0;
                o.InputGradient!.Slice(block)[n * classes + c] = (o.Output.Slice(block)[n * classes + c] - target) * o.LossGradients[image];
            }
        }
    }
}
