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
        var tensors = Replay.WrongTensors(reports);
        var there = bank.Defects(wrong[0].Question.Case.Op).Where(defect => defect.In(pass)).ToArray();
        var withNamed = Found(
            named.Where(there.Contains).SelectMany(one => there.Where(other => other != one).Select(other => new PairDefect(one, other))));
        return withNamed.Count > 0 ? withNamed : Found(there.SelectMany((one, i) => there.Skip(i + 1).Select(other => new PairDefect(one, other))));

        IReadOnlyList<Explained> Found(IEnumerable<PairDefect> pairs) =>
        [
            .. pairs.AsParallel().AsOrdered().Where(MayExplain).Select(pair => Replay.Explain(pair, reports, tensors, bank, tensor))
                .OfType<Explained>(),
        ];

        // Thousands of pairs are tried. The passes of a tap operation do not depend on each other, so one pass of the smallest case
        // rejects most pairs.
        bool MayExplain(PairDefect pair) => AllOperations.Named(wrong[0].Question.Case.Op) is not TapOperation
            || (bank.Shows(InPassAlone(pair), wrong[0].Question) is { } shown
                && shown.TryGetValue(tensor, out var symptom)
                && Replay.Reproduces(symptom, new(wrong[0], wrong[0].Tensors.First(one => one.Name == tensor))));

        PairDefect InPassAlone(PairDefect pair) => new(pair.First with { Passes = pass }, pair.Second with { Passes = pass });
    }
}
