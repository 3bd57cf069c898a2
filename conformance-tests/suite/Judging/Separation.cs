using Conformance.Oracle;

namespace Conformance.Suite.Judging;

/// <summary>Measures the distance between two answers to one case. A case that can't separate a mistake from the correct answer is useless.</summary>
public static class Separation
{
    /// <summary>The least distance for a claimed defect: 1 in the exact tier, ten tolerances in the bounded tier.</summary>
    public static double Least(Tier tier) => tier == Tier.Exact ? 1 : 10;

    /// <summary>
    /// The largest difference: in the exact tier the difference itself, in the bounded tier in units of the tolerance. It is infinite if one element
    /// is finite and the other is not, or if a tensor is missing or of another shape.
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
    /// The distance of the answer of an engine with <paramref name="defect"/> from the correct one. If the case must be refused, it is 1 if the
    /// engine accepts the case, otherwise 0.
    /// </summary>
    public static double Measure(Question question, Defect defect) => question.Case.Refused is null
        ? Measure(question.Case, question.Expected, question.AnswerWith(defect), question.Bound)
        : defect is AcceptDefect accept && accept.Accepts(question.Case) ? 1 : 0;

    /// <summary>
    /// Whether an engine that answers only zeros would pass, and every known mistake answers zeros too. A batch without images does not count,
    /// because its case tests shapes. Nor does a softmax over one class, whose loss is 0 except in an engine that overflows.
    /// </summary>
    public static bool IsVacuous(Question question, LayerResult expected) =>
        expected.Outputs.Values.All(tensor => tensor.Length > 0)
        && expected.Tensors.All(pair => !pair.Value.Data.ContainsAnyExcept(0.0))
        && AllOperations.Named(question.Case.Op).Defects.All(defect => Measure(question, defect) == 0);
}
