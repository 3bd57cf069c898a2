using Conformance.Oracle;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Conformance.Torch.Operations;

/// <summary>The attribute <c>reduction</c> of the losses: <c>mean</c>, <c>sum</c> or <c>none</c>.</summary>
internal static class Reductions
{
    public static Reduction Reduction(this Attributes attributes) => attributes.Text("reduction") switch
    {
        "none" => nn.Reduction.None,
        "mean" => nn.Reduction.Mean,
        "sum" => nn.Reduction.Sum,
        var name => throw new ArgumentException($"attribute 'reduction': expected mean, sum or none, got {name}"),
    };

    /// <summary>Reduces the losses of a loss that torch lacks: none, mean or sum.</summary>
    public static Tensor Reduced(this Tensor losses, Reduction reduction) => reduction switch
    {
        nn.Reduction.Mean => losses.mean(),
        nn.Reduction.Sum => losses.sum(),
        _ => losses,
    };
}
