using System.Globalization;
using Conformance.Engine.Data;

namespace Conformance.Cli.Train;

/// <summary>What is done to training images, in words.</summary>
internal static class AugmentationText
{
    /// <summary>Such as <c>turned by up to ±11.5°, shifted by up to ±2 pixels</c>.</summary>
    public static string Describe(Augmentation? augmentation)
    {
        if (augmentation is not { } a)
            return "as it is";
        var parts = new (bool Done, FormattableString Words)[]
        {
            (a.Rotation > 0, $"turned by up to ±{a.Rotation}°"),
            (a.Scale > 0, $"scaled by up to ±{100 * a.Scale:0.##} %"),
            (a.Shear > 0, $"sheared by up to ±{a.Shear}"),
            (a.Shift > 0, $"shifted by up to ±{a.Shift} pixels each way"),
            (a.ElasticAlpha > 0, $"displaced elastically (α {a.ElasticAlpha}, σ {a.ElasticSigma})"),
            (a.PixelJitter > 0, $"each pixel with a probability of {100 * a.PixelJitter:0.##} % replaced by any value"),
            (a.AdditiveJitter > 0, $"normal noise of deviation {a.AdditiveJitter} added to each pixel"),
        };
        var done = parts.Where(part => part.Done).Select(part => part.Words.ToString(CultureInfo.InvariantCulture)).ToArray();
        return done.Length == 0 ? "as it is" : string.Join(", ", done);
    }

    public static string OfLabels(double share) => share > 0
        ? string.Create(
            CultureInfo.InvariantCulture, $"each with a probability of {100 * share:0.##} % replaced by one of the nine others, once for all epochs")
        : "as they are";
}
