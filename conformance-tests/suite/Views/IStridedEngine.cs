using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Views;

/// <summary>A case whose tensors are views.</summary>
/// <param name="Case">Its operation and attributes; what an engine computes with are the views.</param>
/// <param name="Cotangents">By output name; empty where the operation ends in a scalar loss.</param>
public sealed record StridedCase(
    LayerCase Case, IReadOnlyDictionary<string, StridedView> Inputs, IReadOnlyDictionary<string, StridedView> Cotangents);

/// <summary>An engine in C# that takes buffers with offset and strides. <see cref="StridedSubject.Each"/> makes subjects of it.</summary>
public interface IStridedEngine
{
    /// <summary>The engine's name, as reports show it.</summary>
    string Name { get; }

    /// <summary>What the engine says of itself; by default nothing.</summary>
    Declaration Declares => Declaration.Nothing;

    /// <summary>Answers a case, as <see cref="ISubject.Run"/> does. Must not write to a view's buffer, between its elements neither.</summary>
    /// <exception cref="NotSupportedException">The engine does not offer this operation, geometry or layout.</exception>
    LayerResult Run(StridedCase question);
}
