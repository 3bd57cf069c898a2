using Conformance.Cli.Shared.Statistics;
using Conformance.Engine.Data;

namespace Conformance.Cli.Data;

/// <summary>Mean and sample deviation of a feature; null of no image, and no deviation of one.</summary>
internal sealed record Spread(double? Mean, double? Deviation)
{
    public static Spread FromValues(double[] values) => new(values.Length == 0 ? null : values.Average(), Sample.StandardDeviation(values));
}

/// <param name="Train">Training images of the class.</param>
/// <param name="Intensity">Over those images, as the symmetry.</param>
/// <param name="Recall">The share of its test images that the linear softmax gives this class; null of none.</param>
internal sealed record ClassFeatures(int Label, string Name, int Train, int Test, Spread Intensity, Spread Symmetry, double? Recall);

/// <summary>What intensity and symmetry tell of the classes. Accuracies are 0–1.</summary>
/// <param name="Steps">Until the loss was flat.</param>
/// <param name="TestConfidence95">Low and high, by Wilson.</param>
/// <param name="MostFrequentAccuracy">Of always saying the class that most training images have: what knows nothing of an image.</param>
internal sealed record FeatureResults(
    int Steps,
    double TrainLoss,
    double TrainAccuracy,
    double TestAccuracy,
    double[] TestConfidence95,
    int TestImages,
    double MostFrequentAccuracy,
    IReadOnlyList<ClassFeatures> Classes)
{
    public static FeatureResults Compute(FeatureSet train, FeatureSet test, IReadOnlyList<string> names, Action<int> step, CancellationToken cancel)
    {
        var (steps, loss, trainClasses, testClasses) = FeatureClassifier.Train(train, test, step, cancel);
        int right = Right(test.Labels, testClasses);
        int frequent = train.Labels.CountBy(label => label).OrderBy(pair => pair.Key).MaxBy(pair => pair.Value).Key;
        var (low, high) = Wilson.Confidence95(right, test.Count);
        return new(
            steps, loss, (double)Right(train.Labels, trainClasses) / train.Count, (double)right / test.Count, [low, high], test.Count,
            (double)test.Labels.Count(label => label == frequent) / test.Count, [.. Enumerable.Range(0, ImageSet.Classes).Select(Class)]);

        ClassFeatures Class(int label)
        {
            var of = train.WithLabel(label);
            int images = test.Labels.Count(one => one == label), found = test.Labels.Zip(testClasses).Count(pair => pair == (label, label));
            return new(
                label, names[label], of.Length, images,
                Spread.FromValues([.. of.Select(one => one.Intensity)]), Spread.FromValues([.. of.Select(one => one.Symmetry)]),
                images == 0 ? null : (double)found / images);
        }
    }

    private static int Right(IReadOnlyList<int> labels, int[] classes) => labels.Zip(classes).Count(pair => pair.First == pair.Second);
}
