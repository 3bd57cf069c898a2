using System.Text.Json;
using System.Text.Json.Serialization;
using Conformance.Suite.Fixtures;
using Conformance.Suite.Gating;
using Conformance.Suite.Judging;
using Conformance.Suite.Reporting.Text;
using Conformance.Suite.Running;

namespace Conformance.Suite.Reporting;

/// <summary>
/// <c>results.json</c> of one engine, format version 1. Programs read it, and later runs are compared with it, so its keys must stay.
/// </summary>
/// <param name="Summary">The number of cases by verdict.</param>
public sealed record Results(
    int Conformance, string SuiteHash, string Engine, string Provider, IReadOnlyDictionary<string, string> Conventions, IReadOnlyDictionary<string,
        int> Summary,
    IReadOnlyList<Results.Diagnosed> Diagnoses, IReadOnlyList<Results.Judged> Cases)
{
    public const string FileName = "results.json";

    private const int Version = 1;

    /// <summary>The <see cref="Declaration.Note"/>; absent if the engine has none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Note { get; init; }

    /// <summary>Whose the answers are, in one line; absent if they are the suite's own.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Fixtures { get; init; }

    /// <summary>The seed of a strict run; absent if the run was not strict.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ulong? Strict { get; init; }

    /// <summary>The gate's result; absent without a gate.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Gate? Gate { get; init; }

    /// <summary>Whether Ctrl-C ended the run. The cases are then those judged so far, and nothing is diagnosed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Interrupted { get; init; }

    /// <summary>Why nothing was judged: the engine did not start, or did not greet. <see cref="Interrupted"/> is true beside it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Ended { get; init; }

    /// <summary>
    /// The known mistakes that could be undetected, by operation: those that no judged case would show. An operation without a judged case, which
    /// shows none, is not listed.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<UnseenMistakes>? Unseen { get; init; }

    /// <summary>
    /// The format of the file. NaN and the infinities are strings, as in fixtures, so that any number can be written and read.
    /// </summary>
    internal static readonly JsonSerializerOptions Indented = new(
        JsonSerializerDefaults.Web)
    { WriteIndented = true, NewLine = "\n", NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <param name="Id">The id of the known mistake; null if none explains the failures, or several do.</param>
    /// <param name="Text">The cause in one line.</param>
    /// <param name="Explains">The ids of the cases that fail by it.</param>
    public sealed record Diagnosed(string? Id, string Text, IReadOnlyList<string> Explains);

    /// <param name="Message">The reason why there is no comparison, or another problem; null if the tensors show everything.</param>
    /// <param name="Diagnosis">The known mistake that explains the failure; null if there is none.</param>
    public sealed record Judged(
        string Id, string? Kernel, string Verdict, IReadOnlyList<Tensor> Tensors, double Milliseconds, string? Diagnosis, string? Message)
    {
        /// <summary>The tensors that the engine leaves out, with the reasons; they are not judged. Absent if there are none.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public IReadOnlyDictionary<string, string>? LeftOut { get; init; }

        /// <summary>Whether the geometry was drawn for this run alone, so that later runs do not ask it. Absent if not.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
        public bool Drawn { get; init; }

        private static readonly string[] Good = [Judging.Verdict.Pass.Text(), Judging.Verdict.Dialect.Text()];

        /// <summary>Whether the verdict is good; see <see cref="Verdicts.IsGood"/>.</summary>
        [JsonIgnore]
        public bool IsGood => Good.Contains(Verdict);

        /// <summary>Whether the case is good by a convention that the engine declares.</summary>
        [JsonIgnore]
        public bool IsDialect => Verdict == Judging.Verdict.Dialect.Text();

        /// <summary>Whether the engine does not offer the case, which is neither good nor bad.</summary>
        [JsonIgnore]
        public bool IsUnsupported => Verdict == Judging.Verdict.Unsupported.Text();

        /// <summary>Whether the verdict is bad; see <see cref="Verdicts.IsBad"/>.</summary>
        [JsonIgnore]
        public bool IsBad => !IsGood && !IsUnsupported;
    }

    /// <param name="Text">How many of the known mistakes the cases would have caught, and the classes of the others.</param>
    /// <param name="Mistakes">The ids of the others.</param>
    public sealed record UnseenMistakes(string Op, string Text, IReadOnlyList<string> Mistakes);

    /// <param name="MaxError">The largest error; null if it is not finite.</param>
    /// <param name="Bound">
    /// The tolerance of the element nearest to failing. A tolerance that is not finite is the string <c>"NaN"</c> or <c>"Infinity"</c>, which allows
    /// anything.
    /// </param>
    public sealed record Tensor(string Name, int Wrong, double? MaxError, double Bound);

    public static Results FromReport(CheckReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var causes = report.Findings.SelectMany(finding => finding.Cause.Wrong.Select(wrong => (Report: wrong, finding.Cause)))
            .ToLookup(pair => pair.Report, pair => pair.Cause);
        return new(
            Version, report.SuiteHash, report.Engine, report.Provider, report.Declares.Conventions,
            report.Cases.GroupBy(one => one.Verdict).ToDictionary(group => group.Key.Text(), group => group.Count()),
            [.. report.Findings.Select(
                finding => new Diagnosed(
                finding.Cause.Diagnosis, CauseText.Line(finding.Cause), [.. finding.Cause.Wrong.Select(wrong => wrong.Question.Case.Id)]))],
            [.. report.Cases.Select(one => new Judged(
                one.Question.Case.Id, one.Kernel, one.Verdict.Text(),
                [.. one.Tensors.Select(
                    tensor => new Tensor(tensor.Name, tensor.Wrong, double.IsFinite(tensor.MaxError) ? tensor.MaxError : null, tensor.Bound))],
                Math.Round(one.Milliseconds, EarlierCase.Decimals), causes[one].Select(cause => cause.Diagnosis)
                    .FirstOrDefault(id => id is not null), one.Message)
                { LeftOut = one.LeftOut.Count > 0 ? one.LeftOut : null, Drawn = report.Drawn.Contains(one.Question.Case.Id) })])
        {
            Note = report.Declares.Note,
            Fixtures = report.Fixtures,
            Strict = report.Strict,
            Interrupted = report.Interrupted,
            Ended = report.Ended,
            Gate = report.Gate,
            Unseen = report.Reaches.Where(reach => reach.Unseen.Count > 0)
                .Select(reach => new UnseenMistakes(reach.Op, reach.ToString(), [.. reach.Unseen.Select(defect => defect.Id)]))
                .DistinctBy(one => one.Text).ToArray() is { Length: > 0 } unseen ? unseen : null,
        };
    }

    /// <summary>The cases, for comparison with a later run.</summary>
    public IReadOnlyList<EarlierCase> ToEarlier() =>
        [.. Cases.Where(one => !one.Drawn).Select(one => new EarlierCase(one.Id, one.Kernel, one.Verdict, one.IsGood, one.Milliseconds))];

    /// <summary>The text of the file.</summary>
    public string Text() => JsonSerializer.Serialize(this, Indented) + "\n";

    /// <exception cref="FixtureException">The file can't be read. The message names file and reason.</exception>
    public static Results Read(string path)
    {
        try
        {
            var results = JsonSerializer.Deserialize<Results>(BoundedFile.ReadText(path, BoundedFile.MostResults), Indented);
            return results is { Conformance: Version, Cases: not null, Summary: not null, Diagnoses: not null, Engine: not null }
                ? results with { Conventions = results.Conventions ?? new Dictionary<string, string>() }
                : throw new FixtureException(path, "content", $"expected a results.json of `check`, version {Version}");
        }
        catch (JsonException error)
        {
            throw new FixtureException(
                path, "content", $"expected a results.json of `check`, version {Version}; it is none from line {(error.LineNumber ?? 0) + 1} on",
                error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw FixtureException.Unopened(path, error);
        }
    }
}
