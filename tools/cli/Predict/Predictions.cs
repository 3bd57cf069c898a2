using System.Globalization;
using Conformance.Cli.Shared;
using Conformance.Engine.Data;
using Conformance.Engine.Training;

namespace Conformance.Cli.Predict;

/// <summary>What a network says of one image.</summary>
/// <param name="Class">The first class with the largest logit.</param>
/// <param name="Probabilities">The softmax of the logits.</param>
/// <param name="Loss">−log of the label's probability, computed from the logits: it stays finite where the probability is rounded to 0.</param>
internal sealed record Prediction(int Index, int Label, int Class, IReadOnlyList<double> Probabilities, double Loss)
{
    public bool IsRight => Class == Label;

    public double Confidence => Probabilities[Class];
}

/// <summary>What a network says of labelled images, and how good that is. Shares are 0–1.</summary>
internal sealed class Predictions(ImageSet data, IReadOnlyList<Prediction> each)
{
    /// <summary>As Guo et al. 2017 have it ("On Calibration of Modern Neural Networks").</summary>
    public const int Bins = 15;

    public ImageSet Data { get; } = data;

    public IReadOnlyList<Prediction> Each { get; } = each;

    public int Correct { get; } = each.Count(prediction => prediction.IsRight);

    public double Accuracy => (double)Correct / Each.Count;

    /// <summary>Mean over the images, in nats.</summary>
    public double NegativeLogLikelihood { get; } = each.Average(prediction => prediction.Loss);

    /// <summary>By label, then by predicted class.</summary>
    public int[][] Confusion { get; } = CountPairs(each);

    /// <summary>The images by confidence in fifteen bins of equal width; those without images are left out.</summary>
    public IReadOnlyList<CalibrationBin> Calibration { get; } = [.. each
        .GroupBy(prediction => Math.Max(0, (int)Math.Ceiling(prediction.Confidence * Bins) - 1)).OrderBy(bin => bin.Key)
        .Select(bin => new CalibrationBin(
            bin.Key, bin.Count(), bin.Average(one => one.Confidence), (double)bin.Count(one => one.IsRight) / bin.Count()))];

    /// <summary>Expected calibration error: the mean over the images of |accuracy − confidence| of their bin.</summary>
    public double CalibrationError => Calibration.Sum(bin => bin.Images * Math.Abs(bin.Accuracy - bin.Confidence)) / Each.Count;

    public IReadOnlyList<ClassScores> Classes => [.. Enumerable.Range(0, ImageSet.Classes).Select(label => ClassScores.FromConfusion(Confusion, label))];

    /// <summary>The wrong ones, the surest first.</summary>
    public IEnumerable<Prediction> WorstMistakes => Each.Where(prediction => !prediction.IsRight).OrderByDescending(prediction => prediction.Loss);

    /// <param name="origin">Of the images, named in messages.</param>
    /// <param name="hint">Put behind the message that the images have another size.</param>
    /// <exception cref="UserError">The network takes other images, does not tell ten classes apart, or gives numbers that are not finite.</exception>
    public static Predictions Compute(WeightsFile weights, ImageSet data, string origin, string hint = "")
    {
        if (!weights.Model.Input.SequenceEqual([1, data.Height, data.Width]))
        {
            throw new UserError(weights.Model.Input is [1, var height, var width]
                ? $"{origin}: expected images as the network takes them, {height}×{width}, got {data.Height}×{data.Width}{hint}"
                : $"expected a network that takes grey images, but {weights.Model.Name} takes [{string.Join(", ", weights.Model.Input)}]");
        }
        var logits = Inference.Logits(weights.Network, data);
        var classes = logits.Shape[1];
        if (classes != ImageSet.Classes)
            throw new UserError($"expected a network of {ImageSet.Classes} classes, but {weights.Model.Name} has {classes}");
        var values = logits.ToArray();
        if (Array.FindIndex(values, value => !float.IsFinite(value)) is >= 0 and var at)
            throw new UserError($"{origin}: image {at / classes}: expected a finite number for each class, "
                + $"but {weights.Model.Name} gives {values[at].ToString(CultureInfo.InvariantCulture)} for class {at % classes}; "
                + "the weights are damaged");
        return new(
            data,
            [.. Enumerable.Range(0, data.Count).Select(image => Compute(image, data.Labels[image], values.AsSpan(image * classes, classes)))]);
    }

    private static int[][] CountPairs(IReadOnlyList<Prediction> each)
    {
        int[][] confusion = [.. Enumerable.Range(0, ImageSet.Classes).Select(_ => new int[ImageSet.Classes])];
        foreach (var prediction in each)
            confusion[prediction.Label][prediction.Class]++;
        return confusion;
    }

    private static Prediction Compute(int image, int label, ReadOnlySpan<float> logits)
    {
        var best = 0;
        for (var c = 1; c < logits.Length; c++)
            if (logits[c] > logits[best])
                best = c;
        var exponentials = new double[logits.Length];
        for (var c = 0; c < logits.Length; c++)
            exponentials[c] = Math.Exp((double)logits[c] - logits[best]);
        var sum = exponentials.Sum();
        return new(image, label, best, [.. exponentials.Select(value => value / sum)], logits[best] - (double)logits[label] + Math.Log(sum));
    }
}

/// <summary>Images of like confidence.</summary>
/// <param name="Number">From 0: confidences above Number / Bins, up to the next.</param>
/// <param name="Confidence">Their mean.</param>
internal sealed record CalibrationBin(int Number, int Images, double Confidence, double Accuracy);

/// <summary>One class against all others. Where a share is of nothing it is 0, as scikit-learn has it.</summary>
/// <param name="Precision">Of the images that were called this class, those that are.</param>
/// <param name="Recall">Of the images of this class, those that were called so.</param>
/// <param name="F1">Their harmonic mean.</param>
/// <param name="Support">Images of this class.</param>
internal sealed record ClassScores(double Precision, double Recall, double F1, int Support)
{
    public static ClassScores FromConfusion(int[][] confusion, int label)
    {
        int hits = confusion[label][label], called = confusion.Sum(row => row[label]), support = confusion[label].Sum();
        return new(Share(hits, called), Share(hits, support), Share(2 * hits, called + support), support);
    }

    private static double Share(int part, int whole) => whole == 0 ? 0 : (double)part / whole;
}
