using Conformance.Engine;
using Conformance.Oracle;
using Conformance.Suite;

namespace Conformance.Scratch;

/// <summary>One loss of our engine, forward and backward.</summary>
internal static class ScratchLoss
{
    public static Func<LayerResult> Ready(LayerCase layerCase, Kernels kernels)
    {
        var (attributes, target) = (layerCase.Attributes, layerCase.Input("target").ToInts());
        Missing.Unless(!layerCase.Inputs.ContainsKey("weight"), "class weights");
        Missing.Unless(!attributes.Has("label_smoothing") || attributes.Number("label_smoothing") == 0, "label smoothing");
        Missing.Unless(!attributes.Has("ignore_index") || !target.Contains(attributes.Int("ignore_index")), "ignore_index");
        var reduction = attributes.Text("reduction");
        var loss = new CrossEntropyLoss(reduction == "sum" ? Reduction.Sum : Reduction.Mean, kernels);
        var logits = layerCase.Input("input").ToEngine();
        var cotangent = layerCase.Cotangents.GetValueOrDefault("output")?.ToFloats();
        var guard = new ArgumentGuard();
        guard.Watch("input", () => ArgumentGuard.Hash<float>(logits.ToArray()));
        guard.Watch("target", () => ArgumentGuard.Hash<int>(target));
        guard.Watch("cotangent.output", () => ArgumentGuard.Hash<float>(cotangent));
        return () =>
        {
            var reduced = loss.Forward(logits, target);
            var output = reduction == "none"
                ? new Tensor64(layerCase.Input("target").Shape, Array.ConvertAll(loss.Losses.ToArray(), value => (double)value))
                : Tensor64.Scalar(reduced);
            var gradient = cotangent is null ? loss.Backward() : loss.Backward(cotangent);
            guard.Verify();
            return new(
                new Dictionary<string, Tensor64> { ["output"] = output },
                new Dictionary<string, Tensor64> { ["input"] = gradient.ToTensor64() });
        };
    }
}
