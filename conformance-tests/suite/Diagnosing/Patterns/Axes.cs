using Conformance.Oracle;

namespace Conformance.Suite.Diagnosing.Patterns;

/// <summary>The usual names of the axes of each tensor, such as [O, C, KH, KW].</summary>
internal static class Axes
{
    /// <param name="tensor"><c>outputs.output</c>, <c>gradients.weight</c>, …</param>
    public static IReadOnlyList<string> Names(string op, string tensor, int rank) => AllOperations.Named(op).AxisNames(tensor, rank);

    /// <summary>One place of an axis in words: <c>channel</c>.</summary>
    public static string Noun(string name) => name switch
    {
        "N" => "image or row",
        "C" => "channel",
        "O" => "output channel",
        "H" or "OH" => "row",
        "W" or "OW" => "column",
        "KH" => "kernel row",
        "KW" => "kernel column",
        "in" or "out" => $"{name}put",
        _ => name,
    };

    /// <summary>Several places of an axis in words: <c>channels</c>.</summary>
    public static string Nouns(string name) => name == "N" ? "images or rows" : Noun(name) + "s";

    /// <summary>The names as text: <c>[O, C, KH, KW]</c>.</summary>
    public static string Text(IEnumerable<string> names) => $"[{string.Join(", ", names)}]";
}
