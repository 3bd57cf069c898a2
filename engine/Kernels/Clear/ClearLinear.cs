using Conformance.Engine.Kernels.Operations;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Kernels.Clear;

/// <summary>The linear layer as plain loops: y = x·wᵀ + b. Not tuned for speed.</summary>
internal sealed class ClearLinear(LinearOperands o) : Kernel
{
    public override Layout Layout => Layout.Nchw;

    public override void Forward(int block)
    {
        var weight = o.Weight.Value.Span;
        var input = o.Input.Slice(block);
        var output = o.Output.Slice(block);
        for (int n = 0; n < o.Output.ImagesIn(block); n++)
            for (int j = 0; j < o.Outputs; j++)
            {
                float sum = o.Bias is null ? 0 : o.Bias.Value.Span[j];
                for (int f = 0; f < o.Inputs; f++)
                    sum += weight[j * o.Inputs + f] * input[n * o.Inputs + f];
                output[n * o.Outputs + j] = sum;
            }
    }

    public override void Backward(int block)
    {
        if (o.InputGradient is null)
            return;
        var weight = o.Weight.Value.Span;
        var outputGradient = o.OutputGradient.Slice(block);
        var inputGradient = o.InputGradient.Slice(block);
        for (int n = 0; n < o.Output.ImagesIn(block); n++)
            for (int f = 0; f < o.Inputs; f++)
            {
                float sum = 0;
                for (int j = 0; j < o.Outputs; j++)
                    sum += weight[j * o.Inputs + f] * outputGradient[n * o.Outputs + j];
                inputGradient[n * o.Inputs + f] = sum;
            }
    }

    public override int ParameterUnits => o.Outputs;

    /// <summary>Computes the gradients of the weights and the bias of one output.</summary>
    public override void ParameterGradient(int output)
    {
        var weightGradient = o.Weight.Gradient.Span.Slice(output * o.Inputs, o.Inputs);
        weightGradient.Clear();
        float biasGradient = 0;
        for (int n = 0; n < o.Output.Images; n++)
        {
            var (block, image) = Math.DivRem(n, Tensor.Lanes);
            var input = o.Input.Slice(block).Slice(image * o.Inputs, o.Inputs);
            float gradient = o.OutputGradient.Slice(block)[image * o.Outputs + output];
            biasGradient += gradient;
            for (int f = 0; f < o.Inputs; f++)
                weightGradient[f] += gradient * input[f];
        }
        if (o.Bias is not null)
            o.Bias.Gradient.Span[output] = biasGradient;
    }
}
