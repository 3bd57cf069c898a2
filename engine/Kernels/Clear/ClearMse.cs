using Conformance.Engine.Kernels.Operations;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Kernels.Clear;

/// <summary>Squared error as a loop over elements.</summary>
internal sealed class ClearMse(MseOperands o) : Kernel
{
    public override Layout Layout => Layout.Nchw;

    public override void Forward(int block)
    {
        ReadOnlySpan<float> x = o.Input.Slice(block), target = o.Target.Slice(block);
        var losses = o.Output.Slice(block);
        for (int i = 0; i < x.Length; i++)
            losses[i] = (x[i] - target[i]) * (x[i] - target[i]);
    }

    /// <summary>dx = 2·(x − t)·dy, with dy the gradient of the element's loss.</summary>
    public override void Backward(int block)
    {
        ReadOnlySpan<float> x = o.Input.Slice(block), target = o.Target.Slice(block), upstream = o.OutputGradient.Slice(block);
        var gradient = o.InputGradient!.Slice(block);
        for (int i = 0; i < x.Length; i++)
            gradient[i] = 2 * (x[i] - target[i]) * upstream[i];
    }
}
