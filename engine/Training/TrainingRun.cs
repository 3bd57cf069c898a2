using System.Globalization;
using Conformance.Engine.Checkpoints;
using Conformance.Engine.Data;
using Conformance.Engine.Layers;
using Conformance.Engine.Networks;
using Conformance.Engine.Optimizers;
using Conformance.Engine.Schedules;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Training;

/// <summary>The length of a run and its steps. Together with the network, the optimiser and the data it determines the result.</summary>
/// <param name="Epochs">The number of passes over the data.</param>
/// <param name="Batch">The number of images in a batch. The last batch of an epoch may have fewer.</param>
/// <param name="Seed">The seed of the order of images in each epoch.</param>
public sealed record TrainingPlan(int Epochs, int Batch, ulong Seed)
{
    /// <summary>The rate at each step, counted over all epochs; the optimiser's own rate if null.</summary>
    public Schedule? Schedule { get; init; }

    /// <summary>
    /// Whether to skip a last batch that is not full. Batch normalisation of vectors can't train on a single image.
    /// </summary>
    public bool DropLast { get; init; }

    /// <summary>The random changes of each image; none if null.</summary>
    public Augmentation? Augmentation { get; init; }

    /// <summary>Steps in an epoch of so many images; 0 where a batch is never full and is left out.</summary>
    internal int StepsInEpoch(int images) => DropLast ? images / Batch : (int)(((long)images + Batch - 1) / Batch);

    /// <summary>Steps of the whole run: a schedule is spread over them.</summary>
    /// <exception cref="ArgumentException">They are more than are counted.</exception>
    internal int StepsOver(int images)
    {
        int inEpoch = Math.Max(1, StepsInEpoch(images));
        return (long)inEpoch * Epochs <= int.MaxValue
            ? inEpoch * Epochs
            : throw new ArgumentException($"training: expected at most {int.MaxValue / inEpoch} epochs of {inEpoch} steps, got {Epochs}");
    }
}

/// <summary>
/// A whole training that runs one batch at a time. It can stop at any step, and another process can continue from its <see cref="Checkpoint"/>. The
/// bits are those of a training that never stopped, whatever the number of threads before and after.
/// </summary>
/// <remarks>A run is not thread-safe.</remarks>
public sealed class TrainingRun
{
    private readonly Sequential _net;
    private readonly Optimizer _optimizer;
    private readonly Trainer _trainer;
    private readonly ImageSet _data;
    private readonly BatchOrder _order;
    private readonly BatchPreparation? _preparation;
    private readonly int _images; // of one epoch
    private int[] _epochOrder;

    /// <param name="optimizer">The trainer's optimiser, of the parameters of <paramref name="net"/>.</param>
    /// <param name="trainer">The trainer. The caller owns it, may evaluate with it, and disposes it.</param>
    /// <exception cref="ArgumentException">An epoch would have no batch, or the run more steps than an int can count.</exception>
    public TrainingRun(Sequential net, Optimizer optimizer, Trainer trainer, ImageSet data, TrainingPlan plan)
    {
        ArgumentNullException.ThrowIfNull(net);
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentNullException.ThrowIfNull(trainer);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(plan);
        Shapes.AtLeast(1, plan.Epochs, "training", "epochs");
        Shapes.AtLeast(1, plan.Batch, "training", "batch");
        (_net, _optimizer, _trainer, _data, Plan) = (net, optimizer, trainer, data, plan);
        _images = plan.DropLast ? data.Count - data.Count % plan.Batch : data.Count;
        if (_images == 0)
            throw new ArgumentException($"training: expected images for at least one batch of {plan.Batch}, got {data.Count}", nameof(data));
        plan.StepsOver(data.Count);
        if (_images % plan.Batch == 1 || plan.Batch == 1)
            CheckSingleImage();
        _order = new BatchOrder(plan.Seed);
        if (plan.Augmentation is { } augmentation)
            _preparation = new(data, augmentation, plan.Seed, ahead: Environment.ProcessorCount + 1);
        _epochOrder = _order.Permutation(0, data.Count);
        _preparation?.Begin(_epochOrder, 0, 0, _images, plan.Batch);
    }

    public TrainingPlan Plan { get; }

    /// <summary>The number of finished epochs.</summary>
    public int Epoch { get; private set; }

    /// <summary>The sums over the batches of the current epoch; all zero between two epochs.</summary>
    public TrainingSums Sums { get; private set; }

    /// <summary>The number of steps so far, in all epochs.</summary>
    public int Steps { get; private set; }

    public bool Done => Epoch == Plan.Epochs;

    /// <summary>The number of images in an epoch.</summary>
    public int ImagesInEpoch => _images;

    /// <summary>Trains on the next batch.</summary>
    /// <returns>The sums of the epoch if this batch ended it; otherwise null.</returns>
    /// <exception cref="DivergedException">The loss became NaN or infinite. Weights and position are those before the step.</exception>
    public TrainingSums? Step()
    {
        if (Done)
            throw new InvalidOperationException($"training: all {Plan.Epochs} epochs are done");
        Plan.Schedule?.Apply(_optimizer, Steps);
        int done = Sums.Images;
        Sums += _preparation is null ? _trainer.Step(_data, _epochOrder.AsSpan(done, Math.Min(Plan.Batch, _images - done))) : StepOnPrepared();
        Steps++;
        if (Sums.Images < _images)
            return null;
        var epoch = Sums;
        Sums = default;
        Epoch++;
        BeginEpoch();
        return epoch;
    }

    /// <summary>
    /// Returns the whole state of the run: the weights by PyTorch's names, the optimiser's state as <c>optimizer.momentum_buffer.conv1.weight</c>,
    /// and the position in the metadata.
    /// </summary>
    public Safetensors Checkpoint()
    {
        var tensors = new Dictionary<string, SafeTensor>(StateDict.FromModule(_net));
        foreach (var (name, tensor) in OptimizerState())
            tensors.Add(name, StateDict.Floats(tensor));
        var metadata = new Dictionary<string, string>
        {
            ["conformance"] = "1",
            ["epochs"] = Text(Plan.Epochs),
            ["batch"] = Text(Plan.Batch),
            ["seed"] = Text(Plan.Seed),
            ["train_images"] = Text(_images),
            ["optimizer"] = _optimizer.Operation,
            ["epoch"] = Text(Epoch),
            ["steps"] = Text(Steps),
            ["optimizer_steps"] = Text(_optimizer.Steps),
            ["learning_rate"] = Text(_optimizer.LearningRate),
            ["images"] = Text(Sums.Images),
            ["correct"] = Text(Sums.Correct),
            ["loss"] = Text(Sums.Loss),
            ["divisor"] = Text(Sums.Divisor),
        };
        foreach (var (name, dropout) in Dropouts())
            metadata[$"{name}.step"] = Text(dropout.Step);
        return new(tensors, metadata);
    }

    /// <summary>Continues the run that wrote the checkpoint. If the checkpoint does not fit, nothing is changed.</summary>
    /// <param name="origin">The name of the file, for messages.</param>
    /// <exception cref="InvalidDataException">
    /// The file is no checkpoint of a run, or belongs to another network, plan, optimiser or data.
    /// </exception>
    public void Resume(Safetensors checkpoint, string origin)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        var read = new CheckpointMetadata(checkpoint.Metadata, origin);
        read.Expect("conformance", "1", "the format");
        read.Expect("batch", Text(Plan.Batch), "the batch size");
        read.Expect("epochs", Text(Plan.Epochs), "the number of epochs");
        read.Expect("seed", Text(Plan.Seed), "the seed");
        read.Expect("train_images", Text(_images), "the number of training images");
        read.Expect("optimizer", _optimizer.Operation, "the optimiser");
        int epoch = read.Whole("epoch", Plan.Epochs), steps = read.Whole("steps", int.MaxValue), images = read.Whole("images", _images - 1);
        var sums = new TrainingSums(images, read.Whole("correct", images), read.Real("loss"), read.Real("divisor"));
        long optimizerSteps = read.Whole("optimizer_steps", int.MaxValue);
        double learningRate = read.Real("learning_rate");
        var masks = Dropouts().Select(layer => (layer.Dropout, Step: read.Whole($"{layer.Name}.step", int.MaxValue))).ToList();

        var state = OptimizerState().Select(state => (state.Tensor, Numbers: checkpoint.Tensors.TryGetValue(state.Name, out var given)
            ? StateDict.Read(state.Name, state.Tensor, given, origin)
            : throw new InvalidDataException(
                $"{origin}: expected a tensor {state.Name}, got none. Is it the checkpoint of another network or optimiser?"))).ToList();
        var names = OptimizerState().Select(state => state.Name).ToHashSet();
        StateDict.Load(_net, checkpoint.Tensors.Where(tensor => !names.Contains(tensor.Key)).ToDictionary(), origin);

        foreach (var (tensor, numbers) in state)
            tensor.CopyFrom(numbers);
        foreach (var (dropout, step) in masks)
            dropout.Step = step;
        _optimizer.Steps = optimizerSteps;
        _optimizer.LearningRate = learningRate;
        (Epoch, Steps, Sums) = (epoch, steps, sums);
        BeginEpoch();
    }

    /// <summary>
    /// Refuses a plan that leaves a last batch of one image, if a batch normalisation can't train on it. Otherwise training would fail at the end
    /// of the first epoch.
    /// </summary>
    private void CheckSingleImage()
    {
        try
        {
            _net.Training = true;
            _ = _net.Chain.Connect(Tensor.Zeros(1, 1, _data.Height, _data.Width));
        }
        catch (ArgumentException error)
        {
            throw new ArgumentException(
                $"training: {_images} images in batches of {Plan.Batch} leave a batch of one image: {error.Message}. Leave it out (drop_last), or "
                + $"take batches of another size.", error);
        }
    }

    private TrainingSums StepOnPrepared()
    {
        var batch = _preparation!.Take();
        var sums = _trainer.StepOn(batch.Images!, batch.Labels);
        _preparation.Release(batch);
        return sums;
    }

    private void BeginEpoch()
    {
        _epochOrder = _order.Permutation(Epoch, _data.Count);
        _preparation?.Begin(_epochOrder, Epoch, Sums.Images, Done ? 0 : _images, Plan.Batch);
    }

    private IEnumerable<(string Name, Tensor Tensor)> OptimizerState() =>
        from kind in _optimizer.State
        from pair in _optimizer.Parameters.Zip(kind.Value)
        select ($"optimizer.{kind.Key}.{pair.First.Name}", pair.Second);

    private IEnumerable<(string Name, Dropout Dropout)> Dropouts() =>
        _net.NamedLayers.Where(layer => layer.Layer is Dropout).Select(layer => (layer.Name, (Dropout)layer.Layer));

    /// <summary>A text that reads back to the same bits.</summary>
    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
