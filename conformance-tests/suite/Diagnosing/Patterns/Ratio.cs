using System.Globalization;
using Conformance.Oracle;

namespace Conformance.Suite.Diagnosing.Patterns;

/// <summary>
/// Finds a constant factor of the correct values: a number, or a quantity that equals the factor in every case. A quantity that one case contradicts
/// is not named.
/// </summary>
internal static class Ratio
{
    /// <summary>The most quantities that one line names, if the cases do not tell them apart.</summary>
    private const int Shown = 3;

    /// <summary>So many different factors a product or a quotient must explain.</summary>
    private const int Distinct = 3;

    /// <summary>What is said where each case has its factor, and no quantity is it.</summary>
    public const string Unexplained = "in each case every value is one number times the right one";

    /// <summary>How near a factor must be to what is looked for, relatively, before it is worth a look at every element.</summary>
    private const double Near = 1e-3;

    public static Pattern? Find(Evidence evidence)
    {
        // If only zeros are expected, any finite factor fits.
        if (!evidence.InPlace() || evidence.Wrong.Where(HasOther).ToArray() is not { Length: > 0 } telling
            || telling.Any(sight => Fitted(sight) is null or 0))
            return null;
        var quantities = Quantity.All.Where(one => Explains(one, evidence)).ToArray();
        var constant = Quantity.Constants.Prepend(Middle(evidence)).Where(one => Explains(one, evidence)).Select(one => one.Name).LastOrDefault();
        if (!IsTold(evidence, constant is not null || quantities.Length > 0))
            return null;
        if (constant == "−1" || (constant is not null && quantities.Length == 0))
            return constant == "−1"
                ? new("the sign is wrong: every value is −1 times the right one")
                : new($"every value is {constant} times the right one", MistakeClass.Scale);
        if (constant == "1")
            return null; // wrong in the last digits: no factor
        if (quantities.Length == 0)
            quantities = Formulas(evidence, telling);
        if (quantities.Length == 0)
            return telling.Length < evidence.Wrong.Count ? null : new(
                $"{Unexplained}: "
                + string.Join(", ", evidence.Wrong.Select(sight => Number(Fitted(sight)!.Value)).Distinct().Take(5)));
        var names = quantities.Select(one => one.Name).Take(Shown).ToArray();
        return new(constant is null && names.Length == 1
            ? $"every value is {names[0]} times the right one{Sizes(quantities[0], evidence)}"
            : $"every value is {string.Join(", or ", constant is null ? names : names.Append(constant))} times the right one: the cases can't tell "
                + $"which", MistakeClass.Scale);
    }

    /// <summary>Whether another answer is the right one times a number, but for rounding.</summary>
    public static bool IsFactor(Tensor64 right, Tensor64 other)
    {
        if (!other.HasShape(right.Shape))
            return false;
        var (over, under, size) = (0.0, 0.0, 0.0);
        for (var i = 0; i < right.Length; i++)
            (over, under, size) = (over + right[i] * other[i], under + right[i] * right[i], Math.Max(size, Math.Abs(other[i])));
        return under > 0 && Enumerable.Range(0, right.Length).All(i => Math.Abs(right[i] * (over / under) - other[i]) <= Near * size);
    }

    /// <summary>
    /// The products and quotients that explain all cases. Among so many one fits a few factors by chance: those of three cases must differ.
    /// </summary>
    private static Quantity[] Formulas(Evidence evidence, Sight[] telling)
    {
        var factors = telling.Select(sight => (Sight: sight, Factor: Fitted(sight)!.Value)).DistinctBy(one => (float)one.Factor).ToArray();
        return factors.Length < Distinct ? [] : [.. Quantity.Formulas
            .Where(formula => factors.All(one => formula.Of(one.Sight) is { } value && Math.Abs(value - one.Factor) <= Near * Math.Abs(one.Factor)))
            .Where(formula => Explains(formula, evidence)).Take(Shown)];
    }

    /// <summary>The best factor of one case, where it explains every element; null where none does.</summary>
    private static double? Fitted(Sight sight)
    {
        var (over, under) = (0.0, 0.0);
        for (var flat = 0; flat < sight.Expected.Length; flat++)
            if (double.IsFinite(sight.Expected[flat]) && double.IsFinite(sight.Actual![flat]))
                (over, under) = (over + sight.Expected[flat] * sight.Actual[flat], under + sight.Expected[flat] * sight.Expected[flat]);
        return under > 0 && over / under is var factor && IsTimes(sight, factor) ? factor : null;
    }

    private static bool IsTimes(Sight sight, double factor) => Enumerable.Range(0, sight.Expected.Length).All(flat => sight.Is(flat, factor));

    /// <summary>The factor of one case, as a number. Every other case must have the same.</summary>
    private static Quantity Middle(Evidence evidence)
    {
        // The case with the most elements determines the factor best.
        var factor = Fitted(evidence.Wrong.Where(HasOther).MaxBy(sight => sight.Expected.Length)!)!.Value;
        return new(Number(factor), _ => factor);
    }

    /// <summary>
    /// Whether a quantity is the factor in all failing cases, and 1 in the passing ones. Instead, a property may separate the passing cases from the
    /// failing ones.
    /// </summary>
    private static bool Explains(Quantity quantity, Evidence evidence) =>
        evidence.Wrong.All(sight => quantity.Of(sight) is { } factor && IsTimes(sight, factor))
        && Conditions.Allow(evidence, sight => quantity.Of(sight) is not { } factor || !double.IsFinite(factor) || IsRightTimes(sight, factor));

    private static bool HasOther(Sight sight) => sight.Expected.Data.ContainsAnyExcept(0.0);

    private static bool IsRightTimes(Sight sight, double factor) => Enumerable.Range(0, sight.Expected.Length).All(flat =>
        Elements.Agree(sight.Expected[flat], sight.Expected[flat] * factor, 2 * sight.BoundAt(flat) * Math.Max(1, Math.Abs(factor))));

    /// <summary>
    /// Whether there is enough evidence for a factor. A single number is always a multiple of another, so it takes three: in tensors, or in cases if
    /// something explains all of them.
    /// </summary>
    private static bool IsTold(Evidence evidence, bool isExplained) =>
        evidence.Wrong.Any(sight => Elements.Tell(sight.Expected.Data.ToArray().Where(value => value != 0)))
        || (isExplained && Elements.Tell(evidence.Wrong.SelectMany(sight => sight.Expected.Data.ToArray())));

    private static string Sizes(Quantity quantity, Evidence evidence)
    {
        var factors = evidence.Wrong.Select(sight => Number(quantity.Of(sight)!.Value)).Distinct().ToArray();
        return factors.Length == 1 ? $", which is {factors[0]} in all of them" : $" (seen as {string.Join(", ", factors.Take(4))})";
    }

    private static string Number(double value) => value.ToString("G4", CultureInfo.InvariantCulture);
}
