using Conformance.Oracle;

namespace Conformance.Suite.Judging;

/// <summary>
/// An engine that computes in float32: the oracle's correct plain engine, or with a known mistake. A tap operation rounds every term and adds in the
/// given order. The results of a formula have errors of up to a quarter of the tolerance, as those of correct engines.
/// </summary>
public sealed class OracleSubject(Summation order, Defect? defect = null) : ISubject
{
    private const double Share = 0.25;

    public string Name => defect?.Id ?? $"float32, {order.ToString().ToLowerInvariant()}";

    public LayerResult Run(LayerCase layerCase)
    {
        var operation = AllOperations.Named(layerCase.Op);
        if (defect is null)
            return operation.Float32(layerCase, order);
        if (operation is TapOperation taps && layerCase.Refused is null)
            return taps.Float32(layerCase, order, defect).Select((_, tensor) => tensor.Select(value => (float)value));
        var answer = operation.Evaluate(layerCase, defect);
        if (layerCase.Tier == Tier.Exact || operation.Kind is OperationKind.Network) // the layers of a network do not add noise to each tensor
            return answer.Select((_, tensor) => tensor.Select(value => (float)value));
        var right = operation.Evaluate(layerCase);
        var bound = operation.Bound(layerCase, right);
        return answer.Select((name, tensor) =>
        {
            var (noise, i) = (new Fill(layerCase.Seed, layerCase.Id, "noise of " + name).Uniform(Share, tensor.Shape), 0);
            var fits = right.Tensors.First(pair => pair.Key == name).Value.HasShape(tensor.Shape);
            return tensor.Select(value => (float)(value + (fits ? noise[i] * bound.At(name, i++) : 0)));
        });
    }
}
