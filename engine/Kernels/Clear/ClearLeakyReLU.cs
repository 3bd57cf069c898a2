using Conformance.Engine.Layers;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Kernels.Clear;

/// <summary>States the leaky ReLU. NaN is not greater than 0, and takes the slope in both passes.</summary>
internal sealed class ClearLeakyReLU : Kernel<LeakyReLUOperands>
{
    public override Layout Layout => Layout.Nchw;

    public override void Forward(LeakyReLUOperands o, int block)
    {
        var input = o.Input.Slice(block);
        var output = o.Output.Slice(block);
        for (int i = 0; i < input.Length; i++)
            output[i] = input[i] > 0 ? input[i] : o.NegativeSlope * input[i];
    }

    public override void Backward(LeakyReLUOperands o, int block)
    {
        if (o.InputGradient is null)
            return;
        var input = o.Input.Slice(block);
        var outputGradient = o.OutputGradient.Slice(block);
        var inputGradient = o.InputGradient.Slice(block);
        for (int i = 0; i < input.Length; i++)
            inputGradient[i] = input[i] > 0 ? outputGradient[i] : o.NegativeSlope * outputGradient[i];
    }
}
