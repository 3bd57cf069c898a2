using Conformance.Cli.Comparing;
using Conformance.Torch;

namespace Conformance.Cli.Torch;

/// <summary>Images and labels as bytes, one image after the other: what the baseline reads.</summary>
internal sealed record ByteSet(byte[] Pixels, byte[] Labels);

/// <summary>Torch's side: the LeNet of <c>reference/torch</c>, from the weights it is given.</summary>
internal sealed class TorchTrainer(IReadOnlyDictionary<string, float[]> weights, ByteSet train, ByteSet test, CompareOptions options) : ITrainer
{
    private readonly LeNetBaseline _baseline = new(weights, options.LearningRate, options.Momentum, options.Threads.Baseline);

    public IReadOnlyDictionary<string, float[]> Gradients(ReadOnlySpan<int> batch) =>
        _baseline.Gradients(train.Pixels, train.Labels, batch).Gradients;

    public Comparing.Training TrainEpoch(ReadOnlySpan<int> order, Action<int> progress, CancellationToken cancel)
    {
        var epoch = _baseline.TrainEpoch(train.Pixels, train.Labels, order, options.Batch, progress, cancel);
        return new(epoch.Loss, epoch.Accuracy);
    }

    public Evaluation Evaluate()
    {
        var evaluation = _baseline.Evaluate(test.Pixels, test.Labels);
        return new(evaluation.Loss, evaluation.Correct);
    }

    public void Dispose() => _baseline.Dispose();
}
