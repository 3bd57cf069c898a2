using System.CommandLine;
using System.Diagnostics;
using Conformance.Cli.Shared;
using Conformance.Oracle;
using Conformance.Scratch;
using Conformance.Suite.Fixtures;
using Conformance.Suite.Judging;
using Conformance.Suite.Running;
using Conformance.Suite.SelfChecking;

namespace Conformance.Cli.SelfCheck;

/// <summary><c>selfcheck</c>: the suite against its own bank of known mistakes. Each must fail and be named, and no right engine may fail.</summary>
internal sealed class SelfCheckCommand : Command
{
    private const int OtherSeed = 2;
    private const int MostProducts = 50_000;

    private readonly Option<string?> _op = new("--op") { HelpName = "NAME", Description = "one operation alone" };
    private readonly Option<int> _seed = NumberOption.Count(
        "--seed", "what all fills are drawn with; not that of the stored vectors, which the diagnosis was tuned on", OtherSeed);
    private readonly Option<bool> _updateQuick =
        new("--update-quick") { Description = $"write fixtures/{QuickSet.FileName} anew, and do nothing else" };
    private readonly Option<string> _out = CommonOptions.Out("selfcheck");
    private readonly Option<bool> _json = CommonOptions.Json();

    public SelfCheckCommand(Terminal terminal, IReference reference, CancellationToken cancel)
        : base(
            "selfcheck",
            "the suite against its bank of known mistakes: how many it catches, and how many it names; exit code 1 where a goal is missed")
    {
        foreach (var option in new Option[] { _op, _seed, _updateQuick, _out, _json })
            Add(option);
        SetAction(parse => Run(parse, terminal, reference, cancel));
    }

    private int Run(ParseResult parse, Terminal terminal, IReference reference, CancellationToken cancel)
    {
        if (parse.GetValue(_updateQuick))
            return UpdateQuick(StoredFixtures.OnDisk(), terminal, cancel);
        var folder = StoredFixtures.Own();
        var output = OutputDirectory.Open(parse.GetValue(_out)!, "results.json", "report.html", "matrix.md");
        using var held = output.Hold();
        var start = Stopwatch.GetTimestamp();
        var entries = StoredFixtures.Entries(folder.Cases(), parse.GetValue(_op));
        var questions = Small(entries, new(folder, (ulong)parse.GetValue(_seed)), cancel);
        var progress = new Progress(terminal);
        var check = KillMatrix.Run(questions, RightEngines(reference), new Live(progress), cancel);
        progress.Clear();

        var quick = QuickSet.Read(folder).Cases.ToHashSet();
        var survivors = QuickCover.Survivors(Stored(entries.Where(entry => quick.Contains(entry.Id)), folder, cancel), cancel)
            .Where(id => parse.GetValue(_op) is not { } op || id.StartsWith(op + ".", StringComparison.Ordinal)).ToArray();
        var json = ResultsJson.Serialize(SelfCheckResults.FromMatrix(check));
        var (missed, elapsed) = (SelfCheckText.Missed(check, survivors).ToArray(), Stopwatch.GetElapsedTime(start));
        string[] written =
        [
            output.Write("results.json", json),
            output.Write("report.html", SelfCheckHtml.Render(check, questions, missed, elapsed, KillWords.Report)),
            output.Write("matrix.md", SelfCheckMarkdown.Render(check, questions)),
        ];
        terminal.Out.Write(parse.GetValue(_json) ? json : SelfCheckText.Render(check, missed, elapsed, written, terminal));
        return missed.Length > 0 ? ExitCode.Failed : ExitCode.Good;
    }

    private static int UpdateQuick(FixtureFolder folder, Terminal terminal, CancellationToken cancel)
    {
        var stored = Stored(folder.Cases(), folder, cancel);
        var quick = QuickCover.Choose(stored, cancel);
        if (QuickCover.Survivors([.. stored.Where(question => quick.Cases.Contains(question.Case.Id))], cancel) is { Count: > 0 } survivors)
            throw new UserError(
                $"no set of cases is enough: {string.Join(", ", survivors)} do not die in {KillRow.LeastKills} stored cases; nothing was written",
                ExitCode.Failed);
        var path = OutputDirectory.Open(folder.Root).Write(QuickSet.FileName, quick.Text());
        terminal.Out.WriteLine($"{quick.Cases.Count} cases in {path}: every known mistake dies in {KillRow.LeastKills} of them");
        return ExitCode.Good;
    }

    /// <summary>Every case but the large ones: what dies in one of them dies in a small one too.</summary>
    private static Question[] Small(IReadOnlyList<CaseEntry> entries, QuestionSource anew, CancellationToken cancel) =>
        [.. entries.AsParallel().AsOrdered().WithCancellation(cancel).Where(entry => !IsLarge(AllOperations.Draw(entry.Id)))
            .Select(entry => anew.Read(entry.Id, entry.Seed))];

    /// <summary>Whether its sums have too many terms in all to ask it of hundreds of engines.</summary>
    private static bool IsLarge(LayerCase layerCase) => layerCase.Cotangents.TryGetValue("output", out var output)
        && layerCase.Inputs.TryGetValue("weight", out var weight)
        && weight.Rank > 1 && (long)output.Length * weight.Length / weight.Shape[0] > MostProducts;

    private static Question[] Stored(IEnumerable<CaseEntry> entries, FixtureFolder folder, CancellationToken cancel) =>
        [.. entries.AsParallel().AsOrdered().WithCancellation(cancel).Select(entry => new QuestionSource(folder, null).Read(entry.Id, entry.Seed))
            .Where(question => question.Hashes is null)];

    /// <summary>
    /// Ours with each kernel, torch's float32 where it is there, and the oracle's plain float32 engine in three orders of summation.
    /// </summary>
    private static ISubject[] RightEngines(IReference reference) =>
    [
        .. ScratchSubject.Kernels.Select(name => new ScratchSubject(name)),
        .. reference.Unavailable is null && reference.IsFloat32Right ? [reference.Engine(float32: true)] : Array.Empty<ISubject>(),
        .. new[] { Summation.Reversed, Summation.Pairwise, Summation.Blocked }.Select(order => new OracleSubject(order)),
    ];

    private sealed class Live(Progress progress) : IProgress<(int Done, int Of)>
    {
        public void Report((int Done, int Of) value)
        {
            lock (progress)
                progress.Live($"{value.Done} of {value.Of} known mistakes");
        }
    }
}
