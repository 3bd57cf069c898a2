using System.Diagnostics;
using Conformance.Oracle;
using Conformance.Suite.Dialects;
using Conformance.Suite.Fixtures;
using Conformance.Suite.Gating;
using Conformance.Suite.Judging;
using Conformance.Suite.Reporting.Files;
using Conformance.Suite.Reporting.Text;
using Conformance.Suite.Running;

namespace Conformance.Suite;

/// <summary>The result of a test: a failure, a reason to skip it, or neither if the case passes.</summary>
/// <param name="Failure">The text of the failure, for the engine's author; null if there is none, or if it is known.</param>
/// <param name="Skipped">
/// The reason, if the case is unsupported or a known failure; otherwise null. A skipped case must not be shown as passed.
/// </param>
public sealed record CaseOutcome(CaseReport Report, string? Failure, string? Skipped);

/// <summary>
/// The suite for a test framework: the names of the cases, an outcome for each, and the reports at the end. Each case is judged once. When a case of
/// an operation fails first, the operation's other cases are judged too, so that every failure can name its cause; not under a debugger, where they
/// would disturb. A run is thread-safe if the engine is.
/// </summary>
/// <param name="subjects">The kernels of one engine, at least one.</param>
public sealed class ConformanceRun(params IReadOnlyList<ISubject> subjects)
{
    private readonly Stopwatch _time = Stopwatch.StartNew();
    private readonly Lock _making = new();
    private EngineRun? _run;
    private Dictionary<CaseName, int> _places = [];
    private GateTerms? _gate;

    /// <summary>The source of cases and answers; by default the fixtures in this library.</summary>
    public FixtureFolder Fixtures { get; init; } = FixtureFolder.Packed;

    /// <summary>The operations to ask; by default those that the engine declares, or all.</summary>
    public IReadOnlyList<string>? Operations { get; init; }

    /// <summary>Whether to run the quick set only: a few cases in which every known mistake is still visible.</summary>
    public bool Quick { get; init; }

    /// <summary>The path of a known-failures file, in the format of <c>check --known-failures</c>; null for none.</summary>
    public string? KnownFailures { get; init; }

    /// <summary>Every case with every kernel. This reads no vectors.</summary>
    /// <exception cref="FixtureException">A case file can't be read.</exception>
    /// <exception cref="ArgumentException">An operation does not exist.</exception>
    public IReadOnlyList<CaseName> Cases => Run.Cases;

    /// <summary>Judges a case.</summary>
    /// <exception cref="FixtureException">The case's vector or the known-failures file can't be read.</exception>
    /// <exception cref="ArgumentException">The case is not in <see cref="Cases"/>.</exception>
    public CaseOutcome Judge(CaseName name)
    {
        var report = Run.Judge(
            _places.TryGetValue(name, out var place) ? place : throw new ArgumentException($"{name}: {subjects[0].Name} is not asked this case"))!;
        KnownFailure[] known = [.. Known.Where(entry => entry.Matches(name.Id, name.Kernel))];
        if (report.Verdict == Verdict.Unsupported)
            return new(report, null, $"unsupported: {report.Message}");
        if (report.Verdict.IsBad())
            return known is [var first, ..]
                ? new(report, null, $"known failure: {first.Reason} ({KnownFailures}, line {first.Line})")
                : new(report, Text(report), null);
        var stale = known.FirstOrDefault(entry => entry.Pattern == name.Id);
        return new(report, stale is null ? null : $"passes, and {KnownFailures}, line {stale.Line}, says that it fails: remove the line", null);
    }

    /// <summary>Whether the engine offers any of the cases. A run without a judged case is no success.</summary>
    public bool JudgesAnything() => Enumerable.Range(0, Cases.Count).Any(place => Run.Judge(place)!.Verdict != Verdict.Unsupported);

    /// <summary>Entries of the known-failures file that are no longer true, one line each; null if there are none, or no file.</summary>
    public string? StaleKnownFailures()
    {
        if (Gate is not { } gate)
            return null;
        foreach (var name in Cases.Where(name => Known.Any(entry => entry.Matches(name.Id, name.Kernel))))
            Run.Judge(_places[name]);
        var stale = gate.Decide(Run.Judged).Stale;
        return stale.Count == 0
            ? null
            : string.Join(
                '\n', stale.Select(entry => $"{KnownFailures}, line {entry.Entry.Line}: {entry.Entry.Pattern}: {entry.Why}: remove or narrow it"));
    }

    /// <summary>Everything judged so far, with its causes, and the gate's result if there are known failures.</summary>
    public CheckReport Report() => Run.Report(Fixtures.Hash(), Gate, CancellationToken.None) with
    {
        Fixtures = Origin.Describe(Fixtures),
    };

    /// <summary>Writes the reports that <c>check</c> writes.</summary>
    /// <returns>The paths of the files; none if nothing was judged.</returns>
    /// <exception cref="IOException">A file can't be written.</exception>
    public IReadOnlyList<string> Write(string folder)
    {
        if (Run.Judged.Count == 0)
            return [];
        ReportFiles.WriteJudged(folder, Run.ReportUntilNow(Fixtures.Hash()), [], 1);
        var written = ReportFiles.Write(folder, [Report()], Fixtures.CaseFiles());
        ReportFiles.ForgetJudged(folder);
        return written;
    }

    private EngineRun Run
    {
        get
        {
            lock (_making)
                return _run ??= Started();
        }
    }

    private GateTerms? Gate =>
        KnownFailures is null ? null : _gate ??= new(Gating.KnownFailures.Read(KnownFailures), null, [.. Fixtures.Cases().Select(entry => entry.Id)]);

    private IReadOnlyList<KnownFailure> Known => Gate?.Known?.Entries ?? [];

    private EngineRun Started()
    {
        var run = new EngineRun(subjects, [.. Chosen().Select(id => new RunQuestion(id, () => Fixtures.Vector(id).Question))], () => _time.Elapsed);
        _places = run.Cases.Index().ToDictionary(one => one.Item, one => one.Index);
        return run;
    }

    private IEnumerable<string> Chosen()
    {
        var operations = Operations ?? Dialect.FromDeclaration(subjects[0].Declares).Operations ?? AllOperations.Names;
        if (operations.FirstOrDefault(op => !AllOperations.Names.Contains(op)) is { } unknown)
            throw new ArgumentException($"unknown operation '{unknown}': there are {string.Join(", ", AllOperations.Names)}");
        var quick = Quick ? QuickSet.Read(Fixtures).Cases.ToHashSet() : null;
        return Fixtures.Cases().Select(entry => entry.Id).Where(id => operations.Contains(id.Split('/')[0]) && quick?.Contains(id) != false);
    }

    private string Text(CaseReport report)
    {
        var text = FailureText.WithoutCommand(report);
        return Debugger.IsAttached ? text : $"{text}\n\n{string.Join("\n\n", Run.Diagnose(report.Question.Case.Op)
            .Where(finding => finding.Cause.Wrong.Contains(report)).Select(finding => CauseText.WithoutCommand(finding.Cause, finding.Picture)))}";
    }
}
