using Conformance.Oracle;
using Conformance.Suite.Diagnosing.Patterns;
using Conformance.Suite.Dialects;
using Conformance.Suite.Judging;
using Conformance.Suite.Running;

namespace Conformance.Tests.Suite.Diagnosing;

/// <summary>An engine that is right but for one tensor, and what the suite sees of it.</summary>
internal sealed class WrongEngine(string tensor, Func<LayerCase, Tensor64, Tensor64> change) : ISubject
{
    public string Name => "wrong";

    public LayerResult Run(LayerCase layerCase)
    {
        var right = AllOperations.Named(layerCase.Op).Evaluate(layerCase);
        return new(Changed("outputs.", right.Outputs), Changed("gradients.", right.Gradients));

        Dictionary<string, Tensor64> Changed(string prefix, IReadOnlyDictionary<string, Tensor64> tensors) => tensors.ToDictionary(
            pair => pair.Key, pair => (prefix + pair.Key == tensor ? change(layerCase, pair.Value) : pair.Value).Select(value => (float)value));
    }

    /// <summary>The one piece of evidence against an engine in some cases.</summary>
    public static Evidence Evidence(string tensor, Func<LayerCase, Tensor64, Tensor64> change, params ReadOnlySpan<string> ids) =>
        Evidence(new WrongEngine(tensor, change), ids);

    public static Evidence Evidence(ISubject engine, params ReadOnlySpan<string> ids) =>
        Conformance.Suite.Diagnosing.Patterns.Evidence
            .Collect([.. ids.ToArray().Select(id => Judge.Run(engine, Question.AnsweredByTheOracle(AllOperations.Draw(id))))])
            .Single();

    /// <summary>The tensor with its axes in another order.</summary>
    public static Tensor64 Permuted(Tensor64 tensor, params int[] order)
    {
        var arrangement = new Arrangement(order, new bool[order.Length]);
        return new(arrangement.Shape(tensor.Shape.ToArray()), [.. arrangement.Sources(tensor.Shape.ToArray()).Select(source => tensor[source])]);
    }

    /// <summary>The same numbers in another shape.</summary>
    public static Tensor64 Reshaped(Tensor64 tensor, params ReadOnlySpan<int> shape) => new(shape, tensor.Data.ToArray());

    /// <summary>Each element from its index and value.</summary>
    public static Tensor64 Each(Tensor64 tensor, Func<int[], double, double> value) =>
        new(tensor.Shape, [.. Enumerable.Range(0, tensor.Length).Select(flat => value(tensor.IndexOf(flat), tensor[flat]))]);
}
