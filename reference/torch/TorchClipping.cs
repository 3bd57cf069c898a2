using Conformance.Torch.Operations;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Conformance.Torch;

/// <summary>Torch's gradient clipping, in float32. Each array is the gradient of one parameter.</summary>
public static class TorchClipping
{
    /// <summary>The common norm before clipping, and the gradients after <c>clip_grad_norm_</c>.</summary>
    public static (double Norm, float[][] Gradients) ByNorm(float[][] gradients, double maxNorm)
    {
        double norm = 0;
        var clipped = Clipped(gradients, parameters => norm = nn.utils.clip_grad_norm_(parameters, maxNorm));
        return (norm, clipped);
    }

    /// <summary>The gradients after <c>clip_grad_value_</c>.</summary>
    public static float[][] ByValue(float[][] gradients, double maxValue) =>
        Clipped(gradients, parameters => nn.utils.clip_grad_value_(parameters, maxValue));

    private static float[][] Clipped(float[][] gradients, Action<Parameter[]> clip)
    {
        TorchRuntime.Require(float32: true);
        using var threads = new ThreadCount(1);
        using var scope = NewDisposeScope();
        var parameters = Array.ConvertAll(gradients, gradient => new Parameter(tensor(new float[gradient.Length], [gradient.Length])));
        foreach (var (parameter, gradient) in parameters.Zip(gradients))
            (parameter * tensor(gradient, [gradient.Length])).sum().backward(); // sets the parameter's gradient to exactly this
        clip(parameters);
        return Array.ConvertAll(parameters, parameter => parameter.grad!.ToArray<float>(ScalarType.Float32));
    }
}
