using Conformance.Engine.Data;
using Conformance.Engine.Networks;
using Conformance.Engine.Optimizers;
using Conformance.Engine.Tensors;
using Conformance.Engine.Training;

namespace Conformance.Cli.Compare;

/// <summary>Our side: the engine's LeNet and trainer.</summary>
internal sealed class ScratchTrainer : ITrainer
{
    private readonly ulong _seed;
    private readonly ImageSet _train;
    private readonly ImageSet _test;
    private readonly CompareOptions _options;
    private readonly Sequential _net;
    private readonly Trainer _trainer;

    public ScratchTrainer(ulong seed, ImageSet train, ImageSet test, CompareOptions options)
    {
        (_seed, _train, _test, _options) = (seed, train, test, options);
        _net = LeNet.Create(seed);
        _trainer = TrainerOf(_net);
    }

    /// <summary>The parameters that the seed gives, by name; copies.</summary>
    public static IReadOnlyDictionary<string, float[]> Weights(ulong seed) => Values(LeNet.Create(seed), parameter => parameter.Value);

    public Trajectory FirstSteps(IReadOnlyList<int[]> batches)
    {
        var net = LeNet.Create(_seed);
        using var trainer = TrainerOf(net);
        var (losses, weights) = (new List<double>(), new List<IReadOnlyDictionary<string, double[]>>());
        IReadOnlyDictionary<string, double[]> gradients = new Dictionary<string, double[]>();
        foreach (var batch in batches)
        {
            losses.Add(trainer.Step(_train, batch).MeanLoss);
            if (losses.Count == 1)
                gradients = Doubles(net, parameter => parameter.Gradient);
            weights.Add(Doubles(net, parameter => parameter.Value));
        }
        return new([.. losses], gradients, weights);
    }

    public TrainedEpoch TrainEpoch(ReadOnlySpan<int> order, Action<int> progress, CancellationToken cancel)
    {
        var epoch = _trainer.TrainEpoch(_train, order, _options.Batch, new Reported(progress), cancel);
        return new(epoch.Loss, epoch.Accuracy);
    }

    public TestScores Evaluate()
    {
        var evaluation = _trainer.Evaluate(_test);
        return new(evaluation.Loss, [.. evaluation.Correct]);
    }

    public void Dispose() => _trainer.Dispose();

    private Trainer TrainerOf(Sequential net) =>
        new(net, new Sgd(net.Parameters, _options.LearningRate, _options.Momentum), _options.Threads.Scratch);

    private static Dictionary<string, float[]> Values(Sequential net, Func<Parameter, Tensor> of) =>
        net.Parameters.ToDictionary(parameter => parameter.Name, parameter => of(parameter).ToArray());

    private static Dictionary<string, double[]> Doubles(Sequential net, Func<Parameter, Tensor> of) =>
        Values(net, of).ToDictionary(pair => pair.Key, pair => Array.ConvertAll(pair.Value, value => (double)value));

    /// <summary>Tells at once, on the trainer's thread, which <see cref="Progress{T}"/> does not.</summary>
    private sealed class Reported(Action<int> images) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => images(value.Images);
    }
}
