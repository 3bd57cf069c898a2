using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Conformance.Torch.Operations;

/// <summary>
/// SGD with <c>momentum</c>, <c>dampening</c>, <c>weight_decay</c> and <c>nesterov</c>. With a momentum, <c>momentum_buffer</c> is an output too.
/// </summary>
internal static class Sgd
{
    public static TorchOperation Operation { get; } = OptimizerSteps.Create<SGD.State>(
        "sgd",
        (parameter, rate, attributes) => optim.SGD(
            [parameter], rate, attributes.Number("momentum"), attributes.Number("dampening"), attributes.Number("weight_decay"),
                attributes.Flag("nesterov")),
        state => new() { ["momentum_buffer"] = state.momentum_buffer });
}
