using System.CommandLine;
using System.Diagnostics;
using Conformance.Cli.Reports;
using Conformance.Oracle;
using Conformance.Scratch;
using Conformance.Suite;
using Conformance.Suite.Fixtures;
using Conformance.Torch;

namespace Conformance.Cli.Commands;

/// <summary><c>check</c>: the suite against our engine. Needs no torch: the answers are the stored vectors', or the oracle's own for any other geometry.</summary>
internal sealed class CheckCommand : Command
{
    private readonly Option<string?> _op = new("--op") { HelpName = "NAME", Description = "cases of one operation alone" };
    private readonly Option<string[]> _case = new("--case") { HelpName = "ID", Description = "one case (may be repeated): a stored id, or any geometry spelled like one" };
    private readonly Option<string?> _kernel = new("--kernel") { HelpName = "NAME", Description = "one kernel variant alone: clear or fast" };
    private readonly Option<int?> _seed = NumberOption.OptionalCount("--seed", "draw all fills anew with this seed; the oracle answers, or for a whole network live torch");
    private readonly Option<int?> _random = NumberOption.OptionalCount("--random", "N geometries drawn at random for each operation, in place of the stored ones");
    private readonly Option<string> _out = CommonOptions.Out("check");
    private readonly Option<bool> _json = CommonOptions.Json();

    public CheckCommand(Terminal terminal, CancellationToken cancel)
        : base("check", "the suite against the engine: every case, every kernel")
    {
        foreach (var option in new Option[] { _op, _case, _random, _kernel, _seed, _out, _json })
            Add(option);
        SetAction(parse => Run(parse, terminal, cancel));
    }

    private int Run(ParseResult parse, Terminal terminal, CancellationToken cancel)
    {
        var output = OutputDirectory.Open(parse.GetValue(_out)!, "results.json");
        var start = Stopwatch.GetTimestamp();
        var seed = (ulong)(parse.GetValue(_seed) ?? 1);
        var asked = parse.GetValue(_case) is { Length: > 0 } ids ? ids : parse.GetValue(_random) is { } number ? RandomIds(seed, number) : null;
        var questions = Questions(parse.GetValue(_op), asked, seed);
        var subjects = Subjects(parse.GetValue(_kernel));
        var reports = new CaseReport[questions.Count * subjects.Length];
        Parallel.For(0, reports.Length, new() { CancellationToken = cancel }, i =>
            reports[i] = Judge.Run(subjects[i % subjects.Length], questions[i / subjects.Length]));

        var json = CheckJson.Of(reports);
        var written = output.Write("results.json", json);
        terminal.Out.Write(parse.GetValue(_json) ? json : CheckText.Of(reports, Stopwatch.GetElapsedTime(start), written, terminal));
        return CheckText.Good(reports) ? ExitCode.Good : ExitCode.Failed;
    }

    private static string[] RandomIds(ulong seed, int number) =>
        [.. AllOperations.Names.SelectMany(name => Enumerable.Range(0, number).Select(i => AllOperations.Named(name).RandomId(seed, i))).OfType<string>()];

    private static List<Question> Questions(string? op, string[]? ids, ulong seed)
    {
        var fixtures = Fixtures.Folder();
        try
        {
            if (op is not null)
                AllOperations.Named(op);
            var asked = ids ?? [.. fixtures.Cases().Select(entry => entry.Id)];
            List<Question> questions = [.. asked.Where(id => op is null || id.StartsWith(op + "/", StringComparison.Ordinal)).Select(id => QuestionOf(fixtures, id, seed))];
            return questions.Count > 0 ? questions : throw new UserError($"--op {op}: none of the cases asked for is one of {op}");
        }
        catch (ArgumentException error)
        {
            throw new UserError(error.Message);
        }
    }

    /// <summary>A stored case has its answer with it; any other geometry or seed is answered by the oracle.</summary>
    private static Question QuestionOf(FixtureFolder fixtures, string id, ulong seed)
    {
        var layerCase = AllOperations.Draw(id, seed);
        if (seed == 1 && File.Exists(fixtures.PathOf(id)))
            return VectorFile.Read(fixtures.PathOf(id)).Question;
        return layerCase.Op == "lenet" ? AnsweredByTorch(layerCase) : Question.AnsweredByTheOracle(layerCase);
    }

    /// <summary>A network's tolerance comes from the reference's own float32 run, so a network that is not stored needs live torch.</summary>
    private static Question AnsweredByTorch(LayerCase layerCase)
    {
        if (TorchRuntime.Unavailable is { } reason)
            throw new UserError($"{layerCase.Id}: a network that is not stored is judged by live torch. {reason}", ExitCode.Missing);
        var expected = new TorchOracle().Evaluate(layerCase);
        var bound = AllOperations.Named(layerCase.Op).Bound(layerCase, expected, new TorchOracle(float32: true).Evaluate(layerCase));
        return new(layerCase, expected, bound, TorchRuntime.Provider);
    }

    private static ISubject[] Subjects(string? kernel)
    {
        try
        {
            return [.. (kernel is null ? ScratchSubject.Kernels : [kernel]).Select(name => new ScratchSubject(name))];
        }
        catch (ArgumentException error)
        {
            throw new UserError(error.Message);
        }
    }
}
