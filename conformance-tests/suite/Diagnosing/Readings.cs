using System.Globalization;
using Conformance.Oracle;
using Conformance.Suite.Diagnosing.Patterns;

namespace Conformance.Suite.Diagnosing;

/// <summary>
/// Mistakes of a kind, made for every operand and axis of a sum of products: a part of an operand that is never read, or in whose place another part
/// is read. They are too many, and too like each other, for the bank. They are tried where no known mistake explains a tensor.
/// </summary>
internal static class Readings
{
    private const string Cotangent = "cotangent";

    private static readonly (string Name, string Text, Func<int, int, int> Source)[] Kinds =
    [
        ("first-alone", "only the first {0} of {1} is ever read", (i, _) => i == 0 ? i : -1),
        ("last-alone", "only the last {0} of {1} is ever read", (i, n) => i == n - 1 ? i : -1),
        ("first-never", "the first {0} of {1} is never read", (i, _) => i == 0 ? -1 : i),
        ("last-never", "the last {0} of {1} is never read", (i, n) => i == n - 1 ? -1 : i),
        ("first-for-all", "the first {0} of {1} is read for every other", (_, _) => 0),
        ("last-for-all", "the last {0} of {1} is read for every other", (_, n) => n - 1),
        ("one-after", "for each {0} of {1} the one after it is read, and for the last the first", (i, n) => (i + 1) % n),
        ("one-before", "for each {0} of {1} the one before it is read, and for the first the last", (i, n) => (i + n - 1) % n),
        ("backwards", "{1} is read backwards along its {0} axis", (i, n) => n - 1 - i),
        ("odd-never", "every second {0} of {1} is never read", (i, _) => i % 2 == 1 ? -1 : i),
        .. new[] { 4, 8, 16 }.SelectMany(block => new (string, string, Func<int, int, int>)[]
        {
            ($"behind-blocks-of-{block}", $"of {{1}} what is left of the {{0}} axis behind the last full block of {block} is never read",
                (i, n) => i < n / block * block ? i : -1),
            ($"behind-{block}", $"of {{1}} nothing behind {{0}} {block - 1} is ever read", (i, _) => i < block ? i : -1),
        }),
        .. new[] { 1, 3, 7, 15 }.Select(back => (
            $"last-is-{back}-before", $"the last {{0}} of {{1}} is never read: in its place the one {back} before it is read once more",
            (Func<int, int, int>)((i, n) => i == n - 1 && i >= back ? i - back : i))),
    ];

    /// <summary>Those of the operands from which a tensor is computed; none if it is no sum of products.</summary>
    public static IReadOnlyList<Defect> Of(Evidence evidence)
    {
        if (AllOperations.Named(evidence.Op) is not TapOperation)
            return [];
        var (pass, operands) = evidence.Tensor switch
        {
            "outputs.output" => (Passes.Forward, new[] { "input", "weight" }),
            "gradients.input" => (Passes.InputGradient, [Cotangent, "weight"]),
            "gradients.weight" => (Passes.WeightGradient, [Cotangent, "input"]),
            "gradients.bias" => (Passes.BiasGradient, [Cotangent]),
            _ => (Passes.None, []),
        };
        Defect[] alongAxes = [.. from operand in operands
                   let tensor = operand == Cotangent ? evidence.Wrong[0].Case.Cotangents.GetValueOrDefault("output")
                       : evidence.Wrong[0].Case.Inputs.GetValueOrDefault(operand)
                   where tensor is not null
                   let names = Axes.Names(evidence.Op, operand == Cotangent ? "outputs.output" : $"gradients.{operand}", tensor.Rank)
                   from axis in Enumerable.Range(0, tensor.Rank)
                   from kind in Kinds
                   select Reading(evidence.Op, pass, operand, axis, names[axis], kind)];
        Defect[] first = [.. alongAxes.Where(defect => defect.Id.EndsWith($"{Cotangent}-OH-{Kinds[0].Name}", StringComparison.Ordinal)
            || defect.Id.EndsWith($"{Cotangent}-OW-{Kinds[0].Name}", StringComparison.Ordinal))];
        return first is [var row, var column] ? [.. alongAxes, new PairDefect(row, column)] : alongAxes;
    }

    private static OperandDefect Reading(
        string op, Passes pass, string operand, int axis, string name, (string Name, string Text, Func<int, int, int> Source) kind)
    {
        var read = operand == Cotangent ? "the gradient that comes in" : $"the {operand}";
        return new(
            $"{op}.{operand}-{name}-{kind.Name}".Replace(' ', '-'), pass, ClassOf(name),
            string.Format(CultureInfo.InvariantCulture, kind.Text, Axes.Noun(name), read),
            $"read each {Axes.Noun(name)} of {read} once, in its own place", operand, (_, right) => axis < right.Rank ? Read(right, axis, kind.Source) : right);
    }

    private static MistakeClass ClassOf(string axis) => axis switch
    {
        "N" => MistakeClass.BatchIndex,
        "C" or "O" => MistakeClass.ChannelIndex,
        "KH" or "KW" => MistakeClass.KernelIndex,
        _ => MistakeClass.OddInput,
    };

    /// <param name="source">From a place along the axis and its extent: the place that is read for it, or −1 if none is.</param>
    private static Tensor64 Read(Tensor64 right, int axis, Func<int, int, int> source)
    {
        var (extent, step) = (right.Shape[axis], 1);
        foreach (var inner in right.Shape[(axis + 1)..])
            step *= inner;
        var data = new double[right.Length];
        for (var flat = 0; flat < data.Length; flat++)
        {
            var place = flat / step % extent;
            data[flat] = source(place, extent) is >= 0 and var from ? right[flat + (from - place) * step] : 0;
        }
        return new(right.Shape, data);
    }
}
