using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Diagnosing.Patterns;

/// <summary>What the field calls the axes of an operation's tensors.</summary>
internal static class Axes
{
    /// <param name="tensor"><c>outputs.output</c>, <c>gradients.weight</c>, …</param>
    public static IReadOnlyList<string> Names(string op, string tensor, int rank)
    {
        var (isOutput, name) = (
            tensor.StartsWith("outputs.", StringComparison.Ordinal), tensor[(tensor.IndexOf('.', StringComparison.Ordinal) + 1)..]);
        string[] names = (op, name, rank) switch
        {
            ("sgd" or "adam" or "adamw", _, 2) => ["step", "element"],
            (_, _, 4) when name.EndsWith("weight", StringComparison.Ordinal) => ["O", "C", "KH", "KW"],
            (_, _, 2) when name.EndsWith("weight", StringComparison.Ordinal) => ["out", "in"],
            (_, _, 1) => [op == "linear" ? "out" : name is "bias" && op == "conv2d" ? "O" : name is "output" ? "N" : "C"],
            ("conv2d", _, 4) when isOutput => ["N", "O", "OH", "OW"],
            (_, "output", 4) when op.EndsWith("pool2d", StringComparison.Ordinal) => ["N", "C", "OH", "OW"],
            ("linear", _, 2) => isOutput ? ["N", "out"] : ["N", "in"],
            (_, _, 2) => ["N", "C"],
            (_, _, 3) => ["N", "C", "L"],
            (_, _, 4) => ["N", "C", "H", "W"],
            _ => [],
        };
        return names.Length == rank ? names : [.. Enumerable.Range(0, rank).Select(axis => $"axis {axis}")];
    }

    /// <summary><c>[O, C, KH, KW]</c></summary>
    public static string Text(IEnumerable<string> names) => $"[{string.Join(", ", names)}]";
}
