namespace Conformance.Engine.Data;

/// <summary>
/// How images are changed each time they are seen, so that a network can't learn them by heart. Every option but <see cref="ElasticSigma"/> is off at
/// 0.
/// </summary>
/// <remarks>
/// The geometric ones make one map together, and the image is sampled once: sheared, scaled, turned, shifted, and then displaced elastically. The
/// jitters come after it.
/// </remarks>
public sealed record Augmentation
{
    /// <summary>Degrees: turned by an angle uniform in ± this.</summary>
    public double Rotation { get; init; }

    /// <summary>A share below 1: scaled by a factor uniform in 1 ± this.</summary>
    public double Scale { get; init; }

    /// <summary>Sheared along x by a factor uniform in ± this.</summary>
    public double Shear { get; init; }

    /// <summary>Pixels: shifted along x and along y, by fractions too, uniform in ± this.</summary>
    public double Shift { get; init; }

    /// <summary>
    /// Pixels, before smoothing: each is displaced by a field uniform in ±1, smoothed by a Gaussian and times this (Simard, Steinkraus and Platt
    /// 2003, section 2).
    /// </summary>
    public double ElasticAlpha { get; init; }

    /// <summary>Pixels: the deviation of that Gaussian.</summary>
    public double ElasticSigma { get; init; } = 4;

    /// <summary>A share: each pixel is replaced, with this probability, by a value uniform in [0, 1].</summary>
    public double PixelJitter { get; init; }

    /// <summary>Deviation of normal noise that is added to each pixel, of [0, 1]; the sum is cut to that range.</summary>
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
