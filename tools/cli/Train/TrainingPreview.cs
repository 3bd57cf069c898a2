using Conformance.Engine.Data;

namespace Conformance.Cli.Train;

/// <summary>A training image as its file has it, and as training sees it.</summary>
/// <param name="Index">Its number in the training set.</param>
/// <param name="Trained">The label that training is given; another than <paramref name="Label"/> where it was corrupted.</param>
/// <param name="Epochs">Its pixels in the first epoch, the second, and so on.</param>
internal sealed record PreviewedImage(int Index, int Label, int Trained, byte[] Pixels, IReadOnlyList<byte[]> Epochs);

/// <summary>
/// Some training images as <c>train</c> by the same preset and seed sees them: what becomes of an image depends on its number and the epoch alone.
/// </summary>
internal static class TrainingPreview
{
    /// <param name="data">As the files have it.</param>
    /// <param name="perClass">The first images of each class.</param>
    /// <param name="epochs">Of the first image of each class; one of the others.</param>
    /// <returns>Those of class 0, then of class 1, and so on.</returns>
    public static IReadOnlyList<PreviewedImage> Select(Preset preset, TrainingData data, ulong seed, int perClass, int epochs)
    {
        var images = data.Train;
        var labels = images.Labels.ToArray();
        var trained = LabelCorruption.Apply(images, preset.Corruption?.Labels ?? 0, seed).Data.Labels.ToArray();
        var augmenter = new Augmenter(preset.TrainingAugmentation ?? new(), seed, images.Height, images.Width);
        var pixels = new float[images.Height * images.Width];
        return [.. from label in Enumerable.Range(0, ImageSet.Classes)
                   from place in Enumerable.Range(0, labels.Length).Where(i => labels[i] == label).Take(perClass).Index()
                   select new PreviewedImage(
                       place.Item, label, trained[place.Item], images.Image(place.Item).ToArray(), Seen(place.Item, place.Index == 0 ? epochs : 1))];

        byte[][] Seen(int index, int count)
        {
            var seen = new byte[count][];
            for (int epoch = 0; epoch < count; epoch++)
            {
                augmenter.Apply(images.Image(index), index, epoch, pixels);
                seen[epoch] = [.. pixels.Select(pixel => (byte)MathF.Round(255 * Math.Clamp(pixel, 0f, 1f)))];
            }
            return seen;
        }
    }
}
