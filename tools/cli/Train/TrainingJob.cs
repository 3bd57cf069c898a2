using System.Diagnostics;
using System.Text.Json;
using Conformance.Cli.Predict;
using Conformance.Cli.Shared;
using Conformance.Engine.Kernels;
using Conformance.Engine.Networks;
using Conformance.Engine.Optimizers;
using Conformance.Engine.Training;
using Conformance.Suite.Fixtures;

namespace Conformance.Cli.Train;

/// <summary>
/// A training with its files: <c>checkpoint.safetensors</c>, from which it goes on to the same bits, and the metrics, a line an epoch, as JSON, CSV
/// and TensorBoard events. The lines are kept in the checkpoint too, and the files are made from them: one renaming moves all on. So the files agree
/// after <c>--resume</c>, whatever moment the process died in.
/// </summary>
internal sealed class TrainingJob : IDisposable
{
    /// <summary>All that it writes.</summary>
    public static readonly string[] Files = [WeightsFile.CheckpointName, WeightsFile.Name, MetricsJson.FileName, MetricsCsv.FileName, EventFile.Name];

    private readonly NetworkDefinition _model;
    private readonly Sequential _net;
    private readonly GradientNorm _norm;
    private readonly Optimizer _optimizer;
    private readonly Trainer _trainer;
    private readonly TrainingRun _run;
    private readonly TrainingData _data;
    private readonly OutputDirectory _output;
    private readonly Preset _preset;
    private readonly string _kernels;
    private readonly int _checkpointEvery;
    private readonly TrainingCheckpoint _checkpoint;
    private readonly string _training;

    /// <param name="checkpointEvery">Steps between two checkpoints; 0 for one at the end of each epoch alone.</param>
    public TrainingJob(Preset preset, ulong seed, TrainingData data, KernelChoice? kernels, int threads, OutputDirectory output, int checkpointEvery)
    {
        (_data, _output, _preset, _checkpointEvery) = (data, output, preset, checkpointEvery);
        _kernels = KernelChoice.InForce(kernels).Name;
        _model = NamedNetworks.Resolve(preset.Model);
        _net = _model.Build(seed, kernels);
        _optimizer = preset.Optimizer.Create(_net.Parameters, kernels);
        _norm = new GradientNorm(_net.Parameters);
        _trainer = new Trainer(_net, _optimizer, threads, kernels, preset.Loss.Create(kernels));
        var plan = new TrainingPlan(preset.Epochs, preset.Batch, seed) { DropLast = preset.DropLast, Augmentation = preset.TrainingAugmentation };
        int steps = plan.StepsOver(data.Train.Count), inEpoch = Math.Max(1, plan.StepsInEpoch(data.Train.Count));
        TrainingMemory.Check(_model, Math.Min(preset.Batch, data.Train.Count));
        _run = new TrainingRun(
            _net, _optimizer, _trainer, data.Train, plan with { Schedule = preset.Schedule?.Create(preset.Optimizer, steps, inEpoch) });
        _checkpoint = new(
            Path.Combine(output.Path, WeightsFile.CheckpointName), preset.ToJson(), _kernels, data.Fingerprint(), data.MeasuredFingerprint());
        _training = $"{_checkpoint.Told}-{seed}";
    }

    public List<EpochLine> Lines { get; } = [];

    /// <summary>Makes sure that no file of a finished training is replaced by those of another one.</summary>
    /// <param name="resume">Whether the training goes on from the checkpoint there.</param>
    /// <exception cref="UserError">There are files of a training, and none goes on from them.</exception>
    public static void CheckPlace(string directory, bool resume)
    {
        if (Array.Find(Files, file => File.Exists(Path.Combine(directory, file))) is not { } file)
            return;
        if (!resume)
            throw new UserError($"--out {directory}: there is a training already. Give --resume to go on with it, or another directory.");
        if (!File.Exists(Path.Combine(directory, WeightsFile.CheckpointName)))
            throw new UserError($"--resume: expected {Path.Combine(directory, WeightsFile.CheckpointName)} to go on from, and there is only {file} "
                + "of a training, which would be replaced. Put the checkpoint back, or give another --out.");
    }

    /// <summary>The epoch whose weights are kept: the best of the validation split, else the last.</summary>
    public int BestEpoch => _preset.Validation == 0 || Lines.Count == 0
        ? Lines.Count
        : Lines.MaxBy(line => line.Validation!.Accuracy)!.Epoch; // the first of equals

    private bool OutOfPatience => _preset.Patience is int patience && Lines.Count - BestEpoch >= patience;

    private string WeightsPath => Path.Combine(_output.Path, WeightsFile.Name);

    /// <summary>Goes on from the checkpoint in the directory; begins where there is none.</summary>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="UserError">It is no whole checkpoint, or that of another training.</exception>
    public bool Resume()
    {
        if (!_checkpoint.Exists)
            return false;
        try
        {
            var checkpoint = _checkpoint.Read();
            _run.Resume(checkpoint, _checkpoint.Path);
            Lines.AddRange(MetricsJson.Parse(checkpoint.Metadata.GetValueOrDefault(TrainingCheckpoint.Metrics, "")));
            if (Lines.Count != _run.Epoch)
                throw new InvalidDataException($"{_checkpoint.Path}: metrics: expected a line for each of {_run.Epoch} epochs, got {Lines.Count}");
            if (Lines.Count > 0 && !File.Exists(WeightsPath) && (_run.Done || BestEpoch < Lines.Count))
                throw new InvalidDataException($"{WeightsPath} is missing: expected the weights of epoch {BestEpoch} beside the checkpoint, "
                    + "which does not hold them any more. Put them back, or begin again in another --out");
            RequireOwnWeights();
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
                progress.Line(TrainingText.Epoch(Lines[^1], _preset.Epochs));
                (start, imagesBefore) = (Stopwatch.GetTimestamp(), 0);
            }
            else
            {
                if (_checkpointEvery > 0 && _run.Steps % _checkpointEvery == 0)
                    WriteCheckpoint();
                progress.Live(TrainingText.Live(_run, Stopwatch.GetElapsedTime(start).TotalSeconds, imagesBefore));
            }
        }
    }

    /// <summary>What the weights that are kept say of the test images.</summary>
    public Predictions PredictTest() => Predictions.Compute(WeightsFile.Load(WeightsPath), _data.Test, "the test images");

    public void Dispose() => _trainer.Dispose();

    /// <summary>
    /// The weights beside the checkpoint must be those that it was written with. Those of the next epoch may be there, where the process died between
    /// the two files: they are written anew.
    /// </summary>
    private void RequireOwnWeights()
    {
        if (Lines.Count == 0 || !File.Exists(WeightsPath))
            return;
        var writer = WeightsWriter.Read(WeightsPath);
        if (writer is null || writer.Training != _training || (writer.Epoch != BestEpoch && (_run.Done || writer.Epoch != Lines.Count + 1)))
            throw new InvalidDataException($"{WeightsPath}: expected the weights of epoch {BestEpoch} of this training, got "
                + $"{(writer?.Training == _training ? $"those of epoch {writer.Epoch}" : "those of another")}. "
                + "Put its own back, or begin again in another --out");
    }

    private void EndEpoch(TrainingSums sums, double seconds)
    {
        var validation = _data.Validation is { } kept ? Scores.FromEvaluation(_trainer.Evaluate(kept)) : null;
        var test = Scores.FromEvaluation(_trainer.Evaluate(_data.Test));
        Lines.Add(new(
            _run.Epoch, _run.Steps, _optimizer.LearningRate, _norm.Measure(),
            sums.MeanLoss, sums.Accuracy, validation, test, DateTimeOffset.UtcNow, seconds));
        if (BestEpoch == Lines.Count)
            AtomicFile.Write(WeightsPath, WeightsFile.ToBytes(_model, _net, new(_training, Lines.Count)));
        WriteCheckpoint();
        WriteMetrics();
    }

    private void WriteCheckpoint() => _checkpoint.Write(_run.Checkpoint(), MetricsJson.Render(Lines));

    private void WriteMetrics()
    {
        _output.Write(MetricsJson.FileName, MetricsJson.Render(Lines));
        _output.Write(MetricsCsv.FileName, MetricsCsv.Render(Lines));
        AtomicFile.Write(Path.Combine(_output.Path, EventFile.Name), EventFile.ToBytes(Lines));
    }
}
