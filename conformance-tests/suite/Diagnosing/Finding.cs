using Conformance.Oracle;

namespace Conformance.Suite.Diagnosing;

/// <summary>One known mistake, or two at once, that would give all that was seen.</summary>
public sealed record Explanation(IReadOnlyList<Defect> Defects)
{
    /// <summary>The defect's id; of two, both: <c>conv2d.stride-ignored + conv2d.padding-one-more</c>.</summary>
    public string Id => string.Join(" + ", Defects.Select(defect => defect.Id));
}

/// <summary>Something that the wrong numbers have in common, such as a constant ratio. It says where to look, and claims no more than it has seen.</summary>
/// <param name="Text">One sentence without a full stop.</param>
/// <param name="Class">The kind of mistake that shows like this; null where several do.</param>
public sealed record Pattern(string Text, MistakeClass? Class = null);
