using Conformance.Engine.Kernels.Operations;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Kernels.Clear;

/// <summary>A function of one number: y = f(x).</summary>
internal interface IFunction
{
    /// <summary>Whether <see cref="Backward"/> computes the slope from the input; otherwise from the output.</summary>
    static abstract bool SlopeOfInput { get; }

    float Forward(float x);

    /// <summary>Returns dx for dy.</summary>
    /// <param name="kept">The input or the output, depending on <see cref="SlopeOfInput"/>.</param>
    float Backward(float kept, float dy);
}

/// <summary>Applies a function to each element.</summary>
internal sealed class ClearElementwise<TFunction>(Operands o, TFunction function) : Kernel where TFunction : struct, IFunction
{
    public override Layout Layout => Layout.Nchw;

    public override void Forward(int block)
    {
        var input = o.Input.Slice(block);
        var output = o.Output.Slice(block);
        for (int i = 0; i < input.Length; i++)
            output[i] = function.Forward(input[i]);
    }

    public override void Backward(int block)
    {
        if (o.InputGradient is null)
            return;
        var kept = (TFunction.SlopeOfInput ? o.Input : o.Output).Slice(block);
        var outputGradient = o.OutputGradient.Slice(block);
        var inputGradient = o.InputGradient.Slice(block);
        for (int i = 0; i < kept.Length; i++)
            inputGradient[i] = function.Backward(kept[i], outputGradient[i]);
    }
}

/// <summary>ReLU. The comparisons are false for NaN, so that NaN passes through.</summary>
internal readonly struct ClearReLU : IFunction
{
    public static bool SlopeOfInput => false;

    public float Forward(float x) => x <= 0 ? 0 : x;

    public float Backward(float kept, float dy) => kept <= 0 ? 0 : dy;
}

/// <summary>Leaky ReLU. NaN is not greater than 0, so it is multiplied by the slope in both passes.</summary>
internal readonly struct ClearLeakyReLU(float slope) : IFunction
{
    public static bool SlopeOfInput => true;

    public float Forward(float x) => x > 0 ? x : slope * x;

    public float Backward(float kept, float dy) => kept > 0 ? dy : slope * dy;
}

/// <summary>The hyperbolic tangent.</summary>
internal readonly struct ClearTanh : IFunction
{
    public static bool SlopeOfInput => false;

    public float Forward(float x) => MathF.Tanh(x);

    public float Backward(float kept, float dy) => dy * (1 - kept * kept);
}

/// <summary>The sigmoid. An exponential that overflows gives 0.</summary>
internal readonly struct ClearSigmoid : IFunction
{
    public static bool SlopeOfInput => false;

    public float Forward(float x) => 1 / (1 + MathF.Exp(-x));

    public float Backward(float kept, float dy) => dy * (1 - kept) * kept;
}
