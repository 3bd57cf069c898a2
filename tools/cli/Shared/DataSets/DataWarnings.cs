using System.Globalization;
using Conformance.Engine.Data;

namespace Conformance.Cli.Shared.DataSets;

/// <summary>
/// What is odd about files of images and labels that are whole. A network would train on them without a word, and learn nothing, or something else
/// than was meant.
/// </summary>
internal static class DataWarnings
{
    /// <summary>The largest grey of images that were scaled to 0 … 1, or to 0 … 15, before they became bytes.</summary>
    private const int DarkPeak = 15;

    /// <summary>Images that a figure of chance is taken from: with fewer, ten classes at random look like something.</summary>
    private const int Enough = 500;

    private const int Tested = 2000;

    /// <param name="train">Images and labels to train on.</param>
    /// <param name="test">Those to measure by.</param>
    /// <param name="kept">How many of the last training images are kept out of training; or are left unused.</param>
    /// <returns>A line for each thing; none for MNIST and its relatives.</returns>
    public static IEnumerable<string> Find(ImageSet train, string trainName, ImageSet test, string testName, int kept = 0)
    {
        foreach (string warning in Find(train, trainName).Concat(Find(test, testName)))
            yield return warning;
        if (kept > 0 && train.Count >= 2 * ImageSet.Classes && IsSorted(train.Labels))
            yield return $"{trainName}: the images are in the order of their labels, and the last {kept} are not trained on: "
                + "whole classes may be missing; shuffle images and labels together";
        if (AreSame(train, test))
            yield return $"{testName}: the test images are the training images: the accuracy will say nothing of other images";
        else if ((train.Height, train.Width) == (test.Height, test.Width))
            foreach (string warning in OrderWarnings(train, trainName, test, testName))
                yield return warning;
    }

    /// <summary>What is odd about one set of images and labels.</summary>
    public static IEnumerable<string> Find(ImageSet set, string name) =>
        PixelWarnings(set).Concat(LabelWarnings(set)).Select(warning => $"{name}: {warning}");

    private static IEnumerable<string> PixelWarnings(ImageSet set)
    {
        byte peak = 0;
        bool allBlank = true;
        for (int i = 0; i < set.Count; i++)
        {
            var image = set.Image(i);
            allBlank &= !image.ContainsAnyExcept(image[0]);
            foreach (byte pixel in image)
                peak = Math.Max(peak, pixel);
        }
        if (allBlank)
            yield return "each image is blank: all its pixels are equal";
        else if (peak <= DarkPeak)
            yield return $"no pixel is above {peak}, and white is 255: the images were scaled before they became bytes; "
                + $"multiply them by {255 / peak}";
    }

    private static IEnumerable<string> LabelWarnings(ImageSet set)
    {
        var counts = Counts(set);
        int[] present = [.. Enumerable.Range(0, ImageSet.Classes).Where(label => counts[label] > 0)];
        if (present.Length == 1 && set.Count > 1)
            yield return $"all {set.Count} labels are {present[0]}: there is nothing to tell apart";
        else if (present.Length < ImageSet.Classes && set.Count >= Enough)
            yield return $"no image has the label {string.Join(" or ", Enumerable.Range(0, ImageSet.Classes).Except(present))}";
    }

    /// <summary>
    /// Labels that do not belong to the images, found by the plainest classifier there is: the class whose mean image is nearest. It gets 82 % of
    /// MNIST and 68 % of Fashion-MNIST right; one in ten is chance.
    /// </summary>
    private static IEnumerable<string> OrderWarnings(ImageSet train, string trainName, ImageSet test, string testName)
    {
        if (train.Count < Enough || MostFrequent(train) >= 0.5)
            yield break;
        int step = Math.Max(5, train.Count / Tested); // one image in so many is held out: the last ones may all be of one class
        var means = Means(train, step);
        double own = Accuracy(means, train, step);
        if (IsChance(own, train, train.Count / step))
        {
            yield return $"{trainName}: the labels say no more of the images than chance "
                + $"({Text(own)} are right by the nearest mean image of a class): are they in another order than the images?";
            yield break;
        }
        double other = Accuracy(means, test, Math.Max(1, test.Count / Tested));
        if (test.Count >= Enough / 5 && own > 3.0 / ImageSet.Classes && other < own / 2)
            yield return $"{testName}: the labels do not fit those of the training images (by the nearest mean image of a class {Text(other)} are "
                + $"right, and {Text(own)} of training images): are they in another order, or of other classes?";
    }

    /// <summary>Within three deviations of always guessing the most frequent class, or below.</summary>
    private static bool IsChance(double accuracy, ImageSet set, int tested)
    {
        double guess = MostFrequent(set);
        return accuracy <= guess + 3 * Math.Sqrt(guess * (1 - guess) / tested);
    }

    /// <summary>The share of the class that has most images.</summary>
    private static double MostFrequent(ImageSet set) => (double)Counts(set).Max() / set.Count;

    private static bool AreSame(ImageSet train, ImageSet test) =>
        (train.Count, train.Height, train.Width) == (test.Count, test.Height, test.Width)
        && train.Labels.SequenceEqual(test.Labels) && Enumerable.Range(0, train.Count).All(i => train.Image(i).SequenceEqual(test.Image(i)));

    private static int[] Counts(ImageSet set)
    {
        var counts = new int[ImageSet.Classes];
        foreach (byte label in set.Labels)
            counts[label]++;
        return counts;
    }

    private static bool IsSorted(ReadOnlySpan<byte> labels)
    {
        for (int i = 1; i < labels.Length; i++)
            if (labels[i] < labels[i - 1])
                return false;
        return labels[0] < labels[^1];
    }

    /// <summary>The mean image of each class of all but one image in so many; null for a class without one.</summary>
    private static float[]?[] Means(ImageSet set, int without)
    {
        var sums = new float[ImageSet.Classes][];
        var images = new int[ImageSet.Classes];
        for (int i = 0; i < set.Count; i++)
        {
            if (i % without == 0)
                continue;
            byte label = set.Labels[i];
            var sum = sums[label] ??= new float[set.Height * set.Width];
            var image = set.Image(i);
            images[label]++;
            for (int pixel = 0; pixel < sum.Length; pixel++)
                sum[pixel] += image[pixel];
        }
        return [.. sums.Select((sum, label) => sum is null ? null : Array.ConvertAll(sum, value => value / images[label]))];
    }

    /// <summary>Over one image in so many, from the first.</summary>
    private static double Accuracy(float[]?[] means, ImageSet set, int every)
    {
        int right = 0, tested = 0;
        for (int i = 0; i < set.Count; i += every, tested++)
        {
            var (best, nearest) = (-1, double.PositiveInfinity);
            for (int label = 0; label < means.Length; label++)
                if (means[label] is { } mean && Distance(mean, set.Image(i)) is var distance && distance < nearest)
                    (best, nearest) = (label, distance);
            right += best == set.Labels[i] ? 1 : 0;
        }
        return (double)right / tested;
    }

    private static double Distance(float[] mean, ReadOnlySpan<byte> image)
    {
        float sum = 0;
        for (int i = 0; i < mean.Length; i++)
            sum += (mean[i] - image[i]) * (mean[i] - image[i]);
        return sum;
    }

    private static string Text(double share) => (100 * share).ToString("F0", CultureInfo.InvariantCulture) + " %";
}
