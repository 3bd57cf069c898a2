using Conformance.Oracle;

namespace Conformance.Suite;

/// <summary>An engine with one known mistake: right in all else, and rounded to float32 as engines are.</summary>
public sealed class DefectSubject(Defect defect) : ISubject
{
    public string Name => defect.Id;

    public LayerResult Run(LayerCase layerCase)
    {
        var result = AllOperations.Named(layerCase.Op).Evaluate(layerCase, defect);
        return new(Rounded(result.Outputs), Rounded(result.Gradients));
    }

    private static Dictionary<string, Tensor64> Rounded(IReadOnlyDictionary<string, Tensor64> tensors) =>
        tensors.ToDictionary(pair => pair.Key, pair => pair.Value.Select(value => (float)value));
}
