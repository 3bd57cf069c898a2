using System.Globalization;
using System.Text;
using Conformance.Oracle;
using Conformance.Suite.Diagnosing;
using Conformance.Suite.Diagnosing.Patterns;
using Conformance.Suite.Diagnosing.Probing;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Reporting.Text;

/// <summary>
/// One cause of failure as text, for the engine's author: what fails and what passes, the most likely mistake and its fix, the first case, the
/// elements that the engine really reads there, and the command to run it again. There is one block per cause, not per case.
/// </summary>
public static class CauseText
{
    private const int Shown = 4;

    /// <summary>So many patterns stand in a heading: what is wrong, and where.</summary>
    private const int Headed = 2;

    /// <param name="picture">The elements that the engine reads for the first wrong element; null if they could not be found.</param>
    public static string Render(Cause cause, TapPicture? picture = null) =>
        $"{WithoutCommand(cause, picture)}\n  again:  {FailureText.Command(cause.First.Report)}";

    /// <summary>The same text without the command, for users who run the case in another way.</summary>
    public static string WithoutCommand(Cause cause, TapPicture? picture)
    {
        var (text, first) = (new StringBuilder(), cause.First);
        var kernel = first.Report.Kernel is { } name ? $"  (kernel {name})" : "";
        text.Append(CultureInfo.InvariantCulture, $"{cause.Op}  {Titled(cause)}{kernel}\n");
        foreach (var alike in cause.Evidence.GroupBy(Failing))
            text.Append(
                CultureInfo.InvariantCulture,
                $"  {(cause.Evidence.Count == alike.Count() ? "" : string.Join(", ", alike.Select(Name)) + "  ")}{alike.Key}\n");
        text.Append(Said(cause));
        if (Advice.Find(cause) is { } advice)
            text.Append(CultureInfo.InvariantCulture, $"    a convention elsewhere: {advice}\n");
        if (Blame.Find(first.Report) is { } blame)
            text.Append(CultureInfo.InvariantCulture, $"  {blame}\n");
        text.Append("  first case  ").Append(FirstCase(cause, first));
        if (picture is { Differs: true } || (picture is { Problem: not null } && cause.Explanations.Count == 0))
            text.Append("\n  ").Append(picture.ToString().Replace("\n", "\n  ", StringComparison.Ordinal));
        return text.ToString();
    }

    /// <summary>A cause in one line: the known mistake, or the first pattern.</summary>
    public static string Line(Cause cause) => Known(cause) + (Advice.Find(cause) is { } advice ? "; " + advice : "");

    /// <summary>The same with the tensors that it makes wrong in front: <c>gradient of weight: the kernel is rotated by 180°</c>.</summary>
    public static string Titled(Cause cause) => $"{string.Join(", ", cause.Evidence.Select(Name))}: {Known(cause)}";

    private static string Known(Cause cause) => (cause.Edge is { } edge ? $"on {edge}: " : "") + (
        cause.Trouble is { } trouble ? $"the diagnosis failed, and the verdicts stand: {trouble}"
        : cause.Explanations.Count > 0 ? string.Join("; or ", cause.Explanations.Select(defect => defect.Mistake + Only(cause)))
        : cause.Patterns.Count > 0 ? string.Join("; ", cause.Patterns.Take(Headed).Select(pattern => pattern.Text)) : "no known mistake explains it")
        + (cause.Layout is { } layout ? $"; and in another layout: {layout}" : "");

    private static string Said(Cause cause)
    {
        if (cause.Trouble is not null)
            return "    this is a fault of the suite, not of the engine: please report it\n";
        var text = new StringBuilder();
        foreach (var defect in cause.Explanations.Take(Shown))
        {
            var all = cause.Explanations.Count == 1;
            foreach (var part in defect.Parts)
            {
                var lead = part != defect.Parts.First() ? "and also:" : all ? "most likely:" : defect == cause.Explanations[0] ? "either:" : "or:";
                var mistake = all && part == defect ? "" : $" {part.Mistake}{Only(cause)} ";
                text.Append(CultureInfo.InvariantCulture, $"  {lead}{mistake} [{part.Id}]\n");
                text.Append(part.Wrote is null
                    ? $"    mend: {part.Mend}\n"
                    : $"    you index  {part.Wrote}    it should be  {part.Meant}\n");
            }
        }
        if (cause.Explanations is [BehaviourDefect])
            foreach (var pattern in cause.Patterns)
                text.Append(CultureInfo.InvariantCulture, $"    {pattern.Text}\n");
        if (cause.Explanations.Count == 1)
            text.Append(Proof(cause));
        else if (cause.Explanations.Count > 1)
            text.Append(
                CultureInfo.InvariantCulture,
                $"    {(cause.Explanations.Count == 2 ? "both give" : "each gives")} exactly this; "
                    + $"{(cause.Telling is null ? "no case was found in which they differ" : $"this would tell: --case {cause.Telling}")}\n");
        else
            text.Append(Unknown(cause));
        return text.ToString();
    }

    private static string Proof(Cause cause)
    {
        var (wrong, right) = (
            cause.Wrong.Count, cause.Evidence.SelectMany(evidence => evidence.Right).Select(sight => sight.Report).Except(cause.Wrong).Count());
        return cause.Fit == Fit.Conditional
            ? $"    reproduces {All(wrong, "failure")}; the cases that pass where it would show all lack this: {cause.Condition}\n"
            : $"    explains {(cause.Failures > wrong ? $"{wrong} of {cause.Failures} failures" : All(wrong, "failure"))}, "
                + $"contradicts none of {(right == 1 ? "the 1 pass" : $"the {right} passes")}\n";

        static string All(int count, string what) => count == 1 ? $"the 1 {what}" : $"all {count} {what}s";
    }

    private static string Unknown(Cause cause)
    {
        var text = new StringBuilder();
        foreach (var pattern in cause.Patterns.Where((pattern, i) => i >= Headed || pattern.Class is not null)) // the others are in the heading
            text.Append(CultureInfo.InvariantCulture, $"    {pattern.Text}{(pattern.Class is { } kind ? $"  ({kind.Title()})" : "")}\n");
        text.Append(cause.Evidence[0].HasNumbers ? "    no known mistake explains it\n" : "");
        if (cause.Nearest is { } nearest)
            text.Append(
                CultureInfo.InvariantCulture,
                $"    nearest: {nearest.Defect.Mistake}  [{nearest.Defect.Id}] "
                    + $"gives {nearest.Reproduced} of {cause.Evidence[0].Wrong.Count} failures\n");
        return text.ToString();
    }

    /// <summary>The restriction of the mistake, if it is not everywhere that it could be.</summary>
    private static string Only(Cause cause) => cause.Fit switch
    {
        Fit.OnePass => $" (in {string.Join(" and ", cause.Evidence.Select(evidence => "the " + Name(evidence.Tensor)))} alone)",
        Fit.Conditional => $" (only where {cause.Condition})",
        _ => "",
    };

    private static string Failing(Evidence evidence) =>
        $"FAIL on {evidence.Wrong.Count} of {Cases(evidence.Wrong.Count + evidence.Right.Count)}{Otherwise(evidence)}";

    private static string Otherwise(Evidence evidence) =>
        evidence.Fault == Fault.NotAsked ? ""
            : Conditions.Exact(evidence) is [var only] && !only.IsOfNumbers
            ? only.Otherwise.Contains('=', StringComparison.Ordinal) ? $", passes where {only.Otherwise}" : $", exactly where {only.Name}"
            : evidence.Right.Count == 0 ? ", passes none" : "";

    private static string FirstCase(Cause cause, Sight sight)
    {
        if (sight.Comparison is not { } tensor)
            return $"{sight.Case.Id}   {sight.Report.Message}";
        if (tensor.First.Count == 0)
            return $"{sight.Case.Id}   {Name(tensor.Name)}: {tensor.Problem}";
        var worst = tensor.First[0];
        var bound = tensor.Bound > 0 ? $" where {Number(tensor.Bound)} is allowed" : "";
        return $"{sight.Case.Id}   {Name(tensor.Name)}: {tensor.Wrong} of {tensor.Count} elements wrong, "
            + $"largest error {Number(tensor.MaxError)}{bound}; at {Tensor64.Text([.. worst.Index])} "
            + $"expected {Number(worst.Expected)}, got {Number(worst.Actual)}";
    }

    /// <summary>The subject of evidence in plain words.</summary>
    private static string Name(Evidence evidence) => evidence.Kind switch
    {
        EvidenceKind.Fault => evidence.Fault!.Value.Noun(),
        EvidenceKind.Arguments => "arguments",
        EvidenceKind.Repetition => "the same question again",
        EvidenceKind.Refusals => "refusal",
        _ => Name(evidence.Tensor),
    };

    /// <summary>A tensor's name in plain words.</summary>
    internal static string Name(string tensor) => tensor == "outputs.output" ? "output"
        : tensor.StartsWith("gradients.", StringComparison.Ordinal) ? "gradient of " + tensor["gradients.".Length..]
        : tensor["outputs.".Length..];

    private static string Cases(int count) => count == 1 ? "1 case" : $"{count} cases";

    private static string Number(double value) => value.ToString("G9", CultureInfo.InvariantCulture);
}
