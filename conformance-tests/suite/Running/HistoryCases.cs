using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Running;

/// <summary>Which cases are asked again with another history: a few small ones of each operation, with options and sizes that differ.</summary>
internal static class HistoryCases
{
    private const int OfEach = 6;
    private const int MostElements = 600;
    private const int Lanes = 8;

    /// <summary>Whether a case can be asked again: its answer is of numbers, and small.</summary>
    public static bool IsFit(Question question) => IsSmall(question) && Tensors(question.Case).All(IsFinite);

    /// <summary>Whether a case has an answer, and few numbers.</summary>
    public static bool IsSmall(Question question) =>
        question.Case.Refused is null && question.Hashes is null && Elements(question.Case) is > 0 and <= MostElements;

    /// <summary>The cases of one operation: of each kind of options the largest that leaves a rest in a block of lanes.</summary>
    public static IReadOnlyList<Question> Choose(IEnumerable<Question> operation)
    {
        var fit = operation.Where(IsFit).OrderBy(question => question.Case.Inputs.Values.First().Length % Lanes == 0)
            .ThenByDescending(question => Elements(question.Case)).ToArray();
        var kinds = fit.DistinctBy(question => Options(question.Case)).ToArray();
        return [.. Spread(kinds).Concat(fit.Except(kinds)).Take(OfEach)];
    }

    public static int Elements(LayerCase layerCase) => Tensors(layerCase).Sum(tensor => tensor.Length);

    /// <summary>As many as are asked, evenly from all.</summary>
    private static IEnumerable<Question> Spread(Question[] all) =>
        all.Length <= OfEach ? all : Enumerable.Range(0, OfEach).Select(i => all[i * all.Length / OfEach]);

    private static IEnumerable<Tensor64> Tensors(LayerCase layerCase) => layerCase.Inputs.Values.Concat(layerCase.Cotangents.Values);

    private static string Options(LayerCase layerCase) => string.Join(' ', layerCase.Attributes.All.Select(pair => $"{pair.Key}={pair.Value}"));

    private static bool IsFinite(Tensor64 tensor)
    {
        foreach (var value in tensor.Data)
            if (!double.IsFinite(value))
                return false;
        return true;
    }
}
