using Conformance.Engine.Data;
using Conformance.Engine.Tensors;

namespace Conformance.Tests.Engine.Data;

/// <summary>What augmentation does to an image, and what it depends on.</summary>
internal sealed class AugmentationTests
{
    private const int Side = 9;

    private static readonly Augmentation _all = new()
    {
        Rotation = 20,
        Scale = 0.2,
        Shear = 0.2,
        Shift = 2,
        ElasticAlpha = 8,
        ElasticSigma = 3,
        PixelJitter = 0.1,
        AdditiveJitter = 0.1
    };

    [Test]
    public void WithoutOptionsTheImageIsItselfToTheBit()
    {
        var image = Noise(1);
        Assert.That(Apply(new(), image, 0, 0), Is.EqualTo(image.Select(pixel => pixel / 255f)));
    }

    /// <summary>A quarter turn anticlockwise takes what is right of the centre to above it.</summary>
    [TestCase(Math.PI / 2, 0, 1, 0, 0, 4, 7, 1, 4)]
    [TestCase(-Math.PI / 2, 0, 1, 0, 0, 4, 7, 7, 4)]
    [TestCase(Math.PI, 0, 1, 0, 0, 2, 3, 6, 5)]
    [TestCase(0, 0, 1, 2, -1, 4, 4, 6, 3, Description = "shifted two down and one to the left")]
    [TestCase(0, 0, 2, 0, 0, 3, 5, 2, 6, Description = "twice as large")]
    [TestCase(0, 1, 1, 0, 0, 6, 4, 6, 6, Description = "sheared: below the centre to the right")]
    public void AMapTakesAPixelWhereItSays(double angle, double shear, double scale, double shiftY, double shiftX, int y, int x, int toY, int toX)
    {
        var map = AffineMap.FromMoves(angle, shear, scale, shiftY, shiftX);
        float outY = toY - 4 - map.ShiftY, outX = toX - 4 - map.ShiftX;
        Assert.That(map.Yy * outY + map.Yx * outX + 4, Is.EqualTo(y).Within(1e-5));
        Assert.That(map.Xy * outY + map.Xx * outX + 4, Is.EqualTo(x).Within(1e-5));
    }

    /// <summary>Each option alone, drawn five thousand times, against what its definition says of a spot off the centre.</summary>
    [TestCase("Shift", 2, 0, 2)]
    [TestCase("Rotation", 30, 0, 1.5)]
    [TestCase("Scale", 0.3, 0, 0.9)]
    public void ADrawMovesASpotAsFarAsItMay(string option, double value, double least, double most)
    {
        var options = option switch
        {
            "Shift" => new Augmentation { Shift = value },
            "Rotation" => new Augmentation { Rotation = value },
            _ => new Augmentation { Scale = value },
        };
        var image = new byte[Side * Side];
        image[4 * Side + 7] = 255; // three right of the centre
        double nearest = double.MaxValue, farthest = 0, sumY = 0, sumX = 0;
        int draws = 0;
        for (int sample = 0; sample < 5000; sample++)
        {
            float[] pixels = Apply(options, image, sample, 0);
            double mass = pixels.Sum();
            if (mass < 0.5)
                continue; // shifted out
            double y = pixels.Select((pixel, i) => pixel * (i / Side)).Sum() / mass - 4,
                x = pixels.Select((pixel, i) => pixel * (i % Side)).Sum() / mass - 7;
            (nearest, farthest) = (Math.Min(nearest, Math.Max(Math.Abs(y), Math.Abs(x))), Math.Max(farthest, Math.Max(Math.Abs(y), Math.Abs(x))));
            (sumY, sumX, draws) = (sumY + y, sumX + x, draws + 1);
        }
        Assert.That(nearest, Is.EqualTo(least).Within(0.05));
        Assert.That(farthest, Is.EqualTo(most).Within(0.15));
        Assert.That(sumY / draws, Is.EqualTo(0).Within(0.06), "as often up as down");
    }

    [Test]
    public void NothingButTheSeedTheEpochAndTheNumberOfTheImageMatters()
    {
        var image = Noise(2);
        var one = new Augmenter(_all, 5, Side, Side);
        var expected = Enumerable.Range(0, 20).Select(sample => Apply(_all, image, sample, 3, seed: 5)).ToList();
        var pixels = new float[Side * Side];
        foreach (int sample in Enumerable.Range(0, 20).Reverse())
        {
            one.Apply(image, sample, 3, pixels);
            Assert.That(pixels, Is.EqualTo(expected[sample]), $"image {sample}, in another order");
        }
        Assert.That(expected.Distinct(new Same()).Count(), Is.EqualTo(20), "each image differently");
        Assert.That(Apply(_all, image, 0, 4, seed: 5), Is.Not.EqualTo(expected[0]), "each epoch differently");
        Assert.That(Apply(_all, image, 0, 3, seed: 6), Is.Not.EqualTo(expected[0]), "each seed differently");
        Assert.That(expected.SelectMany(changed => changed), Is.All.InRange(0, 1));
    }

    /// <summary>The border begins at height + 1: 31.999998 + 1 is rounded up to 33 in float, and no array has a row after it.</summary>
    [TestCase(31)]
    [TestCase(32)]
    public void TheFarEdgeIsTheBordersZero(int side)
    {
        var augmenter = new Augmenter(new() { Shift = 1 }, 1, side, side);
        augmenter.Apply(Enumerable.Repeat((byte)255, side * side).ToArray(), 0, 0, new float[side * side]);
        float edge = MathF.BitDecrement(side) + 1;
        Assert.That(augmenter.Between(edge, edge), Is.EqualTo(0).Within(1e-5));
        Assert.That(augmenter.Between(side, side), Is.EqualTo(1));
    }

    [Test]
    public void PixelJitterReplacesItsShareWithUniformValues()
    {
        var changed = Enumerable.Range(0, 1000).SelectMany(sample => Apply(new() { PixelJitter = 0.2 }, new byte[Side * Side], sample, 0))
            .Where(pixel => pixel != 0).ToList();
        Assert.That(changed.Count / (1000.0 * Side * Side), Is.EqualTo(0.2).Within(0.005));
        Assert.That(changed.Average(), Is.EqualTo(0.5).Within(0.01));
        Assert.That(changed.Count(pixel => pixel < 0.1) / (double)changed.Count, Is.EqualTo(0.1).Within(0.01));
    }

    [Test]
    public void AdditiveJitterHasItsDeviation()
    {
        var grey = Enumerable.Repeat((byte)128, Side * Side).ToArray();
        var noise = Enumerable.Range(0, 1000).SelectMany(sample => Apply(new() { AdditiveJitter = 0.1 }, grey, sample, 0))
            .Select(pixel => pixel - 128 / 255.0).ToList();
        Assert.That(noise.Average(), Is.EqualTo(0).Within(0.002));
        Assert.That(Math.Sqrt(noise.Average(value => value * value)), Is.EqualTo(0.1).Within(0.002));
    }

    [Test]
    public void AnElasticFieldIsSmoothAndAsLargeAsAGaussianOfUniformsIs()
    {
        var field = new ElasticField(34, 4, 41, 41);
        var random = new SplitMix64(1);
        double squares = 0, steps = 0;
        for (int draw = 0; draw < 500; draw++)
        {
            field.Draw(ref random);
            float[] row = field.X[(20 * 41)..(21 * 41)];
            squares += row[20] * row[20];
            steps += Math.Pow(row[21] - row[20], 2);
        }
        Assert.That(
            Math.Sqrt(squares / 500),
            Is.EqualTo(34 / Math.Sqrt(3) / (2 * 4 * Math.Sqrt(Math.PI))).Within(0.12),
            "alpha · deviation of a uniform · 1/(2·sigma·√π)");
        Assert.That(Math.Sqrt(steps / squares), Is.EqualTo(1 / (Math.Sqrt(2) * 4)).Within(0.03), "the slope of smoothed noise");
    }

    [Test]
    public void ItAllocatesNothing() => Assert.That(Allocation.Least(Applying()), Is.Zero);

    [TestCase(0.0)]
    [TestCase(0.2)]
    [TestCase(1.0)]
    public void LabelsAreCorruptedByTheirShareAndEvenly(double share)
    {
        var labels = Enumerable.Range(0, 20_000).Select(i => (byte)(i % 10)).ToArray();
        var data = new ImageSet(new byte[labels.Length], labels, 1, 1);
        var (corrupted, changed) = LabelCorruption.Apply(data, share, 1);
        var counts = new int[10];
        for (int i = 0; i < labels.Length; i++)
        {
            Assert.That(corrupted.Labels[i] != labels[i], Is.EqualTo(changed[i]));
            if (changed[i])
                counts[(corrupted.Labels[i] - labels[i] + 10) % 10]++;
        }
        Assert.That(changed.Count(wrong => wrong) / (double)labels.Length, Is.EqualTo(share).Within(share is 0 or 1 ? 0 : 0.01));
        Assert.That(counts[1..], Is.All.EqualTo(share * labels.Length / 9).Within(share * 220), "each of the nine others");
        Assert.That(labels, Is.EqualTo(Enumerable.Range(0, 20_000).Select(i => (byte)(i % 10))), "the set that was given keeps its own");
    }

    [TestCase("Scale", 1.0)]
    [TestCase("PixelJitter", 1.1)]
    [TestCase("Rotation", double.NaN)]
    [TestCase("ElasticSigma", 0.0)]
    public void WhatIsOutOfRangeIsRefused(string option, double value)
    {
        var options = new Augmentation();
        typeof(Augmentation).GetProperty(option)!.SetValue(options, value);
        Assert.That(() => new Augmenter(options, 1, 2, 2), Throws.ArgumentException.With.Message.Contains(option));
    }

    private static Action Applying()
    {
        var augmenter = new Augmenter(_all, 1, Side, Side);
        var (image, pixels) = (Noise(1), new float[Side * Side]);
        return () => augmenter.Apply(image, 1, 1, pixels);
    }

    private static float[] Apply(Augmentation options, byte[] image, int sample, int epoch, ulong seed = 1)
    {
        var pixels = new float[Side * Side];
        new Augmenter(options, seed, Side, Side).Apply(image, sample, epoch, pixels);
        return pixels;
    }

    private static byte[] Noise(ulong seed)
    {
        var random = new SplitMix64(seed);
        return [.. Enumerable.Range(0, Side * Side).Select(_ => (byte)random.Below(256))];
    }

    private sealed class Same : IEqualityComparer<float[]>
    {
        public bool Equals(float[]? a, float[]? b) => a!.AsSpan().SequenceEqual(b);

        public int GetHashCode(float[] values) => values[0].GetHashCode();
    }
}
