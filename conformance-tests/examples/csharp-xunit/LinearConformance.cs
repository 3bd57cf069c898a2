using Conformance.Oracle;
using Conformance.Suite;
using Xunit;

namespace Sample;

/// <summary>One run for the whole class; its reports are written when the tests are done.</summary>
public sealed class Run : IDisposable
{
    public static ConformanceRun Suite { get; } = new(new LinearSubject());
    public void Dispose() => Suite.Write(Environment.GetEnvironmentVariable("CONFORMANCE_OUT") ?? "conformance");
}

/// <summary>One test for each case.</summary>
public sealed class LinearConformance : IClassFixture<Run>
{
    public static TheoryData<string> Cases => [.. Run.Suite.Cases.Select(name => name.Id)];

    [Theory, MemberData(nameof(Cases))]
    public void Answers_right(string id)
    {
        var outcome = Run.Suite.Judge(new(id, Kernel: null));
        Assert.SkipWhen(outcome.Skipped is not null, outcome.Skipped ?? "");
        Assert.True(outcome.Failure is null, outcome.Failure);
    }
}

/// <summary>The layer as the suite sees it.</summary>
internal sealed class LinearSubject : ISubject
{
    public string Name => "sample";

    public Declaration Declares => new() { Operations = ["linear"] };

    public LayerResult Run(LayerCase question)
    {
        var (x, w, dy) = (question.Input("input"), question.Input("weight"), question.Cotangents["output"]);
        var layer = new Linear(w.Shape[1], w.Shape[0], w.ToFloats(), question.Inputs.GetValueOrDefault("bias")?.ToFloats());
        return LayerResult
            .Of("output", dy.Shape, layer.Forward(x.ToFloats(), x.Shape[0]))
            .WithGradient("input", x.Shape, layer.Backward(x.ToFloats(), dy.ToFloats(), x.Shape[0]))
            .WithGradient("weight", w.Shape, layer.WeightGradient)
            .WithGradient("bias", [w.Shape[0]], layer.BiasGradient);
    }
}
