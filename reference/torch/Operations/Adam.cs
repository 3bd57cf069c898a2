using static TorchSharp.torch;

namespace Conformance.Torch.Operations;

/// <summary>
/// Adam with <c>betas</c>, <c>eps</c> and <c>weight_decay</c>, which is added to the gradient. <c>exp_avg</c> and <c>exp_avg_sq</c> are outputs too.
/// </summary>
internal static class Adam
{
    public static TorchOperation Operation { get; } = OptimizerSteps.Create<TorchSharp.Modules.Adam.State>(
        "adam",
        (parameter, rate, attributes) => optim.Adam(
            [parameter], rate, attributes.Numbers("betas", 2)[0], attributes.Numbers("betas", 2)[1], attributes.Number("eps"),
                attributes.Number("weight_decay")),
        state => new() { ["exp_avg"] = state.exp_avg, ["exp_avg_sq"] = state.exp_avg_sq });
}
