using Conformance.Oracle;

namespace Conformance.Suite.Diagnosing.Patterns;

/// <summary>The usual names of the axes of each tensor, such as [O, C, KH, KW].</summary>
internal static class Axes
{
    /// <param name="tensor"><c>outputs.output</c>, <c>gradients.weight</c>, …</param>
    public static IReadOnlyList<string> Names(string op, string tensor, int rank) => AllOperations.Named(op).AxisNames(tensor, rank);

    /// <summary>The names as text: <c>[O, C, KH, KW]</c>.</summary>
    public static string Text(IEnumerable<string> names) => $"[{string.Join(", ", names)}]";
}
