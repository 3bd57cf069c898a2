using Conformance.Engine;

namespace Conformance.Cli.Comparing;

/// <summary>Our side: the engine's LeNet and trainer.</summary>
internal sealed class ScratchTrainer : ITrainer
{
    private readonly ImageSet _train;
    private readonly ImageSet _test;
    private readonly CompareOptions _options;
    private readonly Sequential _net;
    private readonly Trainer _trainer;

    public ScratchTrainer(ulong seed, ImageSet train, ImageSet test, CompareOptions options)
    {
        (_train, _test, _options) = (train, test, options);
        _net = LeNet.Create(seed);
        _trainer = TrainerOf(_net);
    }

    /// <summary>The parameters as they are now, by name; copies.</summary>
    public IReadOnlyDictionary<string, float[]> Weights =>
        _net.Parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Value.ToArray());

    /// <summary>Read off a copy of the network after one step of training, so that they are the gradients that training uses.</summary>
    public IReadOnlyDictionary<string, float[]> Gradients(ReadOnlySpan<int> batch)
    {
        var copy = LeNet.Create(seed: 0);
        foreach (var (to, from) in copy.Parameters.Zip(_net.Parameters))
            to.Value.CopyFrom(from.Value.ToArray());
        using var trainer = TrainerOf(copy);
        trainer.TrainEpoch(_train, batch, batch.Length);
        return copy.Parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Gradient.ToArray());
    }

    public Training TrainEpoch(ReadOnlySpan<int> order, Action<int> progress, CancellationToken cancel)
    {
        var epoch = _trainer.TrainEpoch(_train, order, _options.Batch, new Reported(progress), cancel);
        return new(epoch.Loss, epoch.Accuracy);
    }

    public Evaluation Evaluate()
    {
        var evaluation = _trainer.Evaluate(_test);
        return new(evaluation.Loss, [.. evaluation.Correct]);
    }

    public void Dispose() => _trainer.Dispose();

    private Trainer TrainerOf(Sequential net) =>
        new(net, new Sgd(net.Parameters, _options.LearningRate, _options.Momentum), _options.Threads.Scratch);

    /// <summary>Tells at once, on the trainer's thread, which <see cref="Progress{T}"/> does not.</summary>
    private sealed class Reported(Action<int> images) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => images(value.Images);
    }
}
