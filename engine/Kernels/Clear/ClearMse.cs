using Conformance.Engine.Kernels.Operations;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Kernels.Clear;

/// <summary>States the squared error, element by element.</summary>
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

    /// <summary>∂loss/∂x = 2·(x − t) · ∂/∂loss</summary>
    public override void Backward(int block)
    {
        ReadOnlySpan<float> x = o.Input.Slice(block), target = o.Target.Slice(block), upstream = o.OutputGradient.Slice(block);
        var gradient = o.InputGradient!.Slice(block);
        for (int i = 0; i < x.Length; i++)
            gradient[i] = 2 * (x[i] - target[i]) * upstream[i];
    }
}
