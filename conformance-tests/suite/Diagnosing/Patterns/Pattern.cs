using Conformance.Oracle;

namespace Conformance.Suite.Diagnosing.Patterns;

/// <summary>
/// Something that the wrong numbers have in common, such as a constant ratio. It says where to look, and claims no more than it has seen.
/// </summary>
/// <param name="Text">One sentence without a full stop.</param>
/// <param name="Class">The kind of mistake that shows like this; null where several do.</param>
public sealed record Pattern(string Text, MistakeClass? Class = null)
{
    /// <summary>Whether it says that the answer lacks a tensor.</summary>
    public bool IsMissing { get; init; }

    /// <summary>Whether it says of NaN and the infinities, too, what happens there.</summary>
    public bool CoversEdges { get; init; }

    /// <summary>The convention that it is elsewhere, as it is declared; null where it is none.</summary>
    public string? Declare { get; init; }
}
