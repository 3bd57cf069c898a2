using Conformance.Oracle;

namespace Conformance.Suite.Judging;

/// <summary>A subject of judgement: an engine, one of its kernels, or a known defect.</summary>
public interface ISubject
{
    /// <summary>The engine's name for reports.</summary>
    string Name { get; }

    /// <summary>The kernel variant; null if the engine has no variants.</summary>
    string? Kernel => null;

    /// <summary>The engine's declaration; by default empty.</summary>
    Declaration Declares => Declaration.Nothing;

    /// <summary>The options with which <c>check</c> judges it, such as <c>--command "python3 my_engine.py"</c>; null if there are none.</summary>
    string? Options => null;

    /// <summary>
    /// Answers a case with its outputs, and the gradient of each floating-point input. It must not change the case's arrays.
    /// </summary>
    /// <exception cref="NotSupportedException">
    /// The engine does not offer this operation or geometry. The case is shown and counted as unsupported, never as passed.
    /// </exception>
    LayerResult Run(LayerCase layerCase);
}
