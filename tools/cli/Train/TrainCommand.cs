using System.CommandLine;
using System.Globalization;
using Conformance.Cli.Shared;
using Conformance.Cli.Shared.DataSets;
using Conformance.Engine.Data;
using Conformance.Engine.Kernels;
using Conformance.Engine.Networks;
using Conformance.Engine.Training;

namespace Conformance.Cli.Train;

/// <summary><c>train</c>: trains a network with the engine alone, and keeps a checkpoint from which it goes on to the same bits.</summary>
internal sealed class TrainCommand : Command
{
    private readonly Option<string> _preset = new("--preset")
    {
        HelpName = "PRESET",
        Description = $"a name ({string.Join(", ", Preset.Names)}) or a JSON file; the options below override it",
        DefaultValueFactory = _ => "lenet-plain",
    };

    private readonly Option<string?> _model =
        new("--model") { HelpName = "MODEL", Description = "another network: a name, a configuration such as c16pc16, or a JSON file" };
    private readonly Option<int?> _epochs = NumberOption.OptionalCount("--epochs", "passes over the training set");
    private readonly Option<int?> _batch = NumberOption.OptionalCount("--batch", "images in a batch");
    private readonly Option<int> _seed = NumberOption.Count("--seed", "of the first weights and the order of the images", 1);
    private readonly Option<int?> _threads = NumberOption.OptionalCount(
        "--threads", "all cores otherwise; the weights are the same for any number", most: 1024);
    private readonly Option<int?> _trainLimit = NumberOption.OptionalCount("--train-limit", "train on the first N images only");
    private readonly Option<string?> _kernel =
        new("--kernel") { HelpName = "NAME", Description = "clear: the loop nests that state each operation; fast otherwise" };
    private readonly Option<bool> _resume = new("--resume") { Description = "go on from the checkpoint in --out, or begin where there is none" };
    private readonly Option<int?> _checkpointEvery = NumberOption.OptionalCount(
        "--checkpoint-every", "steps between two checkpoints; at the end of each epoch there is one anyway");
    private readonly Option<string> _out = CommonOptions.Out("train");
    private readonly DataOptions _data = new();
    private readonly Option<bool> _json = CommonOptions.Json();

    public TrainCommand(Terminal terminal, CancellationToken cancel) : base("train", "train a network with our engine alone")
    {
        foreach (var option in (Option[])[
            _preset, _model, _epochs, _batch, _seed, _threads, _trainLimit, _kernel, _resume, _checkpointEvery, _out, .. _data.All, _json])
            Add(option);
        _kernel.AcceptOnlyFromAmong("clear", "fast");
        SetAction(parse => Run(parse, terminal, cancel));
    }

    private int Run(ParseResult parse, Terminal terminal, CancellationToken cancel)
    {
        var preset = Preset.Resolve(parse.GetValue(_preset)!);
        preset = preset with
        {
            Model = parse.GetValue(_model) ?? preset.Model,
            Epochs = parse.GetValue(_epochs) ?? preset.Epochs,
            Batch = parse.GetValue(_batch) ?? preset.Batch,
        };
        var output = OutputDirectory.Open(parse.GetValue(_out)!, [.. TrainingJob.Files, "results.json", "report.html"]);
        using var held = output.Hold();
        bool resume = parse.GetValue(_resume);
        TrainingJob.CheckPlace(output.Path, resume);

        var progress = new Progress(terminal);
        var data = _data.Resolve(parse, progress.Line, cancel);
        using var job = Open(preset, parse, output, data.Paths, warning => terminal.Say("warning", warning));
        if (resume && job.Resume())
            progress.Line($"goes on after epoch {job.Lines.Count} of {preset.Epochs}, from {Path.Combine(output.Path, WeightsFile.CheckpointName)}");
        try
        {
            job.Run(progress, cancel);
        }
        catch (OperationCanceledException)
        {
            progress.Clear();
            terminal.Error.WriteLine($"interrupted; the checkpoint is written, and --resume goes on with it: {output.Path}");
            return ExitCode.Interrupted;
        }
        catch (DivergedException error) when (File.Exists(Path.Combine(output.Path, WeightsFile.CheckpointName)))
        {
            throw new UserError(
                $"{error.Message} The last checkpoint is kept: {Path.Combine(output.Path, WeightsFile.CheckpointName)}", ExitCode.Failed);
        }
        finally
        {
            progress.Clear();
        }

        var best = job.Lines[job.BestEpoch - 1];
        var json = ResultsJson.Serialize(new Results(
            1, preset.Name, preset.Model, data.Title, parse.GetValue(_seed), job.BestEpoch, best.Test.Accuracy, best.Test.Loss, job.Lines));
        output.Write("results.json", json);
        var page = output.Write(
            "report.html", TrainingHtml.Render(preset, parse.GetValue(_seed), job.BestEpoch, job.Lines, job.PredictTest(), data.Classes));
        terminal.Out.Write(parse.GetValue(_json) ? json : string.Create(CultureInfo.InvariantCulture,
            $"{preset.Name}, seed {parse.GetValue(_seed)}: {100 * best.Test.Accuracy:F2} % of {best.Test.Images:N0} test images "
                + $"after epoch {job.BestEpoch}{(preset.Validation > 0 ? ", the best of the validation split" : ", the last")}\n"
                + $"written  {Path.Combine(output.Path, WeightsFile.Name)}\nwritten  {page}\n"));
        return ExitCode.Good;
    }

    private TrainingJob Open(Preset preset, ParseResult parse, OutputDirectory output, DataPaths paths, Action<string> warn)
    {
        try
        {
            var definition = NamedNetworks.Resolve(preset.Model);
            if (NetworkSummary.FromDefinition(definition).Layers[^1].OutputShape is var last and not [ImageSet.Classes])
                throw new UserError(
                    $"{preset.Model}: expected a network that ends in [{ImageSet.Classes}], a number for each class, "
                        + $"got one that ends in [{string.Join(", ", last)}]");
            var kernels = parse.GetValue(_kernel) switch { "clear" => KernelChoice.Clear, "fast" => KernelChoice.Fast, _ => null };
            var data = TrainingData.Load(paths, parse.GetValue(_trainLimit), preset.Validation, definition.Input)
                .Spoil(preset.Corruption, (ulong)parse.GetValue(_seed));
            foreach (string warning in data.Warnings)
                warn(warning);
            return new(
                preset, (ulong)parse.GetValue(_seed), data, kernels, parse.GetValue(_threads) ?? 0, output, parse.GetValue(_checkpointEvery) ?? 0);
        }
        catch (ArgumentException error) // NetworkException is one
        {
            throw new UserError(error.Message);
        }
    }

    private sealed record Results(
        int Conformance, string Preset, string Model, string Data, int Seed, int BestEpoch,
        double TestAccuracy, double TestLoss, IReadOnlyList<EpochLine> Epochs);
}
