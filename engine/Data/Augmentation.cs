namespace Conformance.Engine.Data;

/// <summary>
/// Random changes of training images, drawn anew each time an image is used, against overfitting. Each option is off at 0, except
/// <see cref="ElasticSigma"/>.
/// </summary>
/// <remarks>
/// The geometric options form one map, so an image is sampled once. The order is shear, scale, rotation, shift, elastic displacement. The jitters
/// follow.
/// </remarks>
public sealed record Augmentation
{
    /// <summary>The largest rotation in degrees. The angle is uniform in ± this.</summary>
    public double Rotation { get; init; }

    /// <summary>The largest relative change of scale, below 1. The factor is uniform in 1 ± this.</summary>
    public double Scale { get; init; }

    /// <summary>The largest shear along x. The factor is uniform in ± this.</summary>
    public double Shear { get; init; }

    /// <summary>The largest shift in pixels along x and along y. Each shift is uniform in ± this and may be fractional.</summary>
    public double Shift { get; init; }

    /// <summary>
    /// The strength of the elastic displacement in pixels. A field uniform in ±1 is smoothed by a Gaussian and multiplied by this (Simard,
    /// Steinkraus and Platt 2003, section 2).
    /// </summary>
    public double ElasticAlpha { get; init; }

    /// <summary>The standard deviation of that Gaussian, in pixels.</summary>
    public double ElasticSigma { get; init; } = 4;

    /// <summary>The probability, per pixel, that the pixel is replaced by a value uniform in [0, 1].</summary>
    public double PixelJitter { get; init; }

    /// <summary>The standard deviation of normal noise added to each pixel. Pixels are in [0, 1], and the sum is clipped to that range.</summary>
    public double AdditiveJitter { get; init; }

    internal bool IsGeometric => Rotation != 0 || Scale != 0 || Shear != 0 || Shift != 0 || ElasticAlpha != 0;

    /// <exception cref="ArgumentException">An option is out of range.</exception>
    internal void Check()
    {
        Expect(Rotation is >= 0 and <= 180, nameof(Rotation), "an angle from 0 to 180 degrees", Rotation);
        Expect(Scale is >= 0 and < 1, nameof(Scale), "a share from 0 to below 1", Scale);
        Expect(Shear is >= 0 and <= 10, nameof(Shear), "a factor from 0 to 10", Shear);
        Expect(Shift is >= 0 and <= 1000, nameof(Shift), "pixels from 0 to 1000", Shift);
        Expect(ElasticAlpha is >= 0 and <= 1000, nameof(ElasticAlpha), "pixels from 0 to 1000", ElasticAlpha);
        Expect(ElasticSigma is > 0 and <= 100, nameof(ElasticSigma), "pixels above 0, at most 100", ElasticSigma);
        Expect(PixelJitter is >= 0 and <= 1, nameof(PixelJitter), "a share from 0 to 1", PixelJitter);
        Expect(AdditiveJitter is >= 0 and <= 10, nameof(AdditiveJitter), "a deviation from 0 to 10", AdditiveJitter);
    }

    private static void Expect(bool holds, string name, string expected, double actual)
    {
        if (!holds)
            throw new ArgumentException($"augmentation: expected {expected} for {name}, got {actual}");
    }
}
