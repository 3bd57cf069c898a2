using System.CommandLine;
using System.Diagnostics;
using Conformance.Cli.Fixtures;
using Conformance.Cli.Shared;
using Conformance.Oracle;
using Conformance.Suite.Fixtures;
using Conformance.Suite.Gating;
using Conformance.Suite.Judging;
using Conformance.Suite.Reporting;
using Conformance.Suite.Reporting.Files;
using Conformance.Suite.SelfChecking;

namespace Conformance.Cli.Check;

/// <summary><c>check</c>: the suite against an engine, ours where none is named. The answers are the stored vectors', or the oracle's own for any other geometry.</summary>
internal sealed class CheckCommand : Command
{
    private readonly Option<string?> _op = new("--op") { HelpName = "NAME", Description = "cases of one operation alone" };
    private readonly Option<string[]> _case = new("--case") { HelpName = "ID", Description = "one case (may be repeated): a stored id, or any geometry spelled like one" };
    private readonly Option<string?> _cases = new("--cases") { HelpName = "FILE", Description = "a case file of your own; vectors beside it answer, and where there is none the oracle" };
    private readonly Engines _engines;
    private readonly GateOptions _gate = new();
    private readonly Option<int?> _seed = NumberOption.OptionalCount("--seed", "draw all fills anew with this seed; the oracle answers");
    private readonly Option<int?> _random = NumberOption.OptionalCount("--random", "N geometries drawn at random for each operation, in place of the stored ones");
    private readonly Option<bool> _quick = new("--quick") { Description = "a few cases in which every known mistake would still be caught twice, for a check between two edits" };
    private readonly Option<string> _out = CommonOptions.Out("check");
    private readonly Option<bool> _json = CommonOptions.Json();

    public CheckCommand(Terminal terminal, IReference reference, CancellationToken cancel)
        : base("check", "the suite against the engine: every case, every kernel")
    {
        _engines = new(reference);
        foreach (var option in (Option[])[_op, _case, _cases, _random, _quick, .. _engines.Options, .. _gate.Options, _seed, _out, _json])
            Add(option);
        SetAction(parse => Run(parse, terminal, cancel));
    }

    private int Run(ParseResult parse, Terminal terminal, CancellationToken cancel)
    {
        var output = OutputDirectory.Open(parse.GetValue(_out)!, [.. ReportFiles.OfOne, .. ReportFiles.OfSeveral]);
        var start = Stopwatch.GetTimestamp();
        var asking = _gate.Read(parse);
        using var transcript = _engines.Transcript(parse, output);
        var engines = _engines.Read(parse, transcript, cancel);
        if (asking is not null && engines.Count > 1)
            throw new UserError("the gate, known failures and an earlier run are about one engine: give one --command");
        var seed = (ulong?)parse.GetValue(_seed);
        var asked = parse.GetValue(_case) is { Length: > 0 } ids ? ids : parse.GetValue(_random) is { } number ? RandomIds(seed ?? 1, number, parse.GetValue(_op)) : null;
        var folder = StoredFixtures.Folder();
        var quick = parse.GetValue(_quick) ? QuickSet.Read(folder).Cases.ToHashSet() : null;
        var (source, entries) = parse.GetValue(_cases) is { } file ? QuestionSource.OfFile(file, seed) : QuestionSource.OfFixtures(folder, seed, asked);
        var questions = Questions(source, StoredFixtures.Entries([.. entries.Where(entry => quick?.Contains(entry.Id) ?? true)], parse.GetValue(_op)), cancel);
        if (!questions.Any(question => question.GetAwaiter().GetResult() is not null) && source.Problems.Count > 0)
        {
            if (!parse.GetValue(_json))
                terminal.Out.WriteLine("nothing was asked, so nothing passed, and what an earlier run left stays as it is");
            source.Report(terminal);
            return ExitCode.WrongUse;
        }
        var judging = new Judging(questions, folder.Hash(), () => Stopwatch.GetElapsedTime(start), terminal, cancel);
        var (judged, missing) = Judged(engines, judging, parse.GetValue(_random) is not null, terminal);
        var files = folder.CaseFiles([]);
        var (reports, shrunk) = (judged.Select(one => Gated(one.Report, asking, files)).ToArray(), judged.SelectMany(one => one.Shrunk).ToArray());
        if (reports.Length == 0)
            return ExitCode.Missing;

        var written = ReportFiles.Write(output.Path, reports, files);
        var replays = ShrunkCases.Write(output, shrunk);
        if (cancel.IsCancellationRequested)
        {
            terminal.Error.WriteLine($"interrupted: {reports.Sum(report => report.Cases.Count)} cases were judged until then, and stand in {written[0]}");
            return ExitCode.Interrupted;
        }
        terminal.Out.Write(parse.GetValue(_json) ? File.ReadAllText(written[0]) : CheckSummary.Of(reports, written, shrunk, replays, terminal));
        if (quick is not null && reports.Where(report => report.Cases.Any(one => !one.IsWhole || one.Verdict == Verdict.Unsupported)).Select(report => report.Engine).ToArray() is { Length: > 0 } partly)
            terminal.Say("note", $"--quick asks {questions.Length} cases, for engines that take every geometry; of {string.Join(", ", partly)} more is seen without it");
        var good = reports.All(report => report.IsAccepted);
        return source.Report(terminal) ? ExitCode.WrongUse : missing ? ExitCode.Missing : good ? ExitCode.Good : ExitCode.Failed;
    }

    private static CheckReport Gated(CheckReport report, GateQuestion? asking, IReadOnlyList<CaseFile> files) => asking is null || report.Interrupted ? report
        : report with { Gate = Gate.Of(Results.Of(report), asking.Known, asking.Earlier, files.SelectMany(file => file.Cases).Select(entry => entry.Id)) with { Decides = asking.Decides } };

    private static string[] RandomIds(ulong seed, int number, string? op) =>
        [.. AllOperations.Names.Where(name => op is null || name == op).SelectMany(name => Enumerable.Range(0, number).Select(i => AllOperations.Named(name).RandomId(seed, i))).OfType<string>()];

    /// <summary>A question of each case, in order; they are answered in the background, so that an engine can begin with the first.</summary>
    private static Task<Question?>[] Questions(QuestionSource source, IReadOnlyList<CaseEntry> entries, CancellationToken cancel) =>
        [.. entries.Select(entry => Task.Run(() => source.TryOf(entry), cancel))];

    /// <summary>One engine after the other. One of several that does not greet is said so, and the others are judged.</summary>
    private static (IReadOnlyList<Judged> Judged, bool Missing) Judged(IReadOnlyList<Func<EngineUnderTest>> engines, Judging judging, bool shrink, Terminal terminal)
    {
        var (judged, missing) = (new List<Judged>(), false);
        foreach (var open in engines)
        {
            try
            {
                var engine = open();
                using (engine)
                    judged.Add(Named(judging.Of(engine, shrink), judged));
                foreach (var note in engine.Notes)
                    terminal.Say("note", note);
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

    /// <summary>With a number where another engine has the same name.</summary>
    private static Judged Named(Judged one, List<Judged> others) => others.Count(other => other.Name == one.Name) is > 0 and var before
        ? one with { Report = one.Report with { Engine = $"{one.Name} ({before + 1})" } }
        : one;
}
