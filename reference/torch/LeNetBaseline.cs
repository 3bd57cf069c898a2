using System.Diagnostics;
using Conformance.Torch.Operations;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Conformance.Torch;

/// <summary>The metrics of one pass over the training set. The loss is the mean over the images, each judged before its batch's step.</summary>
public sealed record BaselineEpoch(double Loss, double Accuracy, double Seconds);

/// <summary>The metrics of a test set: the mean loss over its images, and for each image whether it was classified correctly.</summary>
public sealed record BaselineEvaluation(double Loss, double Accuracy, bool[] Correct);

/// <summary>A batch's mean loss and its gradients by state name, in row-major order.</summary>
public sealed record BaselineStep(double Loss, IReadOnlyDictionary<string, float[]> Gradients);

/// <summary>
/// The first steps of a training, by state name and row-major: each batch's mean loss before its step, the gradients of the first step, and the
/// parameters after each step.
/// </summary>
/// <param name="Batches">The batches of the training, without the images that were left out.</param>
public sealed record BaselineTrace(IReadOnlyList<int[]> Batches, double[] Losses, IReadOnlyDictionary<string, double[]> Gradients,
    IReadOnlyList<IReadOnlyDictionary<string, double[]>> Weights);

/// <summary>
/// Torch's LeNet for the comparison: float32, mean cross entropy, SGD with momentum. Images are 28×28 bytes, one after the other, normalised as
/// (p/255 − 0.1307)/0.3081. Labels are one byte each.
/// </summary>
public sealed class LeNetBaseline : IDisposable
{
    /// <summary>The number of pixels of an image.</summary>
    public const int ImagePixels = Side * Side;

    private const int Side = 28;
    private const int EvaluationBatch = 1000;

    private static readonly float[] Normalised = [.. Enumerable.Range(0, 256).Select(p => (float)((p / 255.0 - 0.1307) / 0.3081))];

    private readonly int _threads;
    private readonly ScalarType _type;
    private readonly LastBits? _nudge;
    private readonly LeNet _net;
    private readonly SGD _optimizer;

    /// <param name="weights">The initial parameters by state name, <c>conv1.weight</c> … <c>fc3.bias</c>, in row-major order; copied.</param>
    /// <param name="threads">The number of threads that torch may use.</param>
    /// <exception cref="ArgumentException">A parameter is missing, unknown or of another size.</exception>
    /// <exception cref="NotSupportedException">Torch does not load, or its float32 is wrong; see <see cref="TorchRuntime"/>.</exception>
    public LeNetBaseline(IReadOnlyDictionary<string, float[]> weights, double learningRate, double momentum, int threads)
        : this(weights, learningRate, momentum, threads, ScalarType.Float32, null)
    {
    }

    private LeNetBaseline(IReadOnlyDictionary<string, float[]> weights, double learningRate, double momentum, int threads, ScalarType type,
        LastBits? nudge)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        TorchRuntime.Require(float32: type == ScalarType.Float32);
        (_threads, _type, _nudge) = (threads, type, nudge);
        _net = new(nudge is null ? null : nudge.Nudged);
        _net.to(type);
        Load(weights);
        _optimizer = optim.SGD(_net.parameters(), learningRate, momentum);
    }

    /// <summary>Creates the same training in float64.</summary>
    /// <param name="nudge">
    /// Null for the correct answer. Otherwise a seed: every number that a float32 engine would round (each layer's output, forward and backward, and
    /// the parameters after each step) is changed at random by up to one rounding. Several such trainings show how large the effect of rounding can
    /// be.
    /// </param>
    /// <exception cref="ArgumentException">A parameter is missing, unknown or of another size.</exception>
    public static LeNetBaseline InFloat64(IReadOnlyDictionary<string, float[]> weights, double learningRate, double momentum, int threads,
        ulong? nudge = null) =>
        new(weights, learningRate, momentum, threads, ScalarType.Float64, nudge is { } seed ? new LastBits(seed) : null);

    /// <summary>Copies of the current parameters by state name, in row-major order.</summary>
    public IReadOnlyDictionary<string, float[]> Weights =>
        _net.named_parameters().ToDictionary(pair => pair.name, pair => pair.parameter.ToArray<float>(ScalarType.Float32));

    /// <summary>Trains once on the images in <paramref name="order"/>, in that order. The last batch may be smaller.</summary>
    /// <param name="progress">Called after each batch with the number of images used so far.</param>
    /// <exception cref="OperationCanceledException">Cancellation was requested between two batches. The steps already made remain.</exception>
    public BaselineEpoch TrainEpoch(
        byte[] pixels, byte[] labels, ReadOnlySpan<int> order, int batchSize, Action<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        var clock = Stopwatch.StartNew();
        using var threads = new ThreadCount(_threads);
        _net.train();
        double loss = 0;
        var correct = 0;
        for (var start = 0; start < order.Length; start += batchSize)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var batch = order[start..Math.Min(start + batchSize, order.Length)];
            var (batchLoss, hits) = Backward(pixels, labels, batch);
            _optimizer.step();
            loss += batchLoss * batch.Length;
            correct += hits.Count(hit => hit);
            progress?.Invoke(start + batch.Length);
        }
        return new(loss / order.Length, (double)correct / order.Length, clock.Elapsed.TotalSeconds);
    }

    /// <summary>Evaluates the network on the whole set, without training.</summary>
    public BaselineEvaluation Evaluate(byte[] pixels, byte[] labels)
    {
        using var threads = new ThreadCount(_threads);
        using var noGrad = no_grad();
        _net.eval();
        double loss = 0;
        var correct = new List<bool>(labels.Length);
        foreach (var batch in Enumerable.Range(0, labels.Length).Chunk(EvaluationBatch))
        {
            using var scope = NewDisposeScope();
            var (images, targets) = Batch(pixels, labels, batch);
            var logits = _net.call(images);
            loss += functional.cross_entropy(logits, targets).to_type(ScalarType.Float64).item<double>() * batch.Length;
            correct.AddRange(Hits(logits, targets));
        }
        return new(loss / labels.Length, (double)correct.Count(hit => hit) / labels.Length, [.. correct]);
    }

    /// <summary>The loss and gradients of one batch, without a step.</summary>
    public BaselineStep Gradients(byte[] pixels, byte[] labels, ReadOnlySpan<int> batch)
    {
        using var threads = new ThreadCount(_threads);
        using var scope = NewDisposeScope();
        _net.train();
        var (loss, _) = Backward(pixels, labels, batch);
        return new(loss, _net.named_parameters().ToDictionary(pair => pair.name, pair => pair.parameter.grad!.ToArray<float>(ScalarType.Float32)));
    }

    /// <summary>The loss and gradients of one batch, and one step of training on it.</summary>
    public BaselineStep Step(byte[] pixels, byte[] labels, ReadOnlySpan<int> batch)
    {
        var result = Gradients(pixels, labels, batch);
        using var threads = new ThreadCount(_threads);
        _optimizer.step();
        return result;
    }

    /// <summary>Trains on these batches, and returns every step.</summary>
    /// <param name="batches">Batches of indices of images.</param>
    /// <param name="clearance">
    /// The smallest allowed distance from a kink. Images that are nearer, with the weights of their step, are left out, and so is a batch without
    /// images.
    /// </param>
    /// <exception cref="OperationCanceledException">Cancellation was requested between two batches.</exception>
    public BaselineTrace Trace(byte[] pixels, byte[] labels, IReadOnlyList<int[]> batches, double clearance = 0,
        CancellationToken cancellation = default)
    {
        using var threads = new ThreadCount(_threads);
        _net.train();
        var (used, losses, weights) = (new List<int[]>(), new List<double>(), new List<IReadOnlyDictionary<string, double[]>>());
        IReadOnlyDictionary<string, double[]> gradients = new Dictionary<string, double[]>();
        foreach (var batch in batches)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var clear = clearance > 0 ? Clear(pixels, labels, batch, clearance) : batch;
            if (clear.Length == 0)
                continue;
            losses.Add(Backward(pixels, labels, clear).Loss);
            if (used.Count == 0)
                gradients = Doubles(parameter => parameter.grad!);
            _optimizer.step();
            Nudge();
            weights.Add(Doubles(parameter => parameter));
            used.Add(clear);
        }
        return new(used, [.. losses], gradients, weights);
    }

    private int[] Clear(byte[] pixels, byte[] labels, int[] batch, double clearance)
    {
        var margins = _net.Margin(Batch(pixels, labels, batch).Images).ToArray<double>(ScalarType.Float64);
        return [.. batch.Where((_, i) => margins[i] > clearance)];
    }

    public void Dispose()
    {
        _nudge?.Dispose();
        _optimizer.Dispose();
        _net.Dispose();
    }

    private Dictionary<string, double[]> Doubles(Func<Parameter, Tensor> of) =>
        _net.named_parameters().ToDictionary(pair => pair.name, pair => of(pair.parameter).ToArray<double>(ScalarType.Float64));

    private void Nudge()
    {
        if (_nudge is null)
            return;
        using var noGrad = no_grad();
        foreach (var parameter in _net.parameters())
            parameter.copy_(_nudge.Nudged(parameter));
    }

    private void Load(IReadOnlyDictionary<string, float[]> weights)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var parameters = _net.named_parameters().ToDictionary(pair => pair.name, pair => pair.parameter);
        foreach (var name in parameters.Keys.Concat(weights.Keys).Distinct())
        {
            if (!parameters.TryGetValue(name, out var parameter))
                throw new ArgumentException($"LeNet has no parameter '{name}'; it has {string.Join(", ", parameters.Keys)}");
            if (!weights.TryGetValue(name, out var values))
                throw new ArgumentException($"the weights lack '{name}'; they have {string.Join(", ", weights.Keys)}");
            var size = parameter.shape.Aggregate(1L, (product, extent) => product * extent);
            if (values.Length != size)
                throw new ArgumentException($"'{name}': expected [{string.Join(",", parameter.shape)}], {size} numbers, got {values.Length}");
            parameter.copy_(tensor(values, parameter.shape));
        }
    }

    /// <summary>Leaves the batch's gradients in the parameters. Returns its mean loss and which images were classified correctly.</summary>
    private (double Loss, bool[] Hits) Backward(byte[] pixels, byte[] labels, ReadOnlySpan<int> batch)
    {
        var (images, targets) = Batch(pixels, labels, batch);
        _optimizer.zero_grad();
        var logits = _net.call(images);
        var loss = functional.cross_entropy(logits, targets);
        loss.backward();
        return (loss.to_type(ScalarType.Float64).item<double>(), Hits(logits, targets));
    }

    private static bool[] Hits(Tensor logits, Tensor targets) =>
        logits.argmax(1).eq(targets).ToArray<bool>(ScalarType.Bool);

    // Converts from bytes each time. 50,000 look-ups per batch cost far less than the step, and the set is not kept in memory as floats.
    private (Tensor Images, Tensor Targets) Batch(byte[] pixels, byte[] labels, ReadOnlySpan<int> indices)
    {
        var values = new float[indices.Length * ImagePixels];
        var classes = new int[indices.Length];
        for (var i = 0; i < indices.Length; i++)
        {
            var image = pixels.AsSpan(indices[i] * ImagePixels, ImagePixels);
            var target = values.AsSpan(i * ImagePixels, ImagePixels);
            for (var p = 0; p < image.Length; p++)
                target[p] = Normalised[image[p]];
            classes[i] = labels[indices[i]];
        }
        return (tensor(values, [indices.Length, 1, Side, Side]).to_type(_type), tensor(classes, [indices.Length], ScalarType.Int64));
    }
}
