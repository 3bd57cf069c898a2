using Conformance.Oracle;

namespace Conformance.Suite.Diagnosing.Patterns;

/// <summary>
/// A common property of the wrong numbers, such as a constant ratio. It shows where to look, and claims no more than was observed.
/// </summary>
/// <param name="Text">One sentence without a full stop.</param>
/// <param name="Class">The class of mistake that has this pattern; null if there are several.</param>
public sealed record Pattern(string Text, MistakeClass? Class = null)
{
    /// <summary>Whether the pattern is that the answer lacks a tensor.</summary>
    public bool IsMissing { get; init; }

    /// <summary>Whether it says of NaN and the infinities, too, what happens there.</summary>
    public bool CoversEdges { get; init; }

    /// <summary>The convention that it is elsewhere, as it is declared; null where it is none.</summary>
    public string? Declare { get; init; }
}
