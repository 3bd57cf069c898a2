using System.Globalization;
using System.Text.RegularExpressions;
using Conformance.Oracle;
using Conformance.Suite.Diagnosing;
using Conformance.Suite.Judging;
using Conformance.Suite.Reporting.Text;
using Conformance.Suite.SelfChecking;

namespace Conformance.Cli.SelfCheck;

/// <summary>What the diagnosis made of a known mistake.</summary>
internal enum Naming
{
    /// <summary>Its own name, and nothing else.</summary>
    Named,

    /// <summary>Several names, its own among them: nothing tells them apart.</summary>
    Ambiguous,

    /// <summary>Another name than its own. Worse than none.</summary>
    Misnamed,

    /// <summary>No name, or its name beside other causes.</summary>
    NotNamed,
}

/// <summary>A row of the kill matrix in words, the same in every report.</summary>
internal static partial class KillWords
{
    public static Naming NamingOf(KillRow row) => row switch
    {
        { IsDiagnosed: true } => Naming.Named,
        { Diagnosis: not null } => Naming.Misnamed,
        _ when row.Causes.Any(cause => cause.Explanations.Count > 1 && cause.Explanations.Any(one => one.Id == row.Defect.Id)) => Naming.Ambiguous,
        _ => Naming.NotNamed,
    };

    /// <summary><c>named</c>, <c>not named</c>.</summary>
    public static string Text(Naming naming) => Split(naming.ToString());

    /// <summary><c>pool ties</c>.</summary>
    public static string Text(MistakeClass kind) => Split(kind.ToString());

    /// <summary>The names that were given: <c>a.b or a.c</c>; those of several causes apart by semicolons.</summary>
    public static string Names(KillRow row) => row.Causes.Count == 0 ? "nothing fails"
        : string.Join(
            "; ",
            row.Causes.Select(
                cause => cause.Explanations.Count == 0 ? "no explanation" : string.Join(" or ", cause.Explanations.Select(defect => defect.Id))));

    /// <summary>
    /// The margin in tolerances, to two digits. It is <c>exact</c> where a case of the exact tier kills the mistake, and <c>–</c> where no case
    /// does.
    /// </summary>
    public static string Margin(KillRow row) => row switch
    {
        { Killed.Count: 0 } => "–",
        { Margin: null } => "exact",
        { Margin: double.PositiveInfinity } => "∞",
        { Margin: var margin } => margin.Value.ToString(margin < 1000 ? "0.#" : "0.#e0", CultureInfo.InvariantCulture),
    };

    /// <summary>What a person would read who has the mistake.</summary>
    public static string Report(KillRow row) =>
        row.Causes.Count == 0 ? "nothing fails" : string.Join("\n\n", row.Causes.Select(cause => CauseText.Render(cause)));

    /// <summary>The ids of the cases that each operation's mistakes were tried on; those of behaviour, <c>any</c>, on the cases of a few.</summary>
    public static Dictionary<string, string[]> Cases(IReadOnlyList<Question> questions)
    {
        var cases = questions.GroupBy(question => question.Case.Op).ToDictionary(
            group => group.Key, group => group.Select(question => question.Case.Id).ToArray());
        cases["any"] = [.. BehaviourDefects.TriedOn.Where(cases.ContainsKey).SelectMany(op => cases[op])];
        return cases;
    }

    private static string Split(string name) => Capital().Replace(name, " $0").ToLowerInvariant();

    [GeneratedRegex("(?<!^)[A-Z]")]
    private static partial Regex Capital();
}
