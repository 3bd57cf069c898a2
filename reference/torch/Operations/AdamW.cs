using static TorchSharp.torch;

namespace Conformance.Torch.Operations;

/// <summary>
/// AdamW. It differs from <see cref="Adam"/> in the decay: before the step, <c>lr</c>·<c>weight_decay</c> times the parameter is subtracted from it.
/// </summary>
internal static class AdamW
{
    public static TorchOperation Operation { get; } = OptimizerSteps.Create<TorchSharp.Modules.AdamW.State>(
        "adamw",
        (parameter, rate, attributes) => optim.AdamW(
            [parameter], rate, attributes.Numbers("betas", 2)[0], attributes.Numbers("betas", 2)[1], attributes.Number("eps"),
                attributes.Number("weight_decay")),
        state => new() { ["exp_avg"] = state.exp_avg, ["exp_avg_sq"] = state.exp_avg_sq });
}
