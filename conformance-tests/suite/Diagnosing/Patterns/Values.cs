using System.Globalization;
using Conformance.Oracle;

namespace Conformance.Suite.Diagnosing.Patterns;

/// <summary>
/// Finds patterns in the wrong numbers themselves: not finite, zero, constant, another tensor's, of the wrong sign, or of too few digits.
/// </summary>
internal static class Values
{
    /// <summary>The largest error, relative to the largest value, that looks like low precision and not like another formula.</summary>
    private const double Small = 1e-2;

    /// <summary>float32 holds no more decimals of ordinary numbers than these and two.</summary>
    private const int MostDecimals = 5;

    /// <summary>So many elements must be wrong before their errors tell a number format.</summary>
    private const int FewestRounded = 8;

    /// <summary>And so near one another must be the bits that survive in the cases.</summary>
    private const double MostBitsApart = 3;

    public static Pattern? Find(Evidence evidence)
    {
        if (!evidence.HasNumbers)
            return null;
        if (evidence.Wrong.All(sight => sight.Actual is null && sight.Comparison!.IsMissing))
            return new(
                "missing: the engine answers without it",
                evidence.Tensor.StartsWith("gradients.", StringComparison.Ordinal) ? MistakeClass.MissingGradient : null)
            { IsMissing = true };
        if (evidence.Comparable() is null)
            return evidence.Wrong.All(sight => sight.Actual is { } actual && !actual.HasShape(sight.Expected.Shape))
                ? new($"of another shape: {string.Join("; ", evidence.Wrong.Take(3).Select(sight => $"{sight.Actual} instead of {sight.Expected}"))}")
                : null;
        return !evidence.InPlace()
            ? null
            : LinedUp(evidence) ?? NotFinite(evidence) ?? Same(evidence) ?? Another(evidence) ?? Signs(evidence) ?? Digits(evidence)
                ?? Elsewhere(evidence);
    }

    private static Pattern? LinedUp(Evidence evidence) => evidence.Wrong.All(sight => !sight.WrongElements().Any())
        ? new("every value is within its tolerance, but the errors line up as those of rounding don't: a constant of too few digits, a truncation, "
            + "or a sum that loses its small terms", MistakeClass.Precision)
        : null;

    private static Pattern? NotFinite(Evidence evidence)
    {
        if (EveryWrong(evidence, (want, got) => double.IsFinite(want) && !double.IsFinite(got)))
            return new($"{Kinds(evidence, (_, got) => got)} where a finite number is expected", OfNotFinite(evidence));
        return EveryWrong(evidence, (want, got) => !double.IsFinite(want) && !want.Equals(got))
            ? new($"wrong only where {Kinds(evidence, (want, _) => want)} is expected", MistakeClass.NonFinite)
            : null;
    }

    private static MistakeClass OfNotFinite(Evidence evidence) => AllOperations.KindOf(evidence.Op) switch
    {
        OperationKind.Softmax => MistakeClass.SoftmaxOverflow,
        OperationKind.ClassLoss => MistakeClass.LossEdge,
        _ => MistakeClass.NonFinite,
    };

    private static string Kinds(Evidence evidence, Func<double, double, double> which) => string.Join(" or ", evidence.Wrong
        .SelectMany(sight => sight.WrongElements().Select(flat => which(sight.Expected[flat], sight.Actual![flat])))
        .Select(value => double.IsNaN(value) ? "NaN" : value > 0 ? "infinity" : "−infinity").Distinct().Order(StringComparer.Ordinal));

    private static Pattern? Same(Evidence evidence)
    {
        var isGradient = evidence.Tensor.StartsWith("gradients.", StringComparison.Ordinal);
        if (evidence.Wrong.All(sight => !sight.Actual!.Data.ContainsAnyExcept(0.0)))
            return new("all zero", isGradient ? MistakeClass.MissingGradient : null);
        if (evidence.Wrong.All(sight => !sight.Actual!.Data.ContainsAnyExcept(sight.Actual[0]))
            && evidence.Wrong.Any(sight => Elements.Tell(sight.Expected.Data.ToArray())))
            return new(
                $"one number throughout: {string.Join(", ", evidence.Wrong.Select(sight => Number(sight.Actual![0])).Distinct().Take(4))}",
                evidence.Tensor == "gradients.bias" ? MistakeClass.ChannelIndex : null);
        return EveryWrong(evidence, (_, got) => got == 0) && Tells(evidence) ? new("every wrong element is 0; the others are right") : null;
    }

    /// <summary>The answer has the numbers of another tensor of the case: an operand, or another result.</summary>
    private static Pattern? Another(Evidence evidence)
    {
        var others = evidence.Wrong[0].Case.Inputs.Keys.Select(
            name => (Text: $"the input {name}", Of: (Func<Sight, Tensor64?>)(sight => sight.Case.Inputs.GetValueOrDefault(name))))
            .Concat(evidence.Wrong[0].Case.Cotangents.Keys.Select(
                name => (
                Text: $"the gradient of {name} that came in", Of: (Func<Sight, Tensor64?>)(sight => sight.Case.Cotangents.GetValueOrDefault(name)))))
            .Concat(evidence.Wrong[0].Report.Question.Expected.Tensors.Where(pair => pair.Key != evidence.Tensor)
                .Select(pair =>
                    (Text: $"what {pair.Key} should be",
                    Of: (Func<Sight, Tensor64?>)(sight => sight.Report.Question.Expected.Tensors.ToDictionary().GetValueOrDefault(pair.Key)))));
        foreach (var (text, of) in others)
            if (evidence.Wrong.All(
                sight => of(sight) is { } other && other.Length == sight.Actual!.Length
                && Enumerable.Range(0, other.Length)
                .All(flat => Elements.Agree(other[flat], sight.Actual[flat], Math.Abs(other[flat]) * ErrorBound.U)))
                && evidence.Wrong.Any(sight => Elements.Tell(sight.Actual!.Data.ToArray())))
                return new($"the values are those of {text}, unchanged");
        return null;
    }

    /// <summary>Some signs are wrong and no magnitude is. If all signs are wrong, <see cref="Ratio"/> finds it.</summary>
    private static Pattern? Signs(Evidence evidence)
    {
        if (!Tells(evidence) || !evidence.Wrong.All(sight => sight.WrongElements().All(flat => sight.Is(flat, -1))) || evidence.Wrong.Any(AllTurned))
            return null;
        return new(evidence.Wrong.All(sight => sight.Actual!.Data.ToArray().All(value => value >= 0))
            ? "the values are the absolute values of the right ones"
            : "every wrong element has the right magnitude and the wrong sign; the others are right");

        static bool AllTurned(Sight sight) => Enumerable.Range(0, sight.Expected.Length).All(flat => sight.Is(flat, -1));
    }

    private static Pattern? Digits(Evidence evidence)
    {
        if (!Tells(evidence))
            return null;
        if (evidence.Wrong.All(sight => sight.Expected.Data.ToArray().All(double.IsFinite)))
            foreach (var (text, cut) in new (string, Func<double, double>)[]
                { ("cut off", Math.Truncate), ("rounded down", Math.Floor), ("rounded to the nearest", Math.Round) })
                if (evidence.Wrong.All(sight => Every(sight, (want, got) => got == cut(want))))
                    return new($"integers where fractions are expected: each value is the right one, {text}", MistakeClass.IntegerType);
        if (Cut(evidence) is { } cutOff)
            return cutOff;
        if (IsOf(evidence, value => (double)(Half)value == value, 1.0 / 1024))
            return new("every value is one that float16 holds: computed or kept in half precision", MistakeClass.Precision);
        if (IsOf(evidence, IsBFloat16, 1.0 / 128))
            return new("every value is one that bfloat16 holds: computed or kept with eight bits", MistakeClass.Precision);
        return evidence.Wrong.Max(Relative) <= Small ? Surviving(evidence) : null;
    }

    /// <summary>Every value is a whole number of some unit: of 1/q before a division by q, or of a decimal.</summary>
    private static Pattern? Cut(Evidence evidence)
    {
        foreach (var quantity in Quantity.Plain)
            if (evidence.Wrong.All(sight => quantity.Of(sight) is > 1 and var divisor && divisor == Math.Truncate(divisor)
                && Every(sight, (want, got) => IsWhole(got * divisor, Math.Truncate(want * divisor)))))
                return new($"each value is cut off to an integer before it is divided by {quantity.Name}", MistakeClass.IntegerType);
        for (var decimals = 1; decimals <= MostDecimals; decimals++)
        {
            var unit = Math.Pow(10, decimals);
            foreach (var (text, cut) in new (string, Func<double, double>)[] { ("rounded to", Math.Round), ("cut off after", Math.Truncate) })
                if (evidence.Wrong.All(sight => Every(sight, (want, got) => IsWhole(got * unit, cut(want * unit)))))
                    return new($"each value is the right one, {text} {decimals} decimal{(decimals == 1 ? "" : "s")}", MistakeClass.Precision);
        }
        return null;

        static bool IsWhole(double got, double want) => Elements.Agree(want, got, 4 * ErrorBound.U * Math.Abs(want));
    }

    /// <summary>
    /// The digits in which the values agree with the right ones. Numbers that are rounded to p bits, and the sums of their products, are wrong by
    /// half of 2⁻ᵖ of their size, in the root mean square.
    /// </summary>
    private static Pattern Surviving(Evidence evidence)
    {
        double[] lost = [.. evidence.Wrong
            .Select(sight => RootMeanSquare(sight, (want, got) => got - want) / RootMeanSquare(sight, (want, _) => want)).Order()];
        var (middle, bits) = (lost[lost.Length / 2], lost.Select(one => -Math.Log2(one) - 1).ToArray());
        var agree = $"the values agree with the right ones to {Math.Max(1, Math.Floor(-Math.Log10(middle)))} significant digits";
        var isAlike = evidence.Wrong.Sum(sight => sight.WrongElements().Count()) >= FewestRounded && bits[0] - bits[^1] <= MostBitsApart;
        return (isAlike ? (int)Math.Round(bits[bits.Length / 2]) : 0) switch
        {
            7 or 8 => new($"{agree}: the mantissa of bfloat16 has 8 bits", MistakeClass.Precision),
            10 or 11 => new($"{agree}: the mantissas of float16 and of TF32 have 11 bits", MistakeClass.Precision),
            _ => new($"{agree}, as of an approximation, a constant of too few digits, another eps, or a sum that loses digits"),
        };
    }

    private static double RootMeanSquare(Sight sight, Func<double, double, double> of)
    {
        var sum = 0.0;
        for (var flat = 0; flat < sight.Expected.Length; flat++)
            sum += of(sight.Expected[flat], sight.Actual![flat]) is var value && double.IsFinite(value) ? value * value : 0;
        return Math.Sqrt(sum);
    }

    private static Pattern? Elsewhere(Evidence evidence) =>
        evidence.Wrong.Any(sight => Elements.Tell(sight.Expected.Data.ToArray())) && evidence.Wrong.All(sight =>
            sight.Actual!.Data.ToArray().Order().Zip(sight.Expected.Data.ToArray().Order())
                .All(pair => Elements.Agree(pair.Second, pair.First, Math.Abs(pair.Second) * ErrorBound.U)))
            ? new("the right values, each in another place", evidence.Op == "max_pool2d" ? MistakeClass.PoolIndex : null)
            : null;

    /// <summary>
    /// Whether all answers are of one kind of number and near the correct ones, and the expected numbers at the wrong elements are not.
    /// </summary>
    private static bool IsOf(Evidence evidence, Func<double, bool> isKind, double relative) =>
        evidence.Wrong.All(sight => Every(sight, (_, got) => isKind(got)) && Relative(sight) <= relative)
            && EveryWrong(evidence, (want, _) => !isKind(want));

    /// <summary>The largest error divided by the largest value; infinite if a value is not finite.</summary>
    private static double Relative(Sight sight)
    {
        var (error, value) = (0.0, 0.0);
        for (var flat = 0; flat < sight.Expected.Length; flat++)
        {
            if (sight.IsRight(flat))
                continue;
            error = Math.Max(error, Math.Abs(sight.Actual![flat] - sight.Expected[flat]));
        }
        foreach (var want in sight.Expected.Data)
            value = double.IsFinite(want) ? Math.Max(value, Math.Abs(want)) : value;
        return double.IsFinite(error) && value > 0 ? error / value : double.PositiveInfinity;
    }

    private static bool IsBFloat16(double value) => !double.IsFinite(value) || (BitConverter.SingleToUInt32Bits((float)value) & 0xFFFF) == 0;

    private static bool Every(Sight sight, Func<double, double, bool> holds) =>
        Enumerable.Range(0, sight.Expected.Length).All(flat => holds(sight.Expected[flat], sight.Actual![flat]));

    private static bool EveryWrong(Evidence evidence, Func<double, double, bool> holds) =>
        evidence.Wrong.All(sight => sight.WrongElements().All(flat => holds(sight.Expected[flat], sight.Actual![flat])));

    /// <summary>Whether the wrong elements have different numbers.</summary>
    private static bool Tells(Evidence evidence) =>
        Elements.Tell(evidence.Wrong.SelectMany(sight => sight.WrongElements().Select(flat => sight.Expected[flat])));

    private static string Number(double value) => value.ToString("G4", CultureInfo.InvariantCulture);
}
