using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Sample;

/// <summary>Adapts the layer to the suite.</summary>
internal sealed class LinearSubject : ISubject
{
    public string Name => "sample";

    public Declaration Declares => new() { Operations = ["linear"] };

    public LayerResult Run(LayerCase question)
    {
        var (x, w, dy) = (question.Input("input"), question.Input("weight"), question.Cotangents["output"]);
        var layer = new Linear(w.Shape[1], w.Shape[0], w.ToFloats(), question.Inputs.GetValueOrDefault("bias")?.ToFloats());
        return LayerResult
            .FromOutput("output", dy.Shape, layer.Forward(x.ToFloats(), x.Shape[0]))
            .WithGradient("input", x.Shape, layer.Backward(x.ToFloats(), dy.ToFloats(), x.Shape[0]))
            .WithGradient("weight", w.Shape, layer.WeightGradient)
            .WithGradient("bias", [w.Shape[0]], layer.BiasGradient);
    }
}
