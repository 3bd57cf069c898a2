using static TorchSharp.torch;

namespace Conformance.Torch.Operations;

/// <summary>AdamW: as <see cref="Adam"/>, with <c>weight_decay</c> taken off the parameter itself, times the rate, before the step.</summary>
internal static class AdamW
{
    public static TorchOperation Operation { get; } = OptimizerSteps.Create<TorchSharp.Modules.AdamW.State>(
        "adamw",
        (parameter, rate, attributes) => optim.AdamW(
            [parameter], rate, attributes.Numbers("betas", 2)[0], attributes.Numbers("betas", 2)[1], attributes.Number("eps"),
                attributes.Number("weight_decay")),
        state => new() { ["exp_avg"] = state.exp_avg, ["exp_avg_sq"] = state.exp_avg_sq });
}
