using Conformance.NUnit;
using Conformance.Oracle;
using Conformance.Suite.Judging;
using NUnit.Framework;

namespace Sample;

/// <summary>The complete test class: `dotnet test` runs one test per case of linear.</summary>
[TestFixture]
public sealed class LinearConformance : EngineConformance, ISubject
{
    public string Name => "sample";
    protected override ISubject Engine => this;
    protected override IReadOnlyList<string> Operations => ["linear"];

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
