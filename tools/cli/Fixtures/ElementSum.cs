using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Conformance.Cli.Shared;
using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Cli.Fixtures;

/// <summary>The sum behind one element of an answer, tap by tap: which element of which tensor times which, and the total.</summary>
internal static partial class ElementSum
{
    /// <param name="element"><c>outputs.output[0,1,2,3]</c>, <c>gradients.weight[1,0,2,2]</c>, …</param>
    /// <exception cref="UserError">There is no such element.</exception>
    public static string Render(Question question, string element)
    {
        var (name, tensor, flat) = Find(question, element);
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"{name}{Index(tensor, flat)}, expected {TensorGrid.Number(tensor[flat])}, "
                + $"tolerance {TensorGrid.Number(question.Bound.At(name, flat))}\n");
        if (AllOperations.Named(question.Case.Op) is not TapOperation operation || !TapTensors.Contains(name))
            return text.Append(CultureInfo.InvariantCulture, $"  {question.Case.Op} is a formula, no sum of taps: there are no terms to show\n")
                .ToString();
        var total = 0.0;
        var count = 0;
        foreach (var (term, value) in Terms(question.Case, operation, name, tensor, flat))
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"  {term}{(term.Contains(' ', StringComparison.Ordinal) ? $" = {TensorGrid.Number(value == 0 ? 0 : value)}" : "")}\n");
            (total, count) = (total + value, count + 1);
        }
        return text.Append(CultureInfo.InvariantCulture, $"  sum of {count} terms: {TensorGrid.Number(total)}\n").ToString();
    }

    private static readonly string[] TapTensors = ["outputs.output", "gradients.input", "gradients.weight", "gradients.bias"];

    private static IEnumerable<(string Term, double Value)> Terms(LayerCase layerCase, TapOperation operation, string name, Tensor64 tensor, int flat)
    {
        var (x, w, b, dy) = (
            layerCase.Input("input"), layerCase.Inputs.GetValueOrDefault("weight"),
            layerCase.Inputs.GetValueOrDefault("bias"), layerCase.Cotangents["output"]);
        if (name == "outputs.output" && b is not null && tensor.IndexOf(flat)[1] is var channel)
            yield return (At("bias", b, channel), b[channel]);
        if (name == "gradients.bias")
        {
            for (var o = 0; o < dy.Length; o++)
                if (dy.IndexOf(o)[1] == flat)
                    yield return (At("cotangent.output", dy, o), dy[o]);
            yield break;
        }
        foreach (var tap in operation.TapsOf(layerCase, IsOfTheElement))
        {
            var left = name == "outputs.output"
                ? (At("input", x, tap.Input), x[tap.Input])
                : (At("cotangent.output", dy, tap.Output), dy[tap.Output]);
            var right = name == "gradients.weight" ? (At("input", x, tap.Input), x[tap.Input])
                : w is null ? ("", 1)
                : (At("weight", w, tap.Weight), w[tap.Weight]);
            yield return (
                left.Item1 + (right.Item1.Length == 0 ? "" : " · " + right.Item1) + (tap.Factor == 1 ? "" : $" · {TensorGrid.Number(tap.Factor)}")
                    + (tap.Divisor == 1 ? "" : $" / {TensorGrid.Number(tap.Divisor)}"),
                left.Item2 * right.Item2 * tap.Factor / tap.Divisor);
        }

        bool IsOfTheElement(Tap tap) => name switch { "outputs.output" => tap.Output, "gradients.input" => tap.Input, _ => tap.Weight } == flat;
    }

    private static string At(string name, Tensor64 tensor, int flat) => $"{name}{Index(tensor, flat)}={TensorGrid.Number(tensor[flat])}";

    private static string Index(Tensor64 tensor, int flat) => Tensor64.Text(tensor.IndexOf(flat));

    private static (string Name, Tensor64 Tensor, int Flat) Find(Question question, string element)
    {
        var tensors = question.Expected.Tensors.ToDictionary();
        var match = Element().Match(element);
        if (!match.Success)
            throw new UserError($"--element: expected a tensor and an index, such as outputs.output[0,1,2,3], got '{element}'");
        if (!tensors.TryGetValue(match.Groups[1].Value, out var tensor))
            throw new UserError($"--element: {question.Case.Id} answers {string.Join(", ", tensors.Keys)}; got '{match.Groups[1].Value}'");
        var index = match.Groups[2].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var flat = 0;
        var inside = index.Length == tensor.Rank;
        for (var axis = 0; inside && axis < index.Length; axis++)
        {
            inside = int.TryParse(index[axis], NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at < tensor.Shape[axis];
            flat = flat * tensor.Shape[axis] + at;
        }
        return inside
            ? (match.Groups[1].Value, tensor, flat)
            : throw new UserError($"--element: {match.Groups[1].Value} has shape {tensor}; got [{match.Groups[2].Value}]");
    }

    [GeneratedRegex(@"^([\w.]+)\[([^\]]*)\]\z")]
    private static partial Regex Element();
}
