using System.Runtime.CompilerServices;
using Conformance.Suite.Dialects;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Diagnosing;

/// <summary>Advice for a failure that is a convention elsewhere: what to declare if it is intended.</summary>
public static class Advice
{
    private static readonly ConditionalWeakTable<Cause, StrongBox<string?>> Known = [];

    /// <summary>A text such as <c>declare "max_pool_ties": "split" if you mean it</c>; null if the cause is no convention.</summary>
    public static string? Find(Cause cause)
    {
        ArgumentNullException.ThrowIfNull(cause);
        return Known.GetValue(cause, one => new(Attempt.Find(() => Found(one)))).Value;
    }

    private static string? Found(Cause cause)
    {
        // A mistake in only one pass, or only in some cases, is no convention.
        var mistakes = cause.Fit == Fit.Whole ? cause.Explanations.SelectMany(defect => defect.Parts).Select(part => part.Id).ToHashSet() : [];
        // An engine with correct outputs reads its arguments as PyTorch does, so another form of the question would be wrong for it.
        var readsOtherwise = !cause.Wrong.All(HasRightOutputs);
        var named = Conventions.All.Where(one => one.Mistakes.Any(mistakes.Contains)).ToLookup(one => one is OtherForm);
        var declared = Nearest([.. named[false]], cause).Concat(readsOtherwise ? named[true] : []).Select(one => one.Declared)
            .Concat(cause.Explanations.Count == 0 && readsOtherwise ? cause.Patterns.Select(pattern => pattern.Declare).OfType<string>() : [])
                .Distinct().ToArray();
        return declared.Length == 0 ? null : $"declare {string.Join(" or ", declared)} if you mean it";
    }

    private static bool HasRightOutputs(CaseReport report)
    {
        var outputs = report.Tensors.Where(tensor => tensor.Name.StartsWith("outputs.", StringComparison.Ordinal)).ToArray();
        return outputs.Length > 0 && outputs.All(tensor => tensor.Passes);
    }

    /// <summary>
    /// Among conventions that share a mistake, the ones that explain most of the evidence and contradict least of it: which tensors change under
    /// them, and whether the engine's tensors do.
    /// </summary>
    private static IEnumerable<Convention> Nearest(Convention[] conventions, Cause cause)
    {
        var reports = cause.Wrong.Where(report => report is { Reply: not null, Question: { Meaning: null, Hashes: null } }).ToArray();
        return conventions.Length < 2 ? conventions : conventions.Select(one => (Convention: one, Counts: Seen(one, reports)))
            .GroupBy(one => one.Counts).OrderBy(group => group.Key.Against).ThenByDescending(group => group.Key.For).First()
                .Select(one => one.Convention);
    }

    private static (int For, int Against) Seen(Convention convention, CaseReport[] reports)
    {
        var dialect = Dialect.FromDeclaration(new() { Conventions = new Dictionary<string, string> { [convention.Name] = convention.Value } });
        var seen = reports.SelectMany(report =>
        {
            var meant = dialect.AsMeant(report.Question);
            var changed = Comparison.Compare(report.Question.Expected, meant.Expected, report.Question.Bound).Where(tensor => !tensor.Passes)
                .Select(tensor => tensor.Name).ToHashSet();
            return Comparison.Compare(meant.Expected, report.Reply!, meant.Bound).Where(tensor => changed.Contains(tensor.Name))
                .Select(tensor => tensor.Passes);
        }).ToArray();
        return (seen.Count(agrees => agrees), seen.Count(agrees => !agrees));
    }
}
