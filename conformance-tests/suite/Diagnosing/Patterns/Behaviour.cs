using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Diagnosing.Patterns;

/// <summary>
/// Wrong behaviour apart from a tensor's numbers: the engine threw, died, wrote to its arguments, gave another answer the second time, or accepted a
/// case that must be refused.
/// </summary>
internal static class Behaviour
{
    private const int Shown = 3;

    public static Pattern? Find(Evidence evidence) => evidence.Kind switch
    {
        EvidenceKind.Fault => Failed(evidence, evidence.Fault!.Value),
        EvidenceKind.Arguments =>
            new($"writes to its arguments: {Several(evidence.Wrong.Select(sight => sight.Report.ChangedArgument!))}", MistakeClass.ArgumentChanged),
        EvidenceKind.Repetition => Again([.. evidence.Wrong.Select(sight => sight.Report.Difference!)]),
        EvidenceKind.Refusals => Accepted(evidence),
        _ => null,
    };

    private static Pattern Failed(Evidence evidence, Fault fault)
    {
        // Messages from cases that must be refused are used only if there are no others.
        var answerable = evidence.Wrong.Where(sight => sight.Case.Refused is null).ToArray();
        CaseReport[] wrong = [.. (answerable.Length > 0 ? answerable : evidence.Wrong).Select(sight => sight.Report)];
        var isAlways = evidence.Right.Count == 0;
        var happened = isAlways
            ? $"in every case{(fault is Fault.Died or Fault.Silent or Fault.Nonsense ? " that was asked" : "")}"
            : $"in {evidence.Wrong.Count} of {evidence.Wrong.Count + evidence.Right.Count} cases";
        return new(
            $"{fault.Text()} {happened}: {Said(wrong, fault)}",
            isAlways && fault is (Fault.Threw or Fault.Died or Fault.Silent) ? MistakeClass.DoesNotRun : null);
    }

    private static string Said(CaseReport[] wrong, Fault fault)
    {
        var messages = wrong.Select(report => report.Message ?? "").Distinct().ToArray();
        if (messages.Length == 1)
            return messages[0];
        if (fault != Fault.Threw)
            return $"such as {messages[0]}";
        var kinds = wrong.Select(report => report.Complaint!.Kind).Distinct().ToArray();
        return kinds.Length == 1 ? $"{kinds[0]}, such as {wrong[0].Complaint!.Words.Trim()}" : Several(kinds);
    }

    private static Pattern Again(ReplyDifference[] differences) => differences.All(difference => difference.After != Occasion.Again)
        ? new($"right when asked alone: {Several(differences.Select(difference => $"{difference.After.Text()} ({difference})"))}", MistakeClass.Stale)
        : differences.All(difference => difference.IsDoubled)
        ? new("the second answer is twice the first: what an earlier call added up is still there", MistakeClass.Accumulates)
        : new($"the same question again gets another answer ({Several(differences.Select(difference => difference.ToString()))}): "
            + "state that is kept from call to call, memory that is not cleared, or two threads that write to one place");

    private static Pattern Accepted(Evidence evidence)
    {
        var accepted = evidence.Wrong.Select(sight => sight.Case.Refused!);
        return new(evidence.Right.Count == 0
            ? $"refuses nothing: answers with numbers for {Several(accepted)}"
            : $"answers with numbers what must be refused: {Several(accepted)}; refuses {evidence.Right.Count} others", MistakeClass.Unchecked);
    }

    private static string Several(IEnumerable<string> all)
    {
        var distinct = all.Distinct().ToArray();
        return string.Join("; ", distinct.Take(Shown)) + (distinct.Length > Shown ? $"; and {distinct.Length - Shown} more" : "");
    }
}
