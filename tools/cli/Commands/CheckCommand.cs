using System.CommandLine;
using System.Diagnostics;
using Conformance.Cli.Reports;
using Conformance.Oracle;
using Conformance.Scratch;
using Conformance.Suite;
using Conformance.Suite.Fixtures;

namespace Conformance.Cli.Commands;

/// <summary><c>check</c>: the suite against our engine. Needs no torch: the answers are the stored vectors', or the oracle's own for any other geometry.</summary>
internal sealed class CheckCommand : Command
{
    private readonly Option<string?> _op = new("--op") { HelpName = "NAME", Description = "cases of one operation alone" };
    private readonly Option<string[]> _case = new("--case") { HelpName = "ID", Description = "one case: a stored id, or any geometry spelled like one" };
    private readonly Option<string?> _kernel = new("--kernel") { HelpName = "NAME", Description = "one kernel variant alone: clear or fast" };
    private readonly Option<string> _out = CommonOptions.Out("check");
    private readonly Option<bool> _json = CommonOptions.Json();

    public CheckCommand(Terminal terminal, CancellationToken cancel)
        : base("check", "the suite against the engine: every case, every kernel")
    {
        foreach (var option in new Option[] { _op, _case, _kernel, _out, _json })
            Add(option);
        SetAction(parse => Run(parse, terminal, cancel));
    }

    private int Run(ParseResult parse, Terminal terminal, CancellationToken cancel)
    {
        var output = OutputDirectory.Open(parse.GetValue(_out)!, "results.json");
        var start = Stopwatch.GetTimestamp();
        var questions = Questions(parse.GetValue(_op), parse.GetValue(_case) ?? []);
        var subjects = Subjects(parse.GetValue(_kernel));
        var reports = new CaseReport[questions.Count * subjects.Length];
        Parallel.For(0, reports.Length, new() { CancellationToken = cancel }, i =>
            reports[i] = Judge.Run(subjects[i % subjects.Length], questions[i / subjects.Length]));

        var json = CheckJson.Of(reports);
        var written = output.Write("results.json", json);
        terminal.Out.Write(parse.GetValue(_json) ? json : CheckText.Of(reports, Stopwatch.GetElapsedTime(start), written, terminal));
        return CheckText.Good(reports) ? ExitCode.Good : ExitCode.Failed;
    }

    private static List<Question> Questions(string? op, string[] ids)
    {
        var fixtures = Fixtures.Folder();
        try
        {
            if (op is not null)
                AllOperations.Named(op);
            if (ids.Length == 0)
                return [.. fixtures.Vectors().Where(vector => op is null || vector.Case.Op == op).Select(vector => vector.Question)];
            return [.. ids.Select(id => QuestionOf(fixtures, id))];
        }
        catch (ArgumentException error)
        {
            throw new UserError(error.Message);
        }
        catch (FixtureException error)
        {
            throw new UserError(error.Message);
        }
    }

    private static Question QuestionOf(FixtureFolder fixtures, string id)
    {
        var layerCase = AllOperations.Draw(id);
        if (File.Exists(fixtures.PathOf(id)))
            return VectorFile.Read(fixtures.PathOf(id)).Question;
        if (layerCase.Op == "lenet")
            throw new UserError($"{id}: a network's tolerance comes with its stored vector, and this one is not stored. 'tools/conformance fixtures list' shows which are.");
        var operation = AllOperations.Named(layerCase.Op);
        var expected = operation.Evaluate(layerCase);
        return new(layerCase, expected, operation.Bound(layerCase, expected, expected), "the oracle");
    }

    private static ISubject[] Subjects(string? kernel)
    {
        var names = kernel is null ? ScratchSubject.Kernels : [kernel];
        return names.FirstOrDefault(name => !ScratchSubject.Kernels.Contains(name)) is { } unknown
            ? throw new UserError($"--kernel: expected {string.Join(" or ", ScratchSubject.Kernels)}, got '{unknown}'")
            : [.. names.Select(name => new ScratchSubject(name))];
    }
}
