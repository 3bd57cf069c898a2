using System.CommandLine;
using System.Diagnostics;
using System.Security.Cryptography;
using Conformance.Cli.Shared;
using Conformance.Oracle;
using Conformance.Suite.Fixtures;
using Conformance.Suite.Judging;
using Conformance.Suite.Reporting;
using Conformance.Suite.Reporting.Files;
using Conformance.Suite.Running;

namespace Conformance.Cli.Check;

/// <summary>
/// <c>check</c>: the suite against an engine, ours where none is named. The answers are the stored vectors', or the oracle's own for any other
/// geometry.
/// </summary>
internal sealed class CheckCommand : Command
{
    private const int MostRandom = 10_000;
    private const int DrawnOfEach = 2;
    private const int FirstSeed = 1_000, LastSeed = 1_000_000_000;

    private readonly Option<string?> _op = new("--op") { HelpName = "NAME", Description = "cases of one operation alone" };
    private readonly Option<string[]> _case = new("--case")
    {
        HelpName = "ID",
        Description = "one case (may be repeated): a stored id, or any geometry spelled like one",
    };
    private readonly Option<string?> _cases = new("--cases")
    {
        HelpName = "FILE",
        Description = "a case file of your own; vectors beside it answer, and where there is none the oracle",
    };
    private readonly Option<string?> _fixtures = new("--fixtures")
    {
        HelpName = "DIR",
        Description = "other cases and answers than the program's own; every report then says so on top",
    };
    private readonly Engines _engines;
    private readonly GateOptions _gate = new();
    private readonly Option<int?> _seed = NumberOption.OptionalCount("--seed", "draw all fills anew with this seed; the oracle answers");
    private readonly Option<int?> _random = NumberOption.OptionalCount(
        "--random", "N geometries drawn at random for each operation, in place of the stored ones", MostRandom);
    private readonly Option<bool> _strict = new("--strict")
    {
        Description = "ask what no engine can know: all numbers drawn anew (with --seed, else another seed each time), ids hidden, in a shuffled "
            + "order, and geometries beside the stored ones",
    };
    private readonly Option<bool> _quick = new("--quick")
    {
        Description = "a few cases in which every known mistake would still be caught twice, for a check between two edits",
    };
    private readonly Option<string> _out = CommonOptions.Out("check");
    private readonly Option<bool> _json = CommonOptions.Json();

    public CheckCommand(Terminal terminal, IReference reference, CancellationToken cancel)
        : base("check", "the suite against the engine: every case, every kernel")
    {
        _engines = new(reference);
        foreach (var option in (Option[])
            [_op, _case, _cases, _fixtures, _random, _strict, _quick, .. _engines.Options, .. _gate.Options, _seed, _out, _json])
            Add(option);
        SetAction(parse => Run(parse, terminal, cancel));
    }

    private int Run(ParseResult parse, Terminal terminal, CancellationToken cancel)
    {
        var output = OutputDirectory.Open(parse.GetValue(_out)!, [.. ReportFiles.OfOne, .. ReportFiles.OfSeveral]);
        var start = Stopwatch.GetTimestamp();
        var folder = StoredFixtures.Named(parse.GetValue(_fixtures));
        var files = folder.CaseFiles([]);
        var gate = _gate.Read(parse, [.. files.SelectMany(file => file.Cases).Select(entry => entry.Id)], output);
        using var held = output.Hold();
        using var transcript = _engines.Transcript(parse, output);
        var (seed, strict) = Seeds(parse);
        var engines = _engines.Read(parse, transcript, Answers(parse), strict, cancel);
        if (gate is not null && engines.Count > 1)
            throw new UserError("the gate, known failures and an earlier run are about one engine: give one --command");
        var (source, entries) = Source(parse, folder, seed);
        var drawn = strict is { } fresh && IsWhole(parse) ? Drawn(parse, fresh) : [];
        entries = [.. entries, .. drawn.Select(id => new CaseEntry(id, "", [], []))];
        var questions = Questions(source, entries, cancel);
        if (!questions.Any(one => one.Question is not null) && source.Problems.Count > 0)
        {
            if (!parse.GetValue(_json))
                terminal.Out.WriteLine("nothing was asked, so nothing passed, and what an earlier run left stays as it is");
            SayProblems(source, terminal);
            return ExitCode.WrongUse;
        }
        var plan = new CheckPlan(questions, folder.Hash(), () => Stopwatch.GetElapsedTime(start))
        {
            Strict = strict,
            Drawn = drawn.ToHashSet(),
            Fixtures = parse.GetValue(_cases) is { } file ? Origin.Describe(file, entries) : Origin.Describe(folder),
        };
        var names = new List<string>();
        var (judged, missing) = Judged(
            engines, engine => engine.Check(plan, parse.GetValue(_random) is not null, gate, Keep, terminal, cancel), terminal, NotStarted);
        if (judged.Count == 0)
            return ExitCode.Missing;

        CheckReport[] reports = [.. judged.Select(one => one.Report)];
        CaseReport[] shrunk = [.. judged.SelectMany(one => one.Shrunk)];
        if (cancel.IsCancellationRequested)
            return Interrupted([.. reports.Where(report => report.Cases.Count > 0)], output, files, terminal);
        transcript?.Complete();
        var written = ReportFiles.Write(output.Path, reports, files);
        ReportFiles.ForgetJudged(output.Path);
        var replays = ShrunkCaseFiles.Write(output, shrunk);
        terminal.Out.Write(parse.GetValue(_json) ? File.ReadAllText(written[0]) : CheckSummary.Render(reports, written, shrunk, replays, terminal));
        if (parse.GetValue(_quick) && reports.Where(IsPartly).Select(report => report.Engine).ToArray() is { Length: > 0 } partly)
            terminal.Say(
                "note",
                $"--quick asks {questions.Length} cases, for engines that take every geometry; "
                    + $"of {string.Join(", ", partly)} more is seen without it");
        return SayProblems(source, terminal) ? ExitCode.WrongUse
            : missing ? ExitCode.Missing
            : reports.All(report => report.IsAccepted) ? ExitCode.Good
            : ExitCode.Failed;

        void NotStarted(NotStartedException problem)
        {
            terminal.Say("error", problem.Message);
            if (engines.Count > 1)
                return; // the table is of those that were judged
            var report = new CheckReport(problem.Engine, Declaration.Nothing, plan.SuiteHash, [], [], [], plan.Elapsed());
            var written = ReportFiles.Write(
                PlaceOfNothing(output), [plan.Told(report with { Interrupted = true, Ended = problem.Message })], files);
            terminal.Out.WriteLine(parse.GetValue(_json) ? File.ReadAllText(written[0]).TrimEnd() : $"nothing was judged; details in {written[1]}");
        }

        void Keep(CheckReport report)
        {
            ReportFiles.WriteJudged(output.Path, report, names, engines.Count);
            names.Add(report.Engine);
        }
    }

    /// <summary>Keeps what was judged until then beside the results of complete runs, which stay as they are.</summary>
    private static int Interrupted(CheckReport[] reports, OutputDirectory output, IReadOnlyList<CaseFile> files, Terminal terminal)
    {
        if (reports.Length == 0)
            terminal.Error.WriteLine("interrupted: no case was judged until then, and nothing was written");
        else
            terminal.Error.WriteLine(
                $"interrupted: {reports.Sum(report => report.Cases.Count)} cases were judged until then, and stand in "
                    + ReportFiles.Write(Path.Combine(output.Path, ReportFiles.InterruptedFolder), reports, files)[0]);
        return ExitCode.Interrupted;
    }

    /// <summary>Where the reports of a run go that judged nothing: not in the place of a complete run's.</summary>
    private static string PlaceOfNothing(OutputDirectory output) =>
        Path.Combine(output.Path, Results.FileName) is var earlier && File.Exists(earlier) && !ResultFiles.IsOfNothing(earlier)
            ? Path.Combine(output.Path, ReportFiles.InterruptedFolder) : output.Path;

    /// <summary>The folders with answers that options name.</summary>
    private IReadOnlyList<string> Answers(ParseResult parse) =>
    [
        .. parse.GetValue(_fixtures) is { } folder ? [folder] : Array.Empty<string>(),
        .. parse.GetValue(_cases) is { } file
            ? AllOperations.Names.Select(op => Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, op)) : [],
    ];

    /// <summary>Where the questions come from, and the cases that the options choose.</summary>
    private (QuestionSource Source, IReadOnlyList<CaseEntry> Entries) Source(ParseResult parse, FixtureFolder folder, ulong? seed)
    {
        var op = parse.GetValue(_op);
        var ids = parse.GetValue(_case) is { Length: > 0 } given ? given
            : parse.GetValue(_random) is { } number
                ? QuestionSource.RandomIds(AllOperations.Names.Where(name => op is null || name == op), seed ?? 1, number)
            : null;
        var quick = parse.GetValue(_quick) ? QuickSet.Read(folder).Cases.ToHashSet() : null;
        var (source, entries) = parse.GetValue(_cases) is { } file
            ? QuestionSource.FromFile(file, seed)
            : QuestionSource.FromFixtures(folder, seed, ids);
        return (source, StoredFixtures.Entries([.. entries.Where(entry => quick?.Contains(entry.Id) ?? true)], op));
    }

    /// <summary>The seed of all numbers, where it is not each case's own, and the same of a strict check.</summary>
    private (ulong? Seed, ulong? Strict) Seeds(ParseResult parse)
    {
        var seed = (ulong?)parse.GetValue(_seed);
        var strict = parse.GetValue(_strict) ? seed ?? (ulong)RandomNumberGenerator.GetInt32(FirstSeed, LastSeed) : (ulong?)null;
        return (strict ?? seed, strict);
    }

    /// <summary>Whether everything that is stored is asked, or all of an operation.</summary>
    private bool IsWhole(ParseResult parse) => parse.GetValue(_case) is not { Length: > 0 } && parse.GetValue(_cases) is null
        && parse.GetValue(_random) is null && !parse.GetValue(_quick);

    /// <summary>Geometries beside the stored ones.</summary>
    private string[] Drawn(ParseResult parse, ulong seed) =>
        [.. QuestionSource.RandomIds(AllOperations.Names.Where(name => parse.GetValue(_op) is not { } op || name == op), seed, DrawnOfEach)
            .Distinct()];

    /// <summary>
    /// A question of each case, in order. They are answered in the background, so that an engine can begin with the first; on threads of their own,
    /// because on the pool's they would stand before what the engine waits for.
    /// </summary>
    private static RunQuestion[] Questions(QuestionSource source, IReadOnlyList<CaseEntry> entries, CancellationToken cancel)
    {
        RunQuestion[] questions = [.. entries.Select(entry => new RunQuestion(entry.Id, () => source.TryRead(entry)))];
        var next = -1;
        for (var i = 0; i < Environment.ProcessorCount; i++)
            new Thread(Answer) { IsBackground = true, Name = "answers", Priority = ThreadPriority.BelowNormal }.Start();
        return questions;

        void Answer()
        {
            while (!cancel.IsCancellationRequested && Interlocked.Increment(ref next) is var place && place < questions.Length)
            {
                try
                {
                    _ = questions[place].Question;
                }
#pragma warning disable CA1031 // whatever it is, it is thrown again where the question is asked
                catch (Exception)
#pragma warning restore CA1031
                {
                    continue;
                }
            }
        }
    }

    /// <summary>Says what could not be read, one line each.</summary>
    /// <returns>Whether there was any.</returns>
    private static bool SayProblems(QuestionSource source, Terminal terminal)
    {
        foreach (var problem in source.Problems)
            terminal.Say("error", problem.Message);
        return source.Problems.Count > 0;
    }

    private static bool IsPartly(CheckReport report) => report.Cases.Any(one => !one.IsWhole || one.Verdict == Verdict.Unsupported);

    /// <summary>One engine after the other. One of several that does not greet is said so, and the others are judged.</summary>
    private static (IReadOnlyList<Checked> Judged, bool Missing) Judged(
        IReadOnlyList<Func<EngineUnderTest>> engines, Func<EngineUnderTest, Checked> check, Terminal terminal,
        Action<NotStartedException> notStarted)
    {
        var (judged, names, missing) = (new List<Checked>(), new List<string>(), false);
        foreach (var open in engines)
        {
            try
            {
                var engine = open();
                using (engine)
                    judged.Add(Numbered(check(engine), names.Count(name => name == engine.Name)));
                names.Add(engine.Name);
                foreach (var note in engine.Notes)
                    terminal.Say("note", note);
            }
            catch (NotStartedException problem)
            {
                missing = true;
                notStarted(problem);
            }
            catch (UserError problem) when (engines.Count > 1 && problem.ExitCode == ExitCode.Missing)
            {
                missing = true;
                terminal.Say("error", problem.Message);
            }
            catch (OperationCanceledException) when (judged.Count > 0)
            {
                break; // while it was started
            }
            if (judged is [.., { Report.Interrupted: true }])
                break;
        }
        return (judged, missing);
    }

    /// <summary>With a number where other engines before have the same name.</summary>
    private static Checked Numbered(Checked one, int before) =>
        before == 0 ? one : one with { Report = one.Report with { Engine = $"{one.Report.Engine} ({before + 1})" } };
}
