using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Views;

/// <summary>A case whose tensors are views.</summary>
/// <param name="Case">The operation and attributes. An engine computes with the views.</param>
/// <param name="Cotangents">The cotangents by output name; empty if the operation ends in a scalar loss.</param>
public sealed record StridedCase(
    LayerCase Case, IReadOnlyDictionary<string, StridedView> Inputs, IReadOnlyDictionary<string, StridedView> Cotangents);

/// <summary>An engine in C# that computes on buffers with offset and strides. <see cref="StridedSubject.Each"/> makes subjects of it.</summary>
public interface IStridedEngine
{
    /// <summary>The engine's name for reports.</summary>
    string Name { get; }

    /// <summary>The engine's declaration; by default empty.</summary>
    Declaration Declares => Declaration.Nothing;

    /// <summary>Answers a case, see <see cref="ISubject.Run"/>. It must not write to a view's buffer, also not between the view's elements.</summary>
    /// <exception cref="NotSupportedException">The engine does not offer this operation, geometry or layout.</exception>
    LayerResult Run(StridedCase question);
}
