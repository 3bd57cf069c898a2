using Conformance.Oracle;

namespace Conformance.Suite.Judging;

/// <summary>How far two answers to one case are apart. A case that can't tell a mistake from right is worth nothing.</summary>
public static class Separation
{
    /// <summary>What a claimed defect must differ by at least: 1 in the exact tier, ten tolerances in the bounded one.</summary>
    public static double Least(Tier tier) => tier == Tier.Exact ? 1 : 10;

    /// <summary>
    /// The worst element's difference: in the exact tier the difference itself, in the bounded one in units of the tolerance. Infinite where
    /// one is finite and the other is not, and where a tensor is missing or of another shape.
    /// </summary>
    public static double Measure(LayerCase layerCase, LayerResult expected, LayerResult other, ErrorBound bound)
    {
        var answers = other.Tensors.ToDictionary();
        var worst = 0.0;
        foreach (var (name, right) in expected.Tensors)
        {
            if (!answers.TryGetValue(name, out var answer) || !answer.HasShape(right.Shape))
                return double.PositiveInfinity;
            for (var i = 0; i < right.Length; i++)
            {
                if (right[i].Equals(answer[i]))
                    continue;
                var error = Math.Abs(answer[i] - right[i]);
                if (!double.IsFinite(error))
                    return double.PositiveInfinity;
                worst = Math.Max(worst, layerCase.Tier == Tier.Exact ? error : error / bound.At(name, i));
            }
        }
        return worst;
    }

    /// <summary>
    /// How far the answer of an engine with <paramref name="defect"/> is from the right one. Where the right one is a refusal: 1 if the engine
    /// accepts the case, since that alone tells it from right, else 0.
    /// </summary>
    public static double Measure(Question question, Defect defect) => question.Case.Refused is null
        ? Measure(question.Case, question.Expected, question.AnswerWith(defect), question.Bound)
        : defect is AcceptDefect accept && accept.Accepts(question.Case) ? 1 : 0;

    /// <summary>
    /// An engine that answers zeros throughout would pass, and no known mistake answers anything else. A batch of no images is no such case: shapes
    /// are what it asks for. Nor is a softmax over one class, whose loss is 0 but for an engine that overflows.
    /// </summary>
    public static bool IsVacuous(Question question, LayerResult expected) =>
        expected.Outputs.Values.All(tensor => tensor.Length > 0)
        && expected.Tensors.All(pair => !pair.Value.Data.ContainsAnyExcept(0.0))
        && AllOperations.Named(question.Case.Op).Defects.All(defect => Measure(question, defect) == 0);
}
