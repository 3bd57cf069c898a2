namespace Conformance.Oracle;

/// <summary>Something that knows the right answer: live torch, a stored vector, or the taps.</summary>
public interface IOracle
{
    /// <summary>What answers, with its version: shown in every report.</summary>
    string Name { get; }

    LayerResult Evaluate(LayerCase layerCase);
}
