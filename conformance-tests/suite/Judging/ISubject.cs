using Conformance.Oracle;

namespace Conformance.Suite.Judging;

/// <summary>What is judged: an engine, one of its kernels, or a known defect.</summary>
public interface ISubject
{
    /// <summary>The engine's name, as reports show it.</summary>
    string Name { get; }

    /// <summary>The kernel variant, or null where the engine has no choice of them.</summary>
    string? Kernel => null;

    /// <summary>What the engine says of itself; by default nothing.</summary>
    Declaration Declares => Declaration.Nothing;

    /// <summary>The options with which <c>check</c> judges it, such as <c>--command "python3 my_engine.py"</c>; null where there are none.</summary>
    string? Options => null;

    /// <summary>
    /// Answers a case: its outputs, and the gradient of each floating-point input. Must not change the case's arrays.
    /// </summary>
    /// <exception cref="NotSupportedException">The engine does not offer this operation or geometry: shown and counted, never as passed.</exception>
    LayerResult Run(LayerCase layerCase);
}
