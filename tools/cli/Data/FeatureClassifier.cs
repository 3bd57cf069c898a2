using Conformance.Engine.Data;
using Conformance.Engine.Layers;
using Conformance.Engine.Networks;
using Conformance.Engine.Optimizers;
using Conformance.Engine.Tensors;
using Conformance.Engine.Training;

namespace Conformance.Cli.Data;

/// <summary>
/// A linear softmax on the two features alone, trained by the engine: ten classes, cross entropy, all training images in each step. The loss is
/// convex, and is followed down until it
/// is flat, so that the result says what the features tell and not how it was trained.
/// </summary>
internal static class FeatureClassifier
{
    /// <summary>Reached only where the classes lie so far apart that there is no least loss.</summary>
    public const int MostSteps = 5000;

    /// <summary>The largest element of the gradient at the end.</summary>
    private const float Flat = 1e-5f;

    /// <summary>Standardised features bend the loss by at most 1, so that any rate below 2·(1 + momentum) comes down to its least value.</summary>
    private const double LearningRate = 3, Momentum = 0.9;

    /// <summary>Starts from zeros; the same bits for any number of threads.</summary>
    /// <param name="step">Told the number of each step that is done.</param>
    /// <returns>How many steps there were, the loss over the training images before the last, and for each set which class each image is
    /// given.</returns>
    public static (int Steps, double TrainLoss, int[] Train, int[] Test) Train(
        FeatureSet train, FeatureSet test, Action<int> step, CancellationToken cancel)
    {
        var (mean, deviation) = Standard(train);
        var (trainInputs, testInputs) = (Inputs(train, mean, deviation), Inputs(test, mean, deviation));
        int[] labels = [.. train.Labels];
        var net = new Sequential(("linear", new Linear(2, ImageSet.Classes)));
        using var trainer = new Trainer(net, new Sgd(net.Parameters, LearningRate, Momentum));
        double loss, steepest;
        int steps = 0;
        do
        {
            cancel.ThrowIfCancellationRequested();
            loss = trainer.Step(trainInputs, labels);
            steepest = net.Parameters.Max(parameter => parameter.Gradient.ToArray().Max(Math.Abs));
            step(++steps);
        }
        while (steepest > Flat && steps < MostSteps);
        return (steps, loss, Classes(net.Forward(trainInputs)), Classes(net.Forward(testInputs)));
    }

    /// <summary>Mean and deviation of each feature over the training images; a deviation of 1 where all are the same.</summary>
    private static (ImageFeatures Mean, ImageFeatures Deviation) Standard(FeatureSet train)
    {
        var (intensity, symmetry) = (Scale(feature => feature.Intensity), Scale(feature => feature.Symmetry));
        return (new(intensity.Mean, symmetry.Mean), new(intensity.Deviation, symmetry.Deviation));

        (double Mean, double Deviation) Scale(Func<ImageFeatures, double> feature)
        {
            var mean = train.Features.Average(feature);
            var deviation = Math.Sqrt(train.Features.Average(one => (feature(one) - mean) * (feature(one) - mean)));
            return (mean, deviation > 1e-12 ? deviation : 1);
        }
    }

    private static Tensor Inputs(FeatureSet set, ImageFeatures mean, ImageFeatures deviation) => Tensor.From(
        [.. set.Features.SelectMany(one => new[]
        {
            (float)((one.Intensity - mean.Intensity) / deviation.Intensity),
            (float)((one.Symmetry - mean.Symmetry) / deviation.Symmetry),
        })],
        set.Count, 2);

    /// <summary>The class with the highest score, the first of equals.</summary>
    private static int[] Classes(Tensor scores) => [.. scores.ToArray().Chunk(ImageSet.Classes).Select(row => Array.IndexOf(row, row.Max()))];
}
