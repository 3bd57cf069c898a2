using Conformance.Engine.Layers;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Kernels.Clear;

/// <summary>States the sigmoid; an exponential that overflows gives 0. Backward takes the slope from the output.</summary>
internal sealed class ClearSigmoid : Kernel<SigmoidOperands>
{
    public override Layout Layout => Layout.Nchw;

    public override void Forward(SigmoidOperands o, int block)
    {
        var input = o.Input.Slice(block);
        var output = o.Output.Slice(block);
        for (int i = 0; i < input.Length; i++)
            output[i] = 1 / (1 + MathF.Exp(-input[i]));
    }

    public override void Backward(SigmoidOperands o, int block)
    {
        if (o.InputGradient is null)
            return;
        var output = o.Output.Slice(block);
        var outputGradient = o.OutputGradient.Slice(block);
        var inputGradient = o.InputGradient.Slice(block);
        for (int i = 0; i < output.Length; i++)
            inputGradient[i] = outputGradient[i] * (1 - output[i]) * output[i];
    }
}
