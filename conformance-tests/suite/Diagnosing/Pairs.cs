using Conformance.Oracle;
using Conformance.Suite.Diagnosing.Patterns;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Diagnosing;

/// <summary>
/// Finds two mistakes in one tensor, or three. None of them alone explains the tensor. Mistakes in different passes change different tensors, so
/// <see cref="Replay"/> finds each.
/// </summary>
internal static class Pairs
{
    /// <summary>Of so many that leave the least of the error, each is tried with every other for three.</summary>
    private const int Kept = 8;

    /// <summary>So many of the smallest failing cases measure what a mistake leaves of the error.</summary>
    private const int Measured = 4;

    /// <summary>The pairs that explain <paramref name="tensor"/> and contradict no passing case.</summary>
    /// <param name="reports">The operation's, in the order of <see cref="Replay.Ordered"/>.</param>
    /// <param name="named">
    /// Mistakes that are already known. Pairs with one of them are tried first; the others only if none of these explains the tensor.
    /// </param>
    public static IReadOnlyList<Explained> Find(Evidence tensor, IReadOnlyList<CaseReport> reports, IReadOnlyCollection<Defect> named, Bank bank)
    {
        // A tensor of another shape is no sum of two mistakes in its numbers.
        if (Wrong(tensor) is not [var first, ..] || !tensor.InPlace())
            return [];
        var isFactor = Attempt.Find(() => Ratio.Find(tensor)) is not null;
        // One factor may be the product of two.
        if (!isFactor && IsTold(tensor))
            return [];
        var there = InPass(tensor, bank).Where(defect => !isFactor || IsFactor(defect)).ToArray();
        var withNamed = Found(
            named.Where(there.Contains).SelectMany(one => there.Where(other => other != one).Select(other => new PairDefect(one, other))));
        if (withNamed.Count > 0)
            return withNamed;
        var two = Found(there.SelectMany((one, i) => there.Skip(i + 1).Select(other => new PairDefect(one, other))));
        return two.Count > 0 || isFactor ? two
            : Found(Constants.Of(tensor).SelectMany(constant => there.Select(other => new PairDefect(constant, other))));

        IReadOnlyList<Explained> Found(IEnumerable<PairDefect> pairs) => Explaining(pairs, first, tensor, reports, bank);

        bool IsFactor(Defect defect) => bank.Shows(defect, first)?.Answer is { } answer && Ratio.IsFactor(first.Expected, answer);
    }

    /// <summary>
    /// Three mistakes at once. All triples would be too many: the mistakes that leave the least of the error by themselves are tried with every
    /// other, and the best of these pairs with every third.
    /// </summary>
    public static IReadOnlyList<Explained> FindThree(Evidence tensor, IReadOnlyList<CaseReport> reports, Bank bank)
    {
        var wrong = Wrong(tensor);
        if (wrong.Length < Measured || !tensor.InPlace() || IsTold(tensor))
            return [];
        Defect[] there = [.. InPass(tensor, bank), .. Constants.Of(tensor)];
        var measured = wrong[..Measured];
        var pairs = Best(Best(there).SelectMany(one => there.Where(other => other != one).Select(other => new PairDefect(one, other))));
        return Explaining(
            pairs.SelectMany(pair => there.Where(other => !pair.Parts.Contains(other)).Select(other => new PairDefect(pair, other))),
            wrong[0], tensor, reports, bank);

        Defect[] Best(IEnumerable<Defect> defects) =>
            [.. defects.AsParallel().AsOrdered().Select(defect => (Defect: defect, Left: measured.Sum(sight => Left(defect, sight, bank))))
                .OrderBy(one => one.Left).Take(Kept).Select(one => one.Defect)];
    }

    /// <summary>The part of the error that is left if the mistake is taken for the cause: 0 if none, 1 if the mistake explains nothing.</summary>
    private static double Left(Defect defect, Sight sight, Bank bank)
    {
        if (bank.Shows(InPassAlone(defect, sight), sight)?.Answer is not { } answer || sight.Actual is not { } actual
            || !answer.HasShape(actual.Shape) || !answer.HasShape(sight.Expected.Shape))
            return 1;
        var (left, all) = (0.0, 0.0);
        for (var i = 0; i < answer.Length; i++)
            (left, all) = (left + Math.Abs(answer[i] - actual[i]), all + Math.Abs(sight.Expected[i] - actual[i]));
        return left < all ? left / all : 1; // NaN, too, is no explanation
    }

    /// <summary>
    /// Thousands are tried. The smallest case rejects most of them, and of tap operations, whose passes do not depend on each other, one pass of it.
    /// </summary>
    private static IReadOnlyList<Explained> Explaining(
        IEnumerable<PairDefect> several, Sight first, Evidence tensor, IReadOnlyList<CaseReport> reports, Bank bank) =>
        [.. several.AsParallel().AsOrdered().Where(one => Replay.Reproduces(InPassAlone(one, first), first, bank))
            .Select(one => Replay.Explain(one, reports, bank, tensor.Tensor)).OfType<Explained>()];

    /// <summary>Whether something says what every element is, or which digits of it survive. Two mistakes do not say it more simply.</summary>
    private static bool IsTold(Evidence tensor) => AllPatterns.OfEveryElement(tensor) is not null
        || Attempt.Find(() => Values.Find(tensor)) is { Class: MistakeClass.Precision };

    private static Sight[] Wrong(Evidence tensor) =>
        [.. tensor.Wrong.Where(sight => sight.Report.Question.Hashes is null).OrderBy(sight => sight.Report.Tensors.Sum(one => one.Count))];

    private static IEnumerable<Defect> InPass(Evidence tensor, Bank bank) =>
        bank.Defects(tensor.Op).Where(defect => defect.In(PassOf(tensor.Tensor)));

    private static Passes PassOf(string tensor) => tensor switch
    {
        "gradients.input" => Passes.InputGradient,
        "gradients.weight" => Passes.WeightGradient,
        "gradients.bias" => Passes.BiasGradient,
        _ => Passes.Forward,
    };

    /// <summary>Several mistakes in the pass of the sight alone. One by itself stays what it is, because what it shows is known already.</summary>
    private static Defect InPassAlone(Defect defect, Sight sight)
    {
        return defect is PairDefect && AllOperations.Named(sight.Case.Op) is TapOperation ? In(defect) : defect;

        Defect In(Defect one) => one is PairDefect pair ? new PairDefect(In(pair.First), In(pair.Second))
            : one with { Passes = PassOf(sight.Comparison!.Name) };
    }
}
