using System.CommandLine;
using System.Diagnostics;
using Conformance.Cli.Checking;
using Conformance.Cli.Reports;
using Conformance.Oracle;
using Conformance.Suite;
using Conformance.Suite.Fixtures;
using Conformance.Suite.Reporting;
using Conformance.Suite.SelfChecking;

namespace Conformance.Cli.Commands;

/// <summary><c>check</c>: the suite against our engine. Needs no torch: the answers are the stored vectors', or the oracle's own for any other geometry.</summary>
internal sealed class CheckCommand : Command
{
    private readonly Option<string?> _op = new("--op") { HelpName = "NAME", Description = "cases of one operation alone" };
    private readonly Option<string[]> _case = new("--case") { HelpName = "ID", Description = "one case (may be repeated): a stored id, or any geometry spelled like one" };
    private readonly Option<string?> _cases = new("--cases") { HelpName = "FILE", Description = "a case file of your own; vectors beside it answer, and where there is none the oracle" };
    private readonly Engines _engines = new();
    private readonly Option<int?> _seed = NumberOption.OptionalCount("--seed", "draw all fills anew with this seed; the oracle answers, or for a whole network live torch");
    private readonly Option<int?> _random = NumberOption.OptionalCount("--random", "N geometries drawn at random for each operation, in place of the stored ones");
    private readonly Option<bool> _quick = new("--quick") { Description = "a few cases in which every known mistake would still be caught twice, for a check between two edits" };
    private readonly Option<string> _out = CommonOptions.Out("check");
    private readonly Option<bool> _json = CommonOptions.Json();

    public CheckCommand(Terminal terminal, CancellationToken cancel)
        : base("check", "the suite against the engine: every case, every kernel")
    {
        foreach (var option in (Option[])[_op, _case, _cases, _random, _quick, .. _engines.Options, _seed, _out, _json])
            Add(option);
        SetAction(parse => Run(parse, terminal, cancel));
    }

    private int Run(ParseResult parse, Terminal terminal, CancellationToken cancel)
    {
        var output = OutputDirectory.Open(parse.GetValue(_out)!, [.. ReportFiles.OfOne, .. ReportFiles.OfSeveral]);
        var start = Stopwatch.GetTimestamp();
        var seed = (ulong?)parse.GetValue(_seed);
        var asked = parse.GetValue(_case) is { Length: > 0 } ids ? ids : parse.GetValue(_random) is { } number ? RandomIds(seed ?? 1, number) : null;
        var quick = parse.GetValue(_quick) ? QuickSet.Read(Fixtures.Folder()).Cases.ToHashSet() : null;
        var (source, entries) = parse.GetValue(_cases) is { } file ? QuestionSource.OfFile(file, seed) : QuestionSource.OfFixtures(Fixtures.Folder(), seed, asked);
        var questions = Questions(source, Fixtures.Entries([.. entries.Where(entry => quick?.Contains(entry.Id) ?? true)], parse.GetValue(_op)), cancel);
        var (reports, shrunk) = (new List<CheckReport>(), new List<CaseReport>());
        foreach (var engine in _engines.Open(parse))
        {
            var judged = Judged(questions, engine.Subjects, new(terminal), cancel);
            if (parse.GetValue(_random) is not null)
                shrunk.AddRange(ShrunkCases.Of(judged, engine.Subjects, cancel));
            reports.Add(CheckReport.Of(engine.Subjects, judged, Fixtures.Folder().Hash(), () => Stopwatch.GetElapsedTime(start), cancel));
        }

        var written = ReportFiles.Write(output.Path, reports, Fixtures.Folder().CaseFiles([]));
        var replays = ShrunkCases.Write(output, shrunk);
        terminal.Out.Write(parse.GetValue(_json) ? File.ReadAllText(written[0]) : CheckSummary.Of(reports, written, shrunk, replays, terminal));
        return source.Report(terminal) ? ExitCode.WrongUse : reports.All(report => report.IsGood) ? ExitCode.Good : ExitCode.Failed;
    }

    private static string[] RandomIds(ulong seed, int number) =>
        [.. AllOperations.Names.SelectMany(name => Enumerable.Range(0, number).Select(i => AllOperations.Named(name).RandomId(seed, i))).OfType<string>()];

    /// <summary>Every question that can be read, in order.</summary>
    private static Question[] Questions(QuestionSource source, IReadOnlyList<CaseEntry> entries, CancellationToken cancel) =>
        [.. entries.AsParallel().AsOrdered().WithCancellation(cancel).Select(source.TryOf).OfType<Question>()];

    private static CaseReport[] Judged(Question[] questions, IReadOnlyList<ISubject> subjects, Progress progress, CancellationToken cancel)
    {
        var reports = new CaseReport[questions.Length * subjects.Count];
        var done = 0;
        Parallel.For(0, reports.Length, new() { CancellationToken = cancel }, i =>
        {
            reports[i] = Judge.Run(subjects[i % subjects.Count], questions[i / subjects.Count]);
            var count = Interlocked.Increment(ref done);
            lock (progress)
                progress.Live($"{count} of {reports.Length}");
        });
        progress.Clear();
        return reports;
    }
}
