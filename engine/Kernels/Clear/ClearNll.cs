using Conformance.Engine.Kernels.Operations;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Kernels.Clear;

/// <summary>Negative log-likelihood as plain loops: −w[target]·x[target].</summary>
internal sealed class ClearNll(ClassificationOperands o) : Kernel
{
    public override Layout Layout => Layout.Nchw;

    public override void Forward(int block)
    {
        for (int n = 0; n < o.Input.ImagesIn(block); n++)
        {
            int image = block * Tensor.Lanes + n, target = o.Targets[image];
            o.Losses[image] = o.Ignores(image) ? 0 : -o.WeightOf(target) * o.Input.Image(block, n)[target];
        }
    }

    /// <summary>dx[target] = −w[target]·dy, with dy the gradient of the image's loss.</summary>
    public override void Backward(int block)
    {
        o.InputGradient!.Slice(block).Clear();
        for (int n = 0; n < o.Input.ImagesIn(block); n++)
        {
            int image = block * Tensor.Lanes + n, target = o.Targets[image];
            if (!o.Ignores(image))
                o.InputGradient.Image(block, n)[target] = -o.WeightOf(target) * o.LossGradients[image];
        }
    }
}
