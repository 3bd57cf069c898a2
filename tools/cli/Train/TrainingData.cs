using System.Security.Cryptography;
using Conformance.Cli.Shared;
using Conformance.Cli.Shared.DataSets;
using Conformance.Engine.Data;

namespace Conformance.Cli.Train;

/// <summary>What a training learns from, chooses by, and is measured on.</summary>
/// <param name="Validation">The last images of the training set, kept out of training; null where none are.</param>
internal sealed record TrainingData(ImageSet Train, ImageSet? Validation, ImageSet Test)
{
    /// <summary>What is odd about the files, in a line each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <param name="input">Shape of an image as the network takes it.</param>
    /// <exception cref="UserError">The sets are too small, or of another size than the network takes.</exception>
    public static TrainingData Load(DataPaths paths, int? trainLimit, int validation, IReadOnlyList<int> input)
    {
        var all = ImageSet.Load(paths.TrainImages, paths.TrainLabels);
        var test = ImageSet.Load(paths.TestImages, paths.TestLabels);
        foreach (var (set, path) in new[] { (all, paths.TrainImages), (test, paths.TestImages) })
            if (!input.SequenceEqual([1, set.Height, set.Width]))
                throw new UserError(
                    $"{path}: expected images as the network takes them, [{string.Join(", ", input)}], got [1, {set.Height}, {set.Width}]");
        int left = all.Count - validation;
        if (left < 1)
            throw new UserError($"validation: expected fewer than the {all.Count} training images, got {validation}");
        if (trainLimit > left)
            throw new UserError($"--train-limit: expected at most the {left} images that are there to train on, got {trainLimit}");
        int trained = trainLimit ?? left;
        return new(all.Take(trained), validation > 0 ? all.Range(left, validation) : null, test)
        {
            Warnings = [.. DataWarnings.Find(all, paths.TrainImages, test, paths.TestImages, all.Count - trained)],
        };
    }

    /// <summary>SHA-256 of the training images and labels, in lower-case hex: tells whether a training goes on with what it began with.</summary>
    public string Fingerprint() => FingerprintOf(Train);

    /// <summary>The same of what the training is measured on: the validation split, by which weights are chosen, and the test images.</summary>
    public string MeasuredFingerprint() => FingerprintOf(Validation is null ? [Test] : [Validation, Test]);

    /// <summary>
    /// Spoils the data: validation and test images here and once, training images each time they are seen
    /// (<see cref="Preset.TrainingAugmentation"/>).
    /// </summary>
    /// <exception cref="ArgumentException">A share is out of range.</exception>
    public TrainingData Spoil(CorruptionChoice? corruption, ulong seed)
    {
        if (corruption is null)
            return this;
        var jitter = new Augmenter(
            new() { PixelJitter = corruption.PixelJitter, AdditiveJitter = corruption.AdditiveJitter }, seed, Test.Height, Test.Width);
        return this with
        {
            Train = LabelCorruption.Apply(Train, corruption.Labels, seed).Data,
            Validation = Validation is null
                ? null
                : jitter.Apply(LabelCorruption.Apply(Validation, corruption.Labels, seed + 1).Data, epoch: -1), // no epoch of training has that number
            Test = jitter.Apply(Test, epoch: -2),
        };
    }

    private static string FingerprintOf(params ReadOnlySpan<ImageSet> sets)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var set in sets)
        {
            for (int i = 0; i < set.Count; i++)
                hash.AppendData(set.Image(i));
            hash.AppendData(set.Labels);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
