using System.CommandLine;
using Conformance.Cli.Shared;
using Conformance.Cli.Shared.DataSets;

namespace Conformance.Cli.Compare;

/// <summary>
/// <c>compare</c>: the main job. Trains both LeNets, prints one table, writes results.json and report.html, then judges the first steps and the gate.
/// </summary>
internal sealed class CompareCommand : Command
{
    private readonly Option<int> _epochs = NumberOption.Count("--epochs", "passes over the training set, for each seed", 2);
    private readonly Option<int> _seeds = NumberOption.Count("--seeds", "how many seeds: 1 to N; three or more can show something", 4);
    private readonly Option<int> _batch = NumberOption.Count("--batch", "images in a batch", 64);
    private readonly Option<double> _learningRate = NumberOption.Positive("--lr", "learning rate", 0.01);
    private readonly Option<double> _momentum = NumberOption.Fraction("--momentum", "momentum of SGD", 0.9);
    private readonly Option<int?> _trainLimit = NumberOption.OptionalCount("--train-limit", "train on the first N images only");
    private readonly Option<double?> _minAccuracy = NumberOption.OptionalShare(
        "--min-accuracy", "gate: the least mean test accuracy of either side, 0-1");
    private readonly Option<double?> _maxDifference = NumberOption.OptionalShare(
        "--max-difference", "gate: the largest difference of the mean accuracies, 0-1");
    private readonly Option<int?> _threads = NumberOption.OptionalCount(
        "--threads", "threads of either side; otherwise all cores for ours, 1 for torch, its best", most: 1024);
    private readonly Option<string> _out = CommonOptions.Out("compare");
    private readonly Option<string[]> _data = DataOptions.Data();
    private readonly Option<bool> _json = CommonOptions.Json();

    public CompareCommand(Terminal terminal, ICompareReference reference, CancellationToken cancel)
        : base("compare", "train our LeNet and torch's on MNIST, from the same weights and the same batches, and say what they differ in")
    {
        foreach (var option in new Option[]
            { _epochs, _seeds, _batch, _learningRate, _momentum, _trainLimit, _threads, _minAccuracy, _maxDifference, _out, _data, _json })
        {
            Add(option);
        }
        SetAction(parse => Run(parse, terminal, reference, cancel));
    }

    private int Run(ParseResult parse, Terminal terminal, ICompareReference reference, CancellationToken cancel)
    {
        reference.Require();
        var options = new CompareOptions(
            parse.GetValue(_epochs), parse.GetValue(_seeds), parse.GetValue(_batch),
            parse.GetValue(_learningRate), parse.GetValue(_momentum), parse.GetValue(_trainLimit),
            parse.GetValue(_threads) is { } threads ? new(threads, threads) : Threads.Best);
        var output = OutputDirectory.Open(parse.GetValue(_out)!, "results.json", "report.html");
        using var held = output.Hold();
        var progress = new Progress(terminal);

        CompareResults results;
        try
        {
            results =
                new TrainingComparison(reference.OpenSides(parse.GetValue(_data) ?? [], progress.Line, cancel), options, progress, cancel).Run();
        }
        finally
        {
            progress.Clear();
        }

        var json = ResultsJson.Serialize(results);
        var written = new[] { output.Write("results.json", json), output.Write("report.html", HtmlReport.Render(results)) };
        terminal.Out.Write(parse.GetValue(_json) ? json : CompareTable.Render(results, terminal, written));
        return Judge(new(parse.GetValue(_minAccuracy), parse.GetValue(_maxDifference)), results, terminal);
    }

    private static int Judge(AccuracyLimits gate, CompareResults results, Terminal terminal)
    {
        if (!results.FirstSteps.IsGood)
            terminal.Error.WriteLine($"failed: {FirstStepsText.Verdict(results.FirstSteps)}");
        var failures = gate.Failures(results);
        foreach (var failure in failures)
            terminal.Error.WriteLine($"gate failed: {failure}");
        if (gate.AsksAnything && failures.Count == 0)
            terminal.Error.WriteLine("gate passed");
        return failures.Count == 0 && results.FirstSteps.IsGood ? ExitCode.Good : ExitCode.Failed;
    }
}
