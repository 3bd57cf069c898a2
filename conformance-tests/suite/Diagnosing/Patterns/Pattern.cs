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

    /// <summary>The declaration of the convention that has this pattern; null if there is none.</summary>
    public string? Declare { get; init; }
}
