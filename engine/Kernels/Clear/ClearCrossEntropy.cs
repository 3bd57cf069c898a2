using Conformance.Engine.Kernels.Operations;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Kernels.Clear;

/// <summary>Softmax cross-entropy as plain loops: −Σ q[c]·log softmax(x)[c]. Subtracting the largest logit first prevents overflow.</summary>
internal sealed class ClearCrossEntropy(CrossEntropyOperands o) : Kernel
{
    public override Layout Layout => Layout.Nchw;

    public override void Forward(int block)
    {
        for (int n = 0; n < o.Input.ImagesIn(block); n++)
        {
            var logits = o.Input.Image(block, n);
            var (largest, logSum) = ClearProbabilities.Fill(logits, o.Output.Image(block, n));
            int image = block * Tensor.Lanes + n;
            o.Losses[image] = 0;
            if (o.Ignores(image))
                continue;
            o.Losses[image] = o.TargetShare(image) * (logSum - (logits[o.Targets[image]] - largest));
            for (int c = 0; c < o.Classes && o.LabelSmoothing != 0; c++)
                o.Losses[image] += o.ShareOf(c) * (logSum - (logits[c] - largest));
        }
    }

    /// <summary>dx[c] = (softmax(x)[c]·Σ q − q[c])·dy, with dy the gradient of the image's loss.</summary>
    public override void Backward(int block)
    {
        for (int n = 0; n < o.Input.ImagesIn(block); n++)
        {
            int image = block * Tensor.Lanes + n;
            var probabilities = o.Output.Image(block, n);
            var gradient = o.InputGradient!.Image(block, n);
            float all = o.AllShares(image);
            for (int c = 0; c < o.Classes; c++)
            {
                float share = o.ShareOf(c) + (c == o.Targets[image] ? o.TargetShare(image) : 0);
                gradient[c] = (probabilities[c] * all - share) * o.LossGradients[image];
            }
        }
    }
}
