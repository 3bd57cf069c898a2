using Conformance.Engine.Layers;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Kernels.Clear;

/// <summary>States the ReLU. The comparisons are written so that NaN falls through them.</summary>
internal sealed class ClearReLU : Kernel<ReLUOperands>
{
    public override Layout Layout => Layout.Nchw;

    public override void Forward(ReLUOperands o, int block)
    {
        var input = o.Input.Slice(block);
        var output = o.Output.Slice(block);
        for (int i = 0; i < input.Length; i++)
            output[i] = input[i] <= 0 ? 0 : input[i];
    }

    public override void Backward(ReLUOperands o, int block)
    {
        if (o.InputGradient is null)
            return;
        var output = o.Output.Slice(block);
        var outputGradient = o.OutputGradient.Slice(block);
        var inputGradient = o.InputGradient.Slice(block);
        for (int i = 0; i < output.Length; i++)
            inputGradient[i] = output[i] <= 0 ? 0 : outputGradient[i];
    }
}
