using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Diagnosing;

/// <summary>
/// Finds two mistakes in one tensor. Neither of them alone explains the tensor. Two mistakes in different passes change different tensors, so
/// <see cref="Replay"/> finds each.
/// </summary>
public static class Pairs
{
    /// <summary>The pairs that explain <paramref name="tensor"/> and contradict no passing case.</summary>
    /// <param name="named">
    /// Mistakes that are already known. Pairs with one of them are tried first; the others only if none of these explains the tensor.
    /// </param>
    public static IReadOnlyList<Explained> Find(string tensor, IReadOnlyList<CaseReport> reports, IReadOnlyCollection<Defect> named, Bank bank)
    {
        var wrong = reports.Where(report => report.Tensors.Any(one => one.Name == tensor && !one.Passes)).ToArray();
        if (wrong.Length == 0)
            return [];
        var pass = tensor switch
        {
            "gradients.input" => Passes.InputGradient,
            "gradients.weight" => Passes.WeightGradient,
            "gradients.bias" => Passes.BiasGradient,
            _ => Passes.Forward,
        };
        var there = Bank.Defects(wrong[0].Question.Case.Op).Where(defect => defect.In(pass)).ToArray();
        var withNamed = Found(
            named.Where(there.Contains).SelectMany(one => there.Where(other => other != one).Select(other => new PairDefect(one, other))));
        return withNamed.Count > 0 ? withNamed : Found(there.SelectMany((one, i) => there.Skip(i + 1).Select(other => new PairDefect(one, other))));

        IReadOnlyList<Explained> Found(IEnumerable<PairDefect> pairs) =>
            [.. pairs.AsParallel().AsOrdered().Select(pair => Replayed(pair, reports, bank, tensor)).OfType<Explained>()];
    }

    /// <summary>
    /// Replays a pair. Two changes together may index outside an array, or throw, where neither does alone. The pair is then no explanation, because
    /// an engine with both would not have answered.
    /// </summary>
    private static Explained? Replayed(PairDefect pair, IReadOnlyList<CaseReport> reports, Bank bank, string tensor)
    {
        try
        {
            return Replay.Explain(pair, reports, bank, tensor);
        }
        catch (Exception outside) when (outside is IndexOutOfRangeException or ArgumentException or ArithmeticException)
        {
            return null;
        }
    }
}
