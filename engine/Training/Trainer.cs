using System.Diagnostics;
using Conformance.Engine.Data;
using Conformance.Engine.Kernels;
using Conformance.Engine.Losses;
using Conformance.Engine.Networks;
using Conformance.Engine.Optimizers;
using Conformance.Engine.Passes;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Training;

/// <summary>The metrics of an epoch during training. Each image is judged with the weights at the start of its batch.</summary>
/// <param name="Loss">The mean over all images that the loss does not ignore.</param>
/// <param name="Accuracy">The fraction of images whose largest logit is that of the label, 0–1.</param>
/// <param name="Seconds">The duration of the epoch.</param>
public sealed record EpochMetrics(double Loss, double Accuracy, double Seconds);

/// <summary>Sums of the metrics over several batches.</summary>
/// <param name="Images">The number of images.</param>
/// <param name="Correct">The number of images whose largest logit is that of the label.</param>
/// <param name="Loss">The sum of the images' losses.</param>
/// <param name="Divisor">The divisor of the mean loss: the sum of the weights of the images that the loss does not ignore.</param>
public readonly record struct TrainingSums(int Images, int Correct, double Loss, double Divisor)
{
    public double MeanLoss => Loss / Divisor;

    /// <summary>The fraction of images judged rightly, 0–1.</summary>
    public double Accuracy => (double)Correct / Images;

    public static TrainingSums operator +(TrainingSums a, TrainingSums b) => a.Add(b);

    public TrainingSums Add(TrainingSums other) => new(Images + other.Images, Correct + other.Correct, Loss + other.Loss, Divisor + other.Divisor);
}

/// <summary>A network's metrics on a data set.</summary>
/// <param name="Loss">The mean over all images that the loss does not ignore.</param>
/// <param name="Accuracy">The fraction of images classified rightly, 0–1.</param>
/// <param name="Correct">For each image, whether its largest logit (the first if several are equal) is that of the label.</param>
public sealed record Evaluation(double Loss, double Accuracy, IReadOnlyList<bool> Correct);

/// <summary>The progress of an epoch.</summary>
/// <param name="Images">The number of images processed so far.</param>
/// <param name="Total">The number of images in the epoch.</param>
/// <param name="Loss">The mean over the images so far that the loss does not ignore.</param>
public readonly record struct TrainingProgress(int Images, int Total, double Loss);

/// <summary>
/// Trains a classifier. A step is a forward and a backward pass, which threads share (<see cref="Passes.Chain"/>), then the clipping of the gradients
/// if wanted, then the update. The weights have the same bits for any number of threads.
/// </summary>
/// <remarks>A step allocates nothing, once a batch of the largest size has been processed. A trainer is not thread-safe.</remarks>
public sealed class Trainer : IDisposable
{
    private const int EvaluationBatch = 256;

    private readonly Sequential _net;
    private readonly Optimizer _optimizer;
    private readonly GradientClipping? _clipping;
    private readonly Workers _workers;
    private readonly ClassificationLoss _loss;
    private readonly Relayout _beforeLoss;
    private readonly PixelBatch _pixels = new();
    private readonly Chain _chain;

    // Created once, so that a step allocates nothing.
    private readonly Action<int> _fillBlock;
    private readonly Action<int> _judgeBlock;
    private readonly Action<int> _turnBlock;

    private Tensor? _given; // a batch of normalised images; null if the images come from _pixels
    private Tensor? _input;
    private Tensor _logits = null!;
    private int[] _targets = [];
    private bool[] _correct = [];

    /// <param name="optimizer">An optimiser of the parameters of <paramref name="net"/>.</param>
    /// <param name="threads">The number of threads, including the calling one; the number of cores if 0.</param>
    /// <param name="kernels">The choice of kernel for the default loss; the fast one if null.</param>
    /// <param name="loss">The loss of the network's output; the mean cross-entropy if null.</param>
    /// <param name="clipping">The clipping of gradients before each update; none if null.</param>
    public Trainer(
        Sequential net, Optimizer optimizer, int threads = 0, KernelChoice? kernels = null, ClassificationLoss? loss = null,
        GradientClipping? clipping = null)
    {
        ArgumentNullException.ThrowIfNull(net);
        ArgumentNullException.ThrowIfNull(optimizer);
        Shapes.AtLeast(0, threads, "trainer", nameof(threads));
        (_net, _optimizer, _clipping) = (net, optimizer, clipping);
        _loss = loss ?? new CrossEntropyLoss(kernels: kernels);
        _beforeLoss = new Relayout(_loss.Layout);
        _workers = new Workers(threads == 0 ? Environment.ProcessorCount : threads);
        _chain = net.Chain;
        (_fillBlock, _judgeBlock, _turnBlock) = (FillBlock, JudgeBlock, TurnBlock);
    }

    /// <summary>The number of steps so far.</summary>
    public long Steps { get; private set; }

    /// <summary>Trains one epoch on the images in the given order. The last batch may have fewer images.</summary>
    /// <param name="order">Indices into the data, such as <see cref="BatchOrder.Permutation"/>.</param>
    /// <param name="progress">Called after each batch.</param>
    /// <param name="cancellation">Checked before each batch.</param>
    /// <exception cref="DivergedException">The loss became NaN or infinite. The weights are those before that step.</exception>
    public EpochMetrics TrainEpoch(
        ImageSet data, ReadOnlySpan<int> order, int batchSize, IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        Shapes.AtLeast(1, batchSize, "trainer", nameof(batchSize));
        if (order.IsEmpty)
            throw new ArgumentException("trainer: expected at least one image, got none", nameof(order));
        long start = Stopwatch.GetTimestamp();
        var sums = new TrainingSums();
        for (int done = 0; done < order.Length;)
        {
            cancellation.ThrowIfCancellationRequested();
            var batch = order.Slice(done, Math.Min(batchSize, order.Length - done));
            sums += Step(data, batch);
            done += batch.Length;
            progress?.Report(new(done, order.Length, sums.MeanLoss));
        }
        return new(sums.MeanLoss, sums.Accuracy, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    /// <summary>Makes one step on images of a data set. The gradients remain in the network's parameters.</summary>
    /// <param name="batch">Indices into the data.</param>
    /// <returns>The batch's sums for the metrics of an epoch, with the weights before the step.</returns>
    /// <exception cref="DivergedException">The loss became NaN or infinite. The weights are those before the step.</exception>
    public TrainingSums Step(ImageSet data, ReadOnlySpan<int> batch)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (batch.IsEmpty)
            throw new ArgumentException("trainer: expected at least one image, got none", nameof(batch));
        UseImages(data, batch);
        double loss = Step();
        return new(batch.Length, _correct.AsSpan(0, batch.Length).Count(true), loss, _loss.Divisor);
    }

    /// <summary>Makes one step on a given batch. The gradients remain in the network's parameters.</summary>
    /// <param name="images">Normalised images, <c>[N, C, H, W]</c>; not changed.</param>
    /// <param name="labels">A class for each image.</param>
    /// <returns>The reduced loss before the step.</returns>
    /// <exception cref="DivergedException">The loss became NaN or infinite. The weights are those before the step.</exception>
    public float Step(Tensor images, ReadOnlySpan<int> labels) => (float)_loss.Reduced(StepOn(images, labels).Loss);

    /// <summary>Makes one step on a given batch, and returns its sums for the metrics of an epoch.</summary>
    internal TrainingSums StepOn(Tensor images, ReadOnlySpan<int> labels)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (images.Shape.Length == 0 || images.Images == 0)
            throw Shapes.Wrong("trainer", "with at least one image", images.Shape);
        _given = images;
        UseTargets(images.Images);
        if (labels.Length != images.Images)
            throw new ArgumentException($"trainer: expected {images.Images} labels, one for each image, got {labels.Length}", nameof(labels));
        labels.CopyTo(_targets);
        Tensor.Reuse(ref _input, _chain.InputLayout, images.Shape);
        double loss = Step();
        _given = null;
        return new(images.Images, _correct.AsSpan(0, images.Images).Count(true), loss, _loss.Divisor);
    }

    /// <summary>Computes loss and accuracy on a data set. The network is not changed.</summary>
    public Evaluation Evaluate(ImageSet data)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (data.Count == 0)
            throw new ArgumentException("trainer: expected at least one image, got none", nameof(data));
        var correct = new bool[data.Count];
        double loss = 0, counted = 0;
        Span<int> batch = stackalloc int[EvaluationBatch];
        for (int done = 0; done < data.Count; done += EvaluationBatch)
        {
            int images = Math.Min(EvaluationBatch, data.Count - done);
            for (int i = 0; i < images; i++)
                batch[i] = done + i;
            UseImages(data, batch[..images]);
            Connect(training: false);
            _chain.Forward(_workers, _fillBlock, _judgeBlock);
            loss += _loss.Sum();
            counted += _loss.Divisor;
            _correct.AsSpan(0, images).CopyTo(correct.AsSpan(done));
        }
        return new(loss / counted, (double)correct.AsSpan().Count(true) / data.Count, correct);
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose() => _workers.Dispose();

    private void UseImages(ImageSet data, ReadOnlySpan<int> batch)
    {
        _given = null;
        _pixels.Use(data, batch);
        UseTargets(batch.Length);
        for (int i = 0; i < batch.Length; i++)
            _targets[i] = data.Labels[batch[i]];
        Tensor.Reuse(ref _input, _chain.InputLayout, batch.Length, 1, data.Height, data.Width);
    }

    private void UseTargets(int images)
    {
        if (_targets.Length < images)
            (_targets, _correct) = (new int[images], new bool[images]);
    }

    private void Connect(bool training)
    {
        if (_net.Training != training)
            _net.Training = training;
        _logits = _beforeLoss.Connect(_chain.Connect(_input!));
        _loss.Connect(_logits, _targets.AsSpan(0, _input!.Images));
    }

    /// <summary>Makes one step on the current batch.</summary>
    /// <returns>The sum of the images' losses.</returns>
    /// <exception cref="DivergedException">The loss is not finite. The weights are those before the step.</exception>
    private double Step()
    {
        Connect(training: true);
        _chain.ConnectBackward(_beforeLoss.ConnectBackward(_loss.ConnectBackward(), wanted: true)!, wanted: false);
        _chain.Forward(_workers, _fillBlock, _turnBlock, turns: true);
        double loss = _loss.Sum(), reduced = _loss.Reduced(loss); // if all targets are ignored the sum is 0, and the mean NaN
        if (!double.IsFinite(reduced))
            throw DivergedException.Locate(Steps + 1, _net, reduced);
        _chain.Backward(_workers);
        _clipping?.Clip(_workers);
        _optimizer.Step(_workers);
        Steps++;
        return loss;
    }

    /// <summary>Fills the network's input with a block of the current batch.</summary>
    private void FillBlock(int block)
    {
        if (_given is null)
            _pixels.Fill(_input!, block);
        else
            _input!.CopyBlock(_given, block);
    }

    /// <summary>Computes the loss of a block of logits.</summary>
    private void JudgeBlock(int block)
    {
        _beforeLoss.Forward(block);
        _loss.ForwardBlock(block);
        for (int i = 0; i < _logits.ImagesIn(block); i++)
        {
            int image = block * Tensor.Lanes + i;
            _correct[image] = Prediction(image) == _targets[image];
        }
    }

    /// <summary>Computes the loss and the gradient of a block of logits.</summary>
    private void TurnBlock(int block)
    {
        JudgeBlock(block);
        _loss.BackwardBlock(block);
        _beforeLoss.Backward(block);
    }

    /// <summary>The first class with the largest logit.</summary>
    private int Prediction(int image)
    {
        int best = 0;
        for (int c = 1; c < _logits.Shape[1]; c++)
            if (_logits.At(image, c) > _logits.At(image, best))
                best = c;
        return best;
    }
}
