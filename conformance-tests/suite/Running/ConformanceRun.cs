using System.Collections.Concurrent;
using System.Diagnostics;
using Conformance.Oracle;
using Conformance.Suite.Diagnosing;
using Conformance.Suite.Diagnosing.Patterns;
using Conformance.Suite.Dialects;
using Conformance.Suite.Fixtures;
using Conformance.Suite.Gating;
using Conformance.Suite.Judging;
using Conformance.Suite.Reporting;
using Conformance.Suite.Reporting.Files;
using Conformance.Suite.Reporting.Text;
using Conformance.Suite.SelfChecking;

namespace Conformance.Suite.Running;

/// <summary>One case under one of an engine's kernels.</summary>
/// <param name="Kernel">Null where the engine has no choice of them.</param>
public sealed record CaseName(string Id, string? Kernel)
{
    /// <summary>As tests are called: <c>conv2d/n1c1h5w7-o1-k3 [fast]</c>.</summary>
    public override string ToString() => Kernel is null ? Id : $"{Id} [{Kernel}]";
}

/// <summary>What a test says of a case: nothing where it is right; else a failure, or why it counts neither as passed nor as failed.</summary>
/// <param name="Failure">What is wrong, for someone who has to mend it; null where nothing is, or where it is known.</param>
/// <param name="Skipped">Unsupported, or a known failure, and why; never to be shown as passed. Else null.</param>
public sealed record CaseOutcome(CaseReport Report, string? Failure, string? Skipped);

/// <summary>
/// The suite for a test framework: the cases' names, an outcome for each, and the reports at the end. Each case is judged once. When the first of an operation fails, the operation's other
/// cases are judged as well, so that every failure can name its cause; not under a debugger, where that would be in the way. Safe to use from several threads where the engine is.
/// </summary>
/// <param name="subjects">One engine: each of its kernels, at least one.</param>
public sealed class ConformanceRun(params IReadOnlyList<ISubject> subjects)
{
    private readonly ConcurrentDictionary<CaseName, Lazy<CaseReport>> _judged = new();
    private readonly ConcurrentDictionary<string, Lazy<CheckReport>> _diagnosed = new();
    private readonly Stopwatch _time = Stopwatch.StartNew();
    private IReadOnlyList<CaseName>? _cases;
    private KnownFailures? _known;

    /// <summary>Where cases and answers come from; by default those that this library carries.</summary>
    public FixtureFolder Fixtures { get; init; } = FixtureFolder.Packed;

    /// <summary>The operations that are asked; by default those that the engine declares, or all.</summary>
    public IReadOnlyList<string>? Operations { get; init; }

    /// <summary>A few cases in which every known mistake still shows.</summary>
    public bool Quick { get; init; }

    /// <summary>The path of a known-failures file, as <c>check --known-failures</c> reads it; null for none.</summary>
    public string? KnownFailures { get; init; }

    /// <summary>Every case under every kernel. No vector is read for it.</summary>
    /// <exception cref="FixtureException">A case file can't be read.</exception>
    /// <exception cref="ArgumentException">There is no such operation.</exception>
    public IReadOnlyList<CaseName> Cases => _cases ??= FindCases();

    /// <summary>Judges a case.</summary>
    /// <exception cref="FixtureException">The case's vector or the known-failures file can't be read.</exception>
    public CaseOutcome Judge(CaseName name)
    {
        var report = Judged(name);
        KnownFailure[] known = [.. (Known?.Entries ?? []).Where(entry => entry.Matches(name.Id, name.Kernel))];
        if (report.Verdict == Verdict.Unsupported)
            return new(report, null, $"unsupported: {report.Message}");
        if (report.Verdict.IsBad())
            return known is [var first, ..] ? new(report, null, $"known failure: {first.Reason} ({KnownFailures}, line {first.Line})") : new(report, Text(report), null);
        var stale = known.FirstOrDefault(entry => entry.Pattern == name.Id);
        return new(report, stale is null ? null : $"passes, and {KnownFailures}, line {stale.Line}, says that it fails: remove the line", null);
    }

    /// <summary>Whether the engine offers any of the cases: a run in which nothing is judged is no success.</summary>
    public bool JudgesAnything() => Cases.Any(name => Judged(name).Verdict != Verdict.Unsupported);

    /// <summary>Entries of the known-failures file that are no longer true, one line each; null where all are, or where there is no file.</summary>
    public string? StaleKnownFailures()
    {
        if (Known is not { } known)
            return null;
        foreach (var name in Cases.Where(name => known.Entries.Any(entry => entry.Matches(name.Id, name.Kernel))))
            Judged(name);
        var stale = GateOf(ReportOf(Reports), known).Stale;
        return stale.Count == 0 ? null : string.Join('\n', stale.Select(entry => $"{known.Path}, line {entry.Entry.Line}: {entry.Entry.Pattern}: {entry.Why}: remove or narrow it"));
    }

    /// <summary>Everything that has been judged, with its causes, and what the gate says of it where there are known failures.</summary>
    public CheckReport Report()
    {
        var all = Reports.GroupBy(report => report.Question.Case.Op).Select(operation => Diagnosed(operation.Key, [.. operation]))
            .Aggregate(ReportOf([]), (all, one) => all with { Cases = [.. all.Cases, .. one.Cases], Findings = [.. all.Findings, .. one.Findings], Reaches = [.. all.Reaches, .. one.Reaches] });
        return Known is { } known ? all with { Gate = GateOf(all, known) } : all;
    }

    /// <summary>Writes the reports that <c>check</c> writes.</summary>
    /// <returns>The paths of the files; none where nothing was judged.</returns>
    /// <exception cref="IOException">A file can't be written.</exception>
    public IReadOnlyList<string> Write(string folder) => _judged.IsEmpty ? [] : ReportFiles.Write(folder, [Report()], Fixtures.CaseFiles());

    private KnownFailures? Known => KnownFailures is null ? null : _known ??= Gating.KnownFailures.Read(KnownFailures);

    /// <summary>In the order of the cases.</summary>
    private CaseReport[] Reports => [.. Cases.Where(_judged.ContainsKey).Select(Judged)];

    /// <summary>A refusal is weighed by the operation's other cases, asked for it where need be.</summary>
    private CaseReport Judged(CaseName name) => Refusals.Weighed(Unweighed(name), Cases.Where(other => other.Kernel == name.Kernel && other.Id.Split('/')[0] == name.Id.Split('/')[0]).Select(Unweighed));

    private CaseReport Unweighed(CaseName name) => _judged.GetOrAdd(name, _ => new(() => Judging.Judge.Run(
        subjects.FirstOrDefault(subject => subject.Kernel == name.Kernel) ?? throw new ArgumentException($"{name}: {subjects[0].Name} has no such kernel"), Fixtures.Vector(name.Id).Question))).Value;

    private string Text(CaseReport report)
    {
        var text = WithoutCommand(FailureText.Of(report));
        if (Debugger.IsAttached)
            return text;
        var op = report.Question.Case.Op;
        var all = Diagnosed(op, [.. Cases.Where(name => name.Id.StartsWith(op + "/", StringComparison.Ordinal)).Select(Judged)]);
        var causes = all.Findings.Where(finding => finding.Cause.Wrong.Contains(report)).Select(finding => WithoutCommand(CauseText.Of(finding.Cause, finding.Picture)));
        return $"{text}\n\n{string.Join("\n\n", causes)}";
    }

    /// <summary>The last line is the command that runs the case again; here the test does.</summary>
    private static string WithoutCommand(string text) => text[..text.LastIndexOf("\n  again:", StringComparison.Ordinal)];

    private CheckReport Diagnosed(string op, IReadOnlyList<CaseReport> reports) => reports.All(report => !report.Verdict.IsBad())
        ? CheckReport.Of(subjects, reports, "", () => TimeSpan.Zero, CancellationToken.None)
        : _diagnosed.GetOrAdd(op, _ => new(() => CheckReport.Of(subjects, reports, "", () => TimeSpan.Zero, CancellationToken.None))).Value;

    private CheckReport ReportOf(IReadOnlyList<CaseReport> reports) => new(subjects[0].Name, subjects[0].Declares, Fixtures.Hash(), reports, [], [], _time.Elapsed);

    private Gate GateOf(CheckReport report, KnownFailures known) => Gate.Of(Results.Of(report), known, null, Fixtures.Cases().Select(entry => entry.Id));

    private IReadOnlyList<CaseName> FindCases()
    {
        var operations = Operations ?? Dialect.Of(subjects[0].Declares).Operations ?? AllOperations.Names;
        if (operations.FirstOrDefault(op => !AllOperations.Names.Contains(op)) is { } unknown)
            throw new ArgumentException($"unknown operation '{unknown}': there are {string.Join(", ", AllOperations.Names)}");
        var quick = Quick ? QuickSet.Read(Fixtures).Cases.ToHashSet() : null;
        return
        [
            .. from entry in Fixtures.Cases()
               where operations.Contains(entry.Id.Split('/')[0]) && quick?.Contains(entry.Id) != false
               from subject in subjects
               select new CaseName(entry.Id, subject.Kernel),
        ];
    }
}
