using System.CommandLine;
using Conformance.Cli.Shared;
using Conformance.Cli.Shared.DataSets;
using Conformance.Engine.Data;

namespace Conformance.Cli.Predict;

/// <summary><c>evaluate</c>: how good trained weights are on the test images, and how sure one can be of it.</summary>
internal sealed class EvaluateCommand : Command
{
    private readonly Option<string> _weights = WeightsOption.Create();
    private readonly Option<string?> _model = WeightsOption.Model();
    private readonly Option<int?> _limit = NumberOption.OptionalCount("--limit", "the first N images only");
    private readonly Option<string> _out = CommonOptions.Out("evaluate");
    private readonly DataOptions _data = new();
    private readonly Option<bool> _json = CommonOptions.Json();

    public EvaluateCommand(Terminal terminal, CancellationToken cancel)
        : base("evaluate", "how good trained weights are on the test images: accuracy with its interval, each class, calibration, worst mistakes")
    {
        foreach (var option in (Option[])[_weights, _model, _limit, _out, .. _data.All, _json])
            Add(option);
        SetAction(parse => Run(parse, terminal, cancel));
    }

    private int Run(ParseResult parse, Terminal terminal, CancellationToken cancel)
    {
        var output = OutputDirectory.Open(parse.GetValue(_out)!, "results.json", "report.html");
        using var held = output.Hold();
        if (File.Exists(Path.Combine(output.Path, WeightsFile.CheckpointName)))
            throw new UserError($"--out {output.Path}: the report and the results of a training are there; give another directory");
        var path = parse.GetValue(_weights)!;
        var weights = WeightsFile.Load(path, parse.GetValue(_model), terminal);
        var data = _data.Resolve(parse, terminal.Error.WriteLine, cancel);
        var test = ImageSet.Load(data.Paths.TestImages, data.Paths.TestLabels);
        foreach (string warning in DataWarnings.Find(test, data.Paths.TestImages))
            terminal.Say("warning", warning);
        if (parse.GetValue(_limit) is { } limit)
            test = limit <= test.Count
                ? test.Take(limit)
                : throw new UserError($"--limit: expected at most the {test.Count} images of {data.Paths.TestImages}, got {limit}");
        var predictions = Predictions.Compute(weights, test, data.Paths.TestImages);

        var json = ResultsJson.Serialize(EvaluationResults.FromPredictions(path, predictions));
        output.Write("results.json", json);
        var title = $"{Path.GetFileName(path)} on {test.Count} test images of {data.Title}";
        var page = output.Write("report.html", EvaluationHtml.Render(title, predictions, data.Classes));
        terminal.Out.Write(parse.GetValue(_json) ? json : $"{EvaluationText.Render(predictions)}\nwritten  {page}\n");
        return ExitCode.Good;
    }
}
