using Conformance.Engine.Kernels.Operations;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Kernels.Clear;

/// <summary>
/// Generalized cross-entropy as plain loops: (1 − p^q)/q with p the target's softmax. The power is computed as exp(q·log p), because p^q may be
/// positive where p underflows to 0.
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
            // Float64, because for a small q the difference from 1 cancels digits.
            double power = Math.Exp((double)o.Q * (logits[o.Targets[image]] - largest - logSum));
            o.Powers[image] = (float)power;
            o.Losses[image] = (float)((1 - power) / o.Q);
        }
    }

    /// <summary>dx[c] = p^q · (softmax(x)[c] − [c = target]) · dy, with dy the gradient of the image's loss.</summary>
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
