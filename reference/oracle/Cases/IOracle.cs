namespace Conformance.Oracle;

/// <summary>A library that gives the correct answer to every case: live torch, or a substitute in a test.</summary>
public interface IOracle
{
    /// <summary>The name and version of the library, for reports.</summary>
    string Name { get; }

    LayerResult Evaluate(LayerCase layerCase);
}
