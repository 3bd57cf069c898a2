using Conformance.Oracle;

namespace Conformance.Suite.Judging;

/// <summary>An engine with one known mistake. Otherwise it is correct, and rounds to float32.</summary>
public sealed class DefectSubject(Defect defect) : ISubject
{
    public string Name => defect.Id;

    public LayerResult Run(LayerCase layerCase) =>
        AllOperations.Named(layerCase.Op).Evaluate(layerCase, defect).Select((_, tensor) => tensor.Select(value => (float)value));
}
