using Conformance.Oracle;

namespace Conformance.Suite.Fixtures;

/// <summary>How far two answers to one case are apart. A case that can't tell a mistake from right is worth nothing.</summary>
public static class Separation
{
    /// <summary>What a claimed defect must differ by at least: 1 in the exact tier, ten tolerances in the bounded one; 1 where accepting a case at all is the mistake.</summary>
    public static double Least(LayerCase layerCase) => layerCase.Refused is null ? Least(layerCase.Tier) : 1;

    /// <summary>The same, of an answer with numbers.</summary>
    public static double Least(Tier tier) => tier == Tier.Exact ? 1 : 10;

    /// <summary>
    /// The worst element's difference: in the exact tier the difference itself, in the bounded one in units of the tolerance. Infinite where
    /// one is finite and the other is not, where a tensor is missing or of another shape, and where a refusal is answered.
    /// </summary>
    public static double Of(LayerCase layerCase, LayerResult expected, LayerResult other, ErrorBound bound)
    {
        if (layerCase.Refused is not null)
            return double.PositiveInfinity; // there is another answer at all
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
                if (error > 0)
                    worst = Math.Max(worst, layerCase.Tier == Tier.Exact ? error : error / bound.Of(name, i));
            }
        }
        return worst;
    }

    /// <summary>How far the answer of an engine with <paramref name="defect"/> is from the right one.</summary>
    public static double Of(Question question, Defect defect) => Of(
        question.Case, question.Expected, AllOperations.Named(question.Case.Op).Evaluate(question.Case, defect), question.Bound);
}
