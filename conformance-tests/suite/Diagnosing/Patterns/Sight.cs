using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Diagnosing.Patterns;

/// <summary>One tensor of one judged case.</summary>
/// <param name="Comparison">
/// How it compares; null where the engine gave no numbers to compare (it threw, or it accepted what must be refused).
/// </param>
public sealed record Sight(CaseReport Report, TensorComparison? Comparison)
{
    public LayerCase Case => Report.Question.Case;

    public ErrorBound Bound => Report.Question.Bound;

    /// <summary>The right tensor. Not to be asked for where <see cref="Comparison"/> is null.</summary>
    public Tensor64 Expected => Named(Report.Question.Expected)!;

    /// <summary>What the engine answered: kept where the case failed and the tensor was there; else null.</summary>
    public Tensor64? Actual => Report.Reply is null ? null : Named(Report.Reply);

    private Tensor64? Named(LayerResult result) => result.Tensors.FirstOrDefault(pair => pair.Key == Comparison!.Name).Value;
}
