using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Conformance.Cli.Predict;
using Conformance.Cli.Shared;
using Conformance.Engine.Checkpoints;
using Conformance.Engine.Data;
using Conformance.Engine.Kernels;
using Conformance.Engine.Networks;
using Conformance.Engine.Optimizers;
using Conformance.Engine.Schedules;
using Conformance.Engine.Training;
using Conformance.Suite.Fixtures;
using Conformance.Suite.Reporting.Files;

namespace Conformance.Cli.Train;

/// <summary>One line of <c>metrics.jsonl</c>. Accuracies are 0–1, losses means over the images; training figures are by the weights that each batch began with.</summary>
/// <param name="Test">For the eye alone: nothing is chosen by it.</param>
/// <param name="Time">When the epoch ended.</param>
internal sealed record EpochLine(
    int Epoch, int Steps, double LearningRate, double GradientNorm, double TrainLoss, double TrainAccuracy, Scores? Validation, Scores Test, DateTimeOffset Time, double Seconds);

/// <param name="Accuracy">0–1.</param>
internal sealed record Scores(double Loss, double Accuracy, int Images)
{
    public static Scores Of(Evaluation evaluation) => new(evaluation.Loss, evaluation.Accuracy, evaluation.Correct.Count);
}

/// <summary>
/// A training with its files: <c>checkpoint.safetensors</c>, from which it goes on to the same bits, and the metrics, a line an epoch, as JSON, CSV and TensorBoard events. The lines are kept in the
/// checkpoint too, and the files are made from them, so that one renaming moves all on, and whatever moment the process dies in, they agree after <c>--resume</c>.
/// </summary>
internal sealed class TrainingJob : IDisposable
{
    public const string CheckpointFile = "checkpoint.safetensors";
    public const string MetricsFile = "metrics.jsonl";
    public const string CsvFile = "metrics.csv";

    /// <summary>All that it writes.</summary>
    public static readonly string[] Files = [CheckpointFile, WeightsFile.Name, MetricsFile, CsvFile, EventFile.Name];

    /// <summary>A loss may be infinite where training goes on: NaN and the infinities are strings.</summary>
    private static readonly JsonSerializerOptions _line = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowReadingFromString | JsonNumberHandling.AllowNamedFloatingPointLiterals,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    private readonly NetworkDefinition _model;
    private readonly Sequential _net;
    private readonly GradientNormClipping _norm; // with no limit: it measures
    private readonly Optimizer _optimizer;
    private readonly Trainer _trainer;
    private readonly TrainingRun _run;
    private readonly TrainingData _data;
    private readonly OutputDirectory _output;
    private readonly Preset _preset;
    private readonly string _kernels;
    private readonly string _fingerprint;
    private readonly int _checkpointEvery;

    /// <param name="checkpointEvery">Steps between two checkpoints; 0 for one at the end of each epoch alone.</param>
    public TrainingJob(Preset preset, ulong seed, TrainingData data, KernelChoice? kernels, int threads, OutputDirectory output, int checkpointEvery)
    {
        (_data, _output, _preset, _checkpointEvery) = (data, output, preset, checkpointEvery);
        _kernels = kernels == KernelChoice.Clear ? "clear" : "fast";
        _model = NetworkDefinition.Of(preset.Model);
        _net = _model.Build(seed, kernels);
        _fingerprint = data.Fingerprint();
        _optimizer = preset.Optimizer.Create(_net.Parameters, kernels);
        _norm = new GradientNormClipping(_net.Parameters, double.PositiveInfinity);
        _trainer = new Trainer(_net, _optimizer, threads, kernels, preset.Loss.Create(kernels), _norm);
        int inEpoch = preset.DropLast ? data.Train.Count / preset.Batch : (data.Train.Count + preset.Batch - 1) / preset.Batch;
        _run = new TrainingRun(_net, _optimizer, _trainer, data.Train, new(preset.Epochs, preset.Batch, seed)
        {
            DropLast = preset.DropLast,
            Augmentation = preset.TrainingAugmentation,
            Schedule = preset.Schedule?.Create(preset.Optimizer, Math.Max(1, inEpoch * preset.Epochs), Math.Max(1, inEpoch)),
        });
    }

    public List<EpochLine> Lines { get; } = [];

    /// <summary>The epoch whose weights are kept: the best of the validation split, else the last.</summary>
    public int BestEpoch => _preset.Validation == 0 ? Lines.Count : Lines.Count == 0 ? 0 : Lines.MaxBy(line => line.Validation!.Accuracy)!.Epoch; // the first of equals

    private bool OutOfPatience => _preset.Patience is int patience && Lines.Count - BestEpoch >= patience;

    private string CheckpointPath => Path.Combine(_output.Path, CheckpointFile);

    /// <summary>Goes on from the checkpoint in the directory; begins where there is none.</summary>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="UserError">It is no whole checkpoint, or that of another training.</exception>
    public bool Resume()
    {
        if (!File.Exists(CheckpointPath))
            return false;
        try
        {
            var checkpoint = Safetensors.Load(CheckpointPath);
            if (checkpoint.Metadata.GetValueOrDefault("sha256") != Checksum(checkpoint))
                throw new InvalidDataException($"{CheckpointPath}: expected the checkpoint of a training as it was written, got one whose checksum is another: it is damaged, or was written by another program");
            if (checkpoint.Metadata.GetValueOrDefault("preset") != _preset.ToJson() || checkpoint.Metadata.GetValueOrDefault("kernels") != _kernels)
                throw new UserError($"--resume: {CheckpointPath} belongs to a training with other settings; give the same ones, or another --out");
            if (checkpoint.Metadata.GetValueOrDefault("data") is { } data && data != _fingerprint)
                throw new UserError($"--resume: {CheckpointPath} belongs to a training on other images or labels; give the same --set or --data, or another --out");
            _run.Resume(checkpoint, CheckpointPath);
            Lines.AddRange(checkpoint.Metadata.GetValueOrDefault("metrics", "").Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonSerializer.Deserialize<EpochLine>(line, _line)!));
            if (Lines.Count != _run.Epoch)
                throw new InvalidDataException($"{CheckpointPath}: metrics: expected a line for each of {_run.Epoch} epochs, got {Lines.Count}");
            if (Lines.Count > 0 && !File.Exists(Path.Combine(_output.Path, WeightsFile.Name)) && (_run.Done || BestEpoch < Lines.Count))
                throw new InvalidDataException($"{Path.Combine(_output.Path, WeightsFile.Name)} is missing: expected the weights of epoch {BestEpoch} beside the checkpoint, which does not hold them any more. Put them back, or begin again in another --out");
        }
        catch (Exception error) when (error is InvalidDataException or JsonException)
        {
            throw new UserError($"--resume: {error.Message}");
        }
        WriteMetrics();
        return true;
    }

    /// <summary>Trains to the end, or until it is told to stop; the checkpoint is then that of the last step.</summary>
    /// <exception cref="DivergedException">The loss is no number any more; the last checkpoint is kept.</exception>
    /// <exception cref="OperationCanceledException">It was told to stop, and has written a checkpoint.</exception>
    public void Run(Progress progress, CancellationToken cancel)
    {
        long start = Stopwatch.GetTimestamp();
        int imagesBefore = _run.Sums.Images;
        while (!_run.Done && !OutOfPatience)
        {
            if (cancel.IsCancellationRequested)
            {
                WriteCheckpoint();
                cancel.ThrowIfCancellationRequested();
            }
            if (_run.Step() is { } sums)
            {
                EndEpoch(sums, Stopwatch.GetElapsedTime(start).TotalSeconds);
                progress.Line(Text(Lines[^1]));
                (start, imagesBefore) = (Stopwatch.GetTimestamp(), 0);
            }
            else
            {
                if (_checkpointEvery > 0 && _run.Steps % _checkpointEvery == 0)
                    WriteCheckpoint();
                progress.Live(LiveText(Stopwatch.GetElapsedTime(start).TotalSeconds, imagesBefore));
            }
        }
    }

    /// <summary>What the weights that are kept say of the test images.</summary>
    public Predictions PredictTest() => Predictions.Of(WeightsFile.Load(Path.Combine(_output.Path, WeightsFile.Name)), _data.Test, "the test images");

    public void Dispose() => _trainer.Dispose();

    private void EndEpoch(TrainingSums sums, double seconds)
    {
        var validation = _data.Validation is { } kept ? Scores.Of(_trainer.Evaluate(kept)) : null;
        Lines.Add(new(_run.Epoch, _run.Steps, _optimizer.LearningRate, _norm.Norm, sums.MeanLoss, sums.Accuracy, validation, Scores.Of(_trainer.Evaluate(_data.Test)), DateTimeOffset.UtcNow, seconds));
        if (BestEpoch == Lines.Count)
            AtomicFile.Write(Path.Combine(_output.Path, WeightsFile.Name), WeightsFile.ToBytes(_model, _net));
        WriteCheckpoint();
        WriteMetrics();
    }

    private void WriteCheckpoint()
    {
        var checkpoint = _run.Checkpoint();
        var metadata = new Dictionary<string, string>(checkpoint.Metadata) { ["preset"] = _preset.ToJson(), ["kernels"] = _kernels, ["data"] = _fingerprint, ["metrics"] = Metrics() };
        checkpoint = checkpoint with { Metadata = metadata };
        metadata["sha256"] = Checksum(checkpoint);
        AtomicFile.Write(CheckpointPath, checkpoint.ToBytes());
    }

    /// <summary>Of all tensors and of the other metadata: one changed bit would train on to other weights, and nobody would see it.</summary>
    private static string Checksum(Safetensors checkpoint)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, tensor) in checkpoint.Tensors.OrderBy(tensor => tensor.Key, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{name}\0{tensor.Dtype}\0{string.Join(',', tensor.Shape)}\0"));
            hash.AppendData(tensor.Data.Span);
        }
        foreach (var (name, text) in checkpoint.Metadata.Where(field => field.Key != "sha256").OrderBy(field => field.Key, StringComparer.Ordinal))
            hash.AppendData(Encoding.UTF8.GetBytes($"{name}\0{text}\0"));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private void WriteMetrics()
    {
        _output.Write(MetricsFile, Metrics());
        _output.Write(CsvFile, MetricsCsv.Of(Lines));
        AtomicFile.Write(Path.Combine(_output.Path, EventFile.Name), EventFile.Of(Lines));
    }

    private string Metrics() => string.Concat(Lines.Select(line => JsonSerializer.Serialize(line, _line) + "\n"));

    private string Text(EpochLine line) => string.Create(System.Globalization.CultureInfo.InvariantCulture,
        $"epoch {line.Epoch}/{_preset.Epochs}  loss {line.TrainLoss:F4}  training {100 * line.TrainAccuracy:F2} %{(line.Validation is { } v ? $"  validation {100 * v.Accuracy:F2} %" : "")}  test {100 * line.Test.Accuracy:F2} %  {line.Seconds:F1} s");

    private string LiveText(double seconds, int imagesBefore)
    {
        double rate = (_run.Sums.Images - imagesBefore) / Math.Max(seconds, 1e-3);
        double left = (_run.ImagesInEpoch - _run.Sums.Images + (_preset.Epochs - _run.Epoch - 1.0) * _run.ImagesInEpoch) / rate;
        return string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"epoch {_run.Epoch + 1}/{_preset.Epochs}  {100.0 * _run.Sums.Images / _run.ImagesInEpoch:F0} %  loss {_run.Sums.MeanLoss:F4}  {rate:F0} images/s  {left:F0} s left");
    }
}
