using Conformance.Oracle;
using Conformance.Suite.Diagnosing;
using Conformance.Suite.Diagnosing.Patterns;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Running;

/// <summary>
/// What nothing explains may not be the same from one asking to the next: a race, or memory that was not written. The first case is asked again, and
/// asked of the engine started anew where it can be. An answer that is the same again and another anew depends on what was asked before.
/// </summary>
internal static class AskedAgain
{
    /// <summary>The cause; where the answers differ, with that as its explanation.</summary>
    public static Cause Explain(Cause cause, ISubject subject) =>
        cause.Explanations.Count > 0 || !cause.Evidence[0].HasNumbers
            || cause.First.Report is not { Reply: { } reply, Question.Meaning: null } first ? cause
        : Difference(reply, Judge.Run(subject, first.Question)) is { } again
            ? Differing(cause, BehaviourDefects.AnswersDiffer, $"asked again, {again}")
        : subject is IRestartable restartable && Anew(restartable, first.Question) is { } report && Difference(reply, report) is { } anew
            ? Differing(cause, BehaviourDefects.Stale, $"asked of the engine started anew, {anew}")
            : cause;

    private static Cause Differing(Cause cause, BehaviourDefect defect, string text) =>
        cause with { Explanations = [defect], Patterns = [new(text), .. cause.Patterns] };

    private static CaseReport? Anew(IRestartable restartable, Question question) => Attempt.Find(() =>
    {
        var fresh = restartable.Fresh();
        using (fresh as IDisposable)
            return Judge.Run(fresh, question);
    });

    /// <summary>Null where the answer is the same, bit for bit, or where there is none.</summary>
    private static string? Difference(LayerResult reply, CaseReport again)
    {
        if (again.Verdict.IsGood())
            return "the case passes";
        if (again.Reply is null || ReplyDifference.Find(reply, again.Reply) is not { } difference)
            return null;
        var (first, second) = (difference.First, difference.Second);
        return second is null || !second.HasShape(first.Shape) ? difference.ToString()
            : $"{Enumerable.Range(0, first.Length).Count(i => !first[i].Equals(second[i]))} of {first.Length} elements are others: {difference}";
    }
}
