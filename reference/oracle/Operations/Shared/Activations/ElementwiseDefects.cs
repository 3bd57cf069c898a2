using static Conformance.Oracle.MistakeClass;

namespace Conformance.Oracle.Operations;

/// <summary>Known mistakes of every operation that works element by element: its loops, and its values.</summary>
internal static class ElementwiseDefects
{
    private const Passes Both = Passes.Forward | Passes.InputGradient;

    /// <summary>The mistakes of an operation that masks or scales its elements.</summary>
    public static IEnumerable<Defect> For(string op) => [.. Loops(op), .. GradientDefects.For(op, "gradient-missing"), .. ValueDefects.For(op)];

    /// <summary>Elements that the loops don't reach.</summary>
    public static IEnumerable<Defect> Loops(string op)
    {
        yield return Lost(op, "tail-lost", OddInput, "the elements behind the last whole vector of eight stay zero",
            "add a loop for the elements that remain", (element, of, _) => Vectors.Hold(element, of));
        foreach (var (lanes, word) in new[] { (2, "two"), (4, "four"), (16, "sixteen") })
            yield return Lost(op, $"tail-of-{lanes}-lost", OddInput, $"the elements behind the last whole vector of {word} stay zero",
                "add a loop for the elements that remain", (element, of, _) => Vectors.Hold(element, of, lanes));
        yield return Lost(op, "last-element-lost", OddInput, "the loop over the elements ends one early",
            "let it run to the last element", (element, of, _) => element < of - 1);
        yield return Lost(op, "first-image-alone", BatchIndex, "the loop over the batch is missing: only the first image is computed",
            "let n run over all images", (element, _, image) => element < image);
        yield return Lost(op, "last-image-lost", BatchIndex, "the loop over the batch ends one early",
            "let n run to N − 1 included", (element, of, image) => element < of - image);
    }

    /// <summary>The elements behind the last whole vector pass as they are.</summary>
    public static Defect TailCopied(string op) => new ResultDefect($"{op}.tail-copied", Passes.Forward, OddInput,
        "the elements behind the last whole vector of eight pass as they are",
        "add a loop for the elements that remain",
        (of, y) => new(y.Shape, [.. Enumerable.Range(0, y.Length).Select(i => Vectors.Hold(i, y.Length) ? y[i] : of.Input("input")[i])]));

    /// <param name="computed">Whether an element is computed, from its position, the number of elements, and that of an image.</param>
    private static ResultDefect Lost(string op, string name, MistakeClass kind, string mistake, string mend, Func<int, int, int, bool> computed) =>
        new($"{op}.{name}", Both, kind, mistake, mend, (_, result) =>
        {
            var (flat, image) = (0, result.Length / Math.Max(1, result.Shape[0]));
            return result.Select(value => computed(flat++, result.Length, image) ? value : 0);
        });
}
