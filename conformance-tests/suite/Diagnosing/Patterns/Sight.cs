using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Diagnosing.Patterns;

/// <summary>One tensor of one judged case.</summary>
/// <param name="Comparison">
/// The comparison of the tensor; null if there are no numbers to compare (the engine threw, or it accepted a case that must be refused).
/// </param>
public sealed record Sight(CaseReport Report, TensorComparison? Comparison)
{
    public LayerCase Case => Report.Question.Case;

    public ErrorBound Bound => Report.Question.Bound;

    /// <summary>The correct tensor. It must not be read if <see cref="Comparison"/> is null.</summary>
    public Tensor64 Expected => Named(Report.Question.Expected)!;

    /// <summary>The engine's tensor, kept if the case failed and the tensor was in the answer; otherwise null.</summary>
    public Tensor64? Actual => Report.Reply is null ? null : Named(Report.Reply);

    private Tensor64? Named(LayerResult result) => result.Tensors.FirstOrDefault(pair => pair.Key == Comparison!.Name).Value;
}
