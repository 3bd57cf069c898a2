using Conformance.Engine.Kernels;
using Conformance.Engine.Losses;
using Conformance.Engine.Tensors;
using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Scratch;

/// <summary>One loss of our engine, forward and backward.</summary>
internal static class ScratchLoss
{
    public static Func<LayerResult> Ready(LayerCase layerCase, KernelChoice kernels)
    {
        var input = layerCase.Input("input").ToEngine();
        var cotangent = layerCase.Cotangents.GetValueOrDefault("output")?.ToFloats();
        var guard = new ArgumentGuard();
        guard.Watch("input", () => ArgumentGuard.Hash<float>(input.ToArray()));
        guard.Watch("cotangent.output", () => ArgumentGuard.Hash<float>(cotangent));
        var (forward, losses, backward) = layerCase.Op == "mse_loss"
            ? OfValues(layerCase, kernels, input, cotangent, guard)
            : OfClasses(layerCase, kernels, input, cotangent, guard);
        return () =>
        {
            var reduced = forward();
            var unreduced = layerCase.Attributes.Text("reduction") == "none";
            var output = unreduced
                ? new Tensor64(layerCase.Input("target").Shape, Array.ConvertAll(losses(), value => (double)value))
                : Tensor64.Scalar(reduced);
            var gradients = new Dictionary<string, Tensor64>();
            if (!unreduced || cotangent is not null)
                gradients["input"] = backward().ToTensor64();
            guard.Verify();
            return new(new Dictionary<string, Tensor64> { ["output"] = output }, gradients);
        };
    }

    private static (Func<float> Forward, Func<float[]> Losses, Func<Tensor> Backward) OfClasses(
        LayerCase layerCase, KernelChoice kernels, Tensor input, float[]? cotangent, ArgumentGuard guard)
    {
        var (loss, target) = (Create(layerCase, kernels), layerCase.Input("target").ToInts());
        guard.Watch("target", () => ArgumentGuard.Hash<int>(target));
        return (() => loss.Forward(input, target), () => loss.Losses.ToArray(), () => cotangent is null ? loss.Backward() : loss.Backward(cotangent));
    }

    private static (Func<float> Forward, Func<float[]> Losses, Func<Tensor> Backward) OfValues(
        LayerCase layerCase, KernelChoice kernels, Tensor input, float[]? cotangent, ArgumentGuard guard)
    {
        var (loss, target) = (new MseLoss(Reduction(layerCase), kernels), layerCase.Input("target").ToEngine());
        guard.Watch("target", () => ArgumentGuard.Hash<float>(target.ToArray()));
        return (() => loss.Forward(input, target), () => loss.Losses.ToArray(), () => cotangent is null ? loss.Backward() : loss.Backward(cotangent));
    }

    private static ClassificationLoss Create(LayerCase layerCase, KernelChoice kernels)
    {
        var (attributes, reduction, weight) = (layerCase.Attributes, Reduction(layerCase), layerCase.Inputs.GetValueOrDefault("weight")?.ToFloats());
        return layerCase.Op switch
        {
            "cross_entropy" => new CrossEntropyLoss(
                reduction, weight, attributes.Int("ignore_index"), (float)attributes.Number("label_smoothing"), kernels),
            "nll_loss" => new NllLoss(reduction, weight, attributes.Int("ignore_index"), kernels),
            "generalized_cross_entropy" => new GeneralizedCrossEntropyLoss(reduction, (float)attributes.Number("q"), kernels),
            _ => throw new NotSupportedException($"the engine has no {layerCase.Op}"),
        };
    }

    private static Reduction Reduction(LayerCase layerCase) =>
        layerCase.Attributes.Text("reduction") == "sum" ? Engine.Losses.Reduction.Sum : Engine.Losses.Reduction.Mean;
}
