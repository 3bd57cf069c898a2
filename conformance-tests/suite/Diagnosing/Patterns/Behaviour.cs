using System.Globalization;
using System.Text.RegularExpressions;
using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Diagnosing.Patterns;

/// <summary>What an engine did that is not a tensor's numbers: it threw, died, wrote to its arguments, answered differently the second time, or took what must be refused.</summary>
internal static partial class Behaviour
{
    private const int Shown = 3;

    public static Pattern? Of(Evidence evidence) => evidence.Fault is { } fault ? Failed(evidence, fault) : evidence.Tensor switch
    {
        Evidence.Arguments => new($"writes to its arguments: {Several(Messages(evidence).Select(text => text.Split(" was ")[0]))}", MistakeClass.ArgumentChanged),
        Evidence.Repetition => Again(evidence),
        Evidence.Refusals => Accepted(evidence),
        _ => null,
    };

    private static Pattern Failed(Evidence evidence, Fault fault)
    {
        // What is said where it must refuse is said only where nothing else is.
        var answerable = evidence.Wrong.Where(sight => sight.Case.Refused is null).ToArray();
        var (messages, isAlways) = (Messages(answerable.Length > 0 ? evidence with { Wrong = answerable } : evidence).Distinct().ToArray(), evidence.Right.Count == 0);
        var kinds = messages.Select(text => text.Split(':')[0]).Distinct().ToArray();
        var said = messages.Length == 1 ? messages[0]
            : fault != Fault.Threw ? $"such as {messages[0]}"
            : kinds.Length == 1 ? $"{kinds[0]}, such as {messages[0][(messages[0].IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()}" : Several(kinds);
        return new($"{fault.Text()} {(isAlways ? "in every case" + (fault is Fault.Died or Fault.Silent or Fault.Nonsense ? " that was asked" : "") : $"in {evidence.Wrong.Count} of {evidence.Wrong.Count + evidence.Right.Count} cases")}: {said}",
            isAlways && fault is (Fault.Threw or Fault.Died or Fault.Silent) ? MistakeClass.DoesNotRun : null);
    }

    private static Pattern Again(Evidence evidence)
    {
        var changes = Messages(evidence).Select(text => Change().Match(text)).ToArray();
        if (changes.All(change => change.Success))
        {
            var pairs = changes.Select(change => (First: Number(change, 1), Second: Number(change, 2))).ToArray();
            if (pairs.All(pair => pair.First != 0 && pair.Second == 2 * pair.First))
                return new("the second answer is twice the first: what an earlier call added up is still there", MistakeClass.Accumulates);
        }
        return new($"the same question again gets another answer ({Several(Messages(evidence).Select(text => text[(text.LastIndexOf("answer: ", StringComparison.Ordinal) + "answer: ".Length)..]))}): "
            + "state that is kept from call to call, memory that is not cleared, or two threads that write to one place");
    }

    private static Pattern Accepted(Evidence evidence)
    {
        var accepted = evidence.Wrong.Select(sight => sight.Case.Refused!);
        return new(evidence.Right.Count == 0
            ? $"refuses nothing: answers with numbers for {Several(accepted)}"
            : $"answers with numbers what must be refused: {Several(accepted)}; refuses {evidence.Right.Count} others", MistakeClass.Unchecked);
    }

    private static double Number(Match change, int group) => double.Parse(change.Groups[group].Value, CultureInfo.InvariantCulture);

    private static IEnumerable<string> Messages(Evidence evidence) => evidence.Wrong.Select(sight => sight.Report.Message ?? "");

    private static string Several(IEnumerable<string> all)
    {
        var distinct = all.Distinct().ToArray();
        return string.Join("; ", distinct.Take(Shown)) + (distinct.Length > Shown ? $"; and {distinct.Length - Shown} more" : "");
    }

    /// <summary>The first number that another took the place of, as the judge says it.</summary>
    [GeneratedRegex(@": (-?[\d.E+-]+) becomes (-?[\d.E+-]+)$")]
    private static partial Regex Change();
}
