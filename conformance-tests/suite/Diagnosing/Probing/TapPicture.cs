using System.Globalization;
using System.Text;

namespace Conformance.Suite.Diagnosing.Probing;

/// <summary>
/// The elements from which one element of a tensor is computed, in an engine and in the correct answer. The text has one line for each element that
/// is combined with a wrong partner, then a drawing of the elements read and missed, over the input or the output gradient.
/// </summary>
/// <param name="Left">The operand that every product reads; null if nothing could be read.</param>
/// <param name="Right">The operand that it is multiplied by; null if there is none.</param>
/// <param name="Questions">The number of questions to the engine.</param>
public sealed record TapPicture(
    string Tensor, IReadOnlyList<int> Index, TapOperand? Left, TapOperand? Right, TapSum Used, TapSum Expected, int Questions)
{
    private const int MostLines = 6;

    private static readonly TapSum Nothing = new([], []);

    /// <summary>The reason why nothing could be read; null if it could.</summary>
    public string? Problem { get; private init; }

    /// <summary>Whether the engine could be read, and reads other elements than it should.</summary>
    public bool Differs => Problem is null && !Used.IsSameAs(Expected);

    public override string ToString() => Problem is null ? Text() : $"taps of {Title}: not read: {Problem}";

    internal static TapPicture Unread(string tensor, IReadOnlyList<int> index, string problem, int questions) =>
        new(tensor, index, null, null, Nothing, Nothing, questions) { Problem = problem };

    private string Title => Tensor switch
    {
        "outputs.output" => "y",
        "gradients.input" => "dx",
        "gradients.weight" => "dw",
        "gradients.bias" => "db",
        _ => Tensor,
    } + $"[{string.Join(",", Index)}]";

    /// <summary>
    /// Whether the drawing is over the right operand. It is over the input, or over dy for a gradient that does not read the input.
    /// </summary>
    private bool DrawsRight => Tensor == "gradients.weight";

    private string Text()
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"taps of {Title}: ");
        if (!Differs)
            return text.Append(CultureInfo.InvariantCulture, $"{Used.Products.Count} read, all as they should be").ToString();
        text.Append(CultureInfo.InvariantCulture, $"{Used.Products.Count} read, {Expected.Products.Count} expected, {Used.InBoth(Expected)} in both");
        var lines = Ratio() is { } ratio ? [$"the right elements, each times {Number(ratio)}"] : Lines();
        foreach (var line in lines.Take(MostLines))
            text.Append("\n  ").Append(line);
        if (lines.Count > MostLines)
            text.Append(CultureInfo.InvariantCulture, $"\n  … and {lines.Count - MostLines} more");
        foreach (var plane in TapGrid.Draw(DrawsRight ? Right! : Left!, Places(Used), Places(Expected)))
            text.Append("\n  ").Append(plane.Replace("\n", "\n  ", StringComparison.Ordinal));
        return text.ToString();

        HashSet<int> Places(TapSum sum) => [.. sum.Products.Select(product => DrawsRight ? product.Right : product.Left)];
    }

    /// <summary>The factor by which every product and the bias are wrong, if nothing else is wrong; otherwise null.</summary>
    private double? Ratio()
    {
        if (Used.Products.Count == 0 || Expected.Products.Count == 0)
            return null;
        var ratio = Used.Products[0].Factor / Expected.Products[0].Factor;
        return Used.IsSameAs(Expected with { Products = Times(Expected.Products), Bias = Times(Expected.Bias) }) ? ratio : null;

        TapProduct[] Times(IReadOnlyList<TapProduct> products) => [.. products.Select(product => product with { Factor = product.Factor * ratio })];
    }

    private List<string> Lines()
    {
        List<string> lines = Right is null ? [.. Single(Left!.At, Used.Products, Expected.Products)] : [.. Partners()];
        lines.AddRange(Single(at => $"b[{at}]", Used.Bias, Expected.Bias));
        if (Used.Zero != Expected.Zero)
            lines.Add(Used.Zero ? "a zero takes part: padding, or the start of the maximum" : "no zero takes part");
        return lines;
    }

    /// <summary>The wrong partners by weight; in a weight gradient, which has one weight, by dy.</summary>
    private IEnumerable<string> Partners()
    {
        var (key, other) = DrawsRight ? (Left!, Right!) : (Right!, Left!);
        foreach (var at in Used.Products.Concat(Expected.Products).Select(Key).Distinct().Order())
        {
            var (used, expected) = (Of(Used), Of(Expected));
            if (used != expected)
                yield return $"{key.At(at)} meets {used}, should meet {expected}";

            string Of(TapSum sum) => sum.Products.Where(product => Key(product) == at)
                .Select(product =>
                    other.At(DrawsRight ? product.Right : product.Left) + (TapSum.IsSame(product.Factor, 1) ? "" : $" × {Number(product.Factor)}"))
                    .ToArray() switch
            {
                [] => "nothing",
                { Length: > 3 } many => $"{many[0]}, {many[1]} and {many.Length - 2} more",
                var few => string.Join(" and ", few),
            };
        }

        int Key(TapProduct product) => DrawsRight ? product.Left : product.Right;
    }

    private static IEnumerable<string> Single(Func<int, string> name, IReadOnlyList<TapProduct> used, IReadOnlyList<TapProduct> expected)
    {
        foreach (var at in used.Concat(expected).Select(product => product.Left).Distinct().Order())
        {
            var (counts, should) = (Factor(used), Factor(expected));
            if (counts != should && !TapSum.IsSame(counts, should))
                yield return (counts, should) switch
                {
                    (0, _) => $"{name(at)} is not read, should be",
                    (1, 0) => $"{name(at)} is read, should not be",
                    (_, 0) => $"{name(at)} is read × {Number(counts)}, should not be",
                    _ => $"{name(at)} is read × {Number(counts)}, should be × {Number(should)}",
                };

            double Factor(IReadOnlyList<TapProduct> of) => of.Where(product => product.Left == at).Select(product => product.Factor).FirstOrDefault();
        }
    }

    /// <summary>A factor as text; a reciprocal as 1/n.</summary>
    private static string Number(double factor) => Math.Abs(factor) < 1 && TapSum.IsSame(Math.Round(1 / factor), 1 / factor)
        ? string.Create(CultureInfo.InvariantCulture, $"{(factor < 0 ? "-" : "")}1/{Math.Abs(Math.Round(1 / factor))}")
        : factor.ToString("G5", CultureInfo.InvariantCulture);
}
