using System.Globalization;
using Conformance.Engine.Data;

namespace Conformance.Cli.Predict;

/// <summary>What is odd about pictures that a network of MNIST's kind is given. It answers all the same, and its answer would mean little.</summary>
internal static class PictureNotes
{
    /// <summary>Greys between the darkest and the lightest pixel, below which there is nothing to see.</summary>
    private const int LeastContrast = 32;

    /// <param name="inverted">Whether they were dark on light before.</param>
    /// <param name="places">Whether the size and place of the figure are looked at: of a picture, not of a set that someone has prepared.</param>
    /// <returns>A line for each thing; where there are many images, for how many of them it holds.</returns>
    public static IEnumerable<string> Find(ImageSet images, bool inverted, bool places)
    {
        var kinds = new Dictionary<string, (int Count, int First, string Detail, string Advice)>(); // a set may have very many images
        for (int i = 0; i < images.Count; i++)
            foreach (var (kind, detail, advice) in Find(images.Image(i), images.Height, images.Width, inverted, places))
                kinds[kind] = kinds.TryGetValue(kind, out var found) ? found with { Count = found.Count + 1 } : (1, i, detail, advice);
        foreach (var (kind, found) in kinds)
            yield return images.Count == 1
                ? $"{found.Detail}{found.Advice}"
                : $"{found.Count} of {images.Count} images: {kind} (the first is [{found.First}]){found.Advice}";
    }

    private static List<(string Kind, string Detail, string Advice)> Find(
        ReadOnlySpan<byte> grey, int height, int width, bool inverted, bool places)
    {
        var notes = new List<(string Kind, string Detail, string Advice)>();
        byte least = 255, most = 0;
        foreach (byte pixel in grey)
            (least, most) = (Math.Min(least, pixel), Math.Max(most, pixel));
        if (least == most)
            notes.Add(("blank", $"the picture is blank: every pixel is {least}", "; the answer means nothing"));
        else if (most - least < LeastContrast)
            notes.Add(("almost blank", $"the picture is almost blank: its greys are from {least} to {most} of 255", "; the answer means little"));
        else if (Ink.BorderMedian(grey, height, width) > 127)
            notes.Add(("a bright border", "the border of the picture is bright", inverted
                ? "; it was dark before --invert, which is for pictures that are dark on light"
                : "; the networks were trained on light on dark, and --invert turns it"));
        else if (places && Ink.Find(grey, height, width) is { } ink)
            notes.AddRange(PlacesOf(ink, height, width));
        return notes;
    }

    /// <summary>Beyond what MNIST's own images have.</summary>
    private static IEnumerable<(string Kind, string Detail, string Advice)> PlacesOf(Ink ink, int height, int width)
    {
        const string advice = "; --center scales and centres it as MNIST did";
        int box = DigitFrame.BoxOf(height, width), side = Math.Max(ink.Height, ink.Width);
        if (side < 0.7 * box || side > 1.2 * box)
            yield return ("another size", $"the figure is {ink.Height}×{ink.Width}, and in MNIST the longer side is {box}", advice);
        double down = ink.Row - DigitFrame.MiddleOf(height), right = ink.Column - DigitFrame.MiddleOf(width);
        if (Math.Max(Math.Abs(down), Math.Abs(right)) > 0.1 * Math.Min(height, width))
        {
            string[] ways = [.. Way(down, "up", "down"), .. Way(right, "to the left", "to the right")];
            yield return ("off centre", $"the figure lies off centre, in pixels: {string.Join(" and ", ways)}", advice);
        }

        static string[] Way(double pixels, string less, string more) => Math.Round(Math.Abs(pixels)) is > 0 and var count
            ? [string.Create(CultureInfo.InvariantCulture, $"{count} {(pixels < 0 ? less : more)}")]
            : [];
    }
}
