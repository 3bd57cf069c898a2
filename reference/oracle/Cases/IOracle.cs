namespace Conformance.Oracle;

/// <summary>A library that answers every case with the right numbers: live torch, or what stands in for it in a test.</summary>
public interface IOracle
{
    /// <summary>What answers, with its version: shown in every report.</summary>
    string Name { get; }

    LayerResult Evaluate(LayerCase layerCase);
}
