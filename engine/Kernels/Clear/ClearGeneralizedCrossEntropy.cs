using Conformance.Engine.Kernels.Operations;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Kernels.Clear;

/// <summary>
/// States generalized cross-entropy: (1 − p^q)/q of the target's softmax p. The power is exp(q·log p): where p has become 0 its power has not.
/// </summary>
internal sealed class ClearGeneralizedCrossEntropy(GeneralizedCrossEntropyOperands o) : Kernel
{
    public override Layout Layout => Layout.Nchw;

    public override void Forward(int block)
    {
        for (int n = 0; n < o.Input.ImagesIn(block); n++)
        {
            var logits = o.Input.Image(block, n);
            var (largest, logSum) = ClearProbabilities.Fill(logits, o.Output.Image(block, n));
            int image = block * Tensor.Lanes + n;
            // Float64: for a small q the difference from 1 cancels.
            double power = Math.Exp((double)o.Q * (logits[o.Targets[image]] - largest - logSum));
            o.Powers[image] = (float)power;
            o.Losses[image] = (float)((1 - power) / o.Q);
        }
    }

    /// <summary>∂loss/∂x[c] = p^q · (softmax(x)[c] − [c = target]) · ∂/∂loss</summary>
    public override void Backward(int block)
    {
        for (int n = 0; n < o.Input.ImagesIn(block); n++)
        {
            int image = block * Tensor.Lanes + n;
            var probabilities = o.Output.Image(block, n);
            var gradient = o.InputGradient!.Image(block, n);
            for (int c = 0; c < o.Classes; c++)
            {
                float target = c == o.Targets[image] ? 1 : 0;
                gradient[c] = o.Powers[image] * (probabilities[c] - target) * o.LossGradients[image];
            }
        }
    }
}
