using Conformance.Cli.Shared.DataSets;
using Conformance.Engine.Data;

namespace Conformance.Tests.Cli.Data;

/// <summary>What is odd about whole files is said; a set that can be learned is not.</summary>
internal sealed class DataWarningsTests
{
    private const int Size = 8;

    private static readonly (ImageSet Train, ImageSet Test) _good = (Learnable(1000, seed: 1), Learnable(200, seed: 2));

    [Test]
    public void AGoodSetHasNoWarning() => Assert.That(Find(_good.Train, _good.Test, kept: 100), Is.Empty);

    [Test]
    public void EachOddityIsSaid() => Bulk.Check(
        new (string Name, ImageSet Train, ImageSet Test, int Kept, string[] Warnings)[]
        {
            ("bytes of 0 and 1", Mapped(_good.Train, pixel => pixel / 128), Mapped(_good.Test, pixel => pixel / 128), 0,
                ["train: no pixel is above 1, and white is 255", "test: no pixel is above 1"]),
            ("bytes of 0 to 15", Mapped(_good.Train, pixel => pixel / 16), _good.Test, 0, ["train: no pixel is above 15"]),
            ("blank", Mapped(_good.Train, _ => 7), _good.Test, 0, ["train: each image is blank", "train: the labels say no more"]),
            ("one label", _good.Train.WithLabels(new byte[1000]), _good.Test, 0, ["train: all 1000 labels are 0: there is nothing to tell apart"]),
            ("labels from 1 on", Relabelled(_good.Train, label => Math.Max(1, (int)label)), _good.Test, 0, ["train: no image has the label 0"]),
            ("labels in another order", Shuffled(_good.Train), _good.Test, 0, ["train: the labels say no more of the images than chance"]),
            ("test labels in another order", _good.Train, Shuffled(_good.Test), 0, ["test: the labels do not fit those of the training images"]),
            ("other classes in the test", _good.Train, Relabelled(_good.Test, label => (label + 3) % 10), 0, ["test: the labels do not fit"]),
            ("in the order of labels", Sorted(_good.Train), _good.Test, 100,
                ["train: the images are in the order of their labels, and the last 100 are not trained on"]),
            ("in the order of labels, all used", Sorted(_good.Train), _good.Test, 0, []),
            ("the same images", _good.Train, _good.Train, 0, ["test: the test images are the training images"]),
        },
        one => one.Name,
        one =>
        {
            var said = Find(one.Train, one.Test, one.Kept).ToList();
            bool isRight = said.Count == one.Warnings.Length
                && said.Zip(one.Warnings).All(pair => pair.First.StartsWith(pair.Second, StringComparison.Ordinal));
            return isRight ? null : $"got {said.Count}: {string.Join(" | ", said)}";
        });

    /// <summary>Ten images are too few to tell a weak set from a wrong one.</summary>
    [Test]
    public void FewImagesAreNotCalledChance() => Assert.That(Find(Shuffled(_good.Train.Take(300)), _good.Test, kept: 0), Is.Empty);

    private static IEnumerable<string> Find(ImageSet train, ImageSet test, int kept) => DataWarnings.Find(train, "train", test, "test", kept);

    /// <summary>Noise, with a bright line whose place tells the class.</summary>
    private static ImageSet Learnable(int count, int seed)
    {
        var random = new Random(seed);
        var (pixels, labels) = (new byte[count * Size * Size], new byte[count]);
        random.NextBytes(pixels);
        random.NextBytes(labels);
        for (int i = 0; i < count; i++)
        {
            labels[i] %= 10;
            pixels.AsSpan(i * Size * Size + labels[i] * 6, 6).Fill(255);
        }
        return new(pixels, labels, Size, Size);
    }

    private static ImageSet Mapped(ImageSet set, Func<byte, int> map)
    {
        var pixels = Enumerable.Range(0, set.Count).SelectMany(i => set.Image(i).ToArray());
        return new([.. pixels.Select(pixel => (byte)map(pixel))], set.Labels.ToArray(), Size, Size);
    }

    private static ImageSet Relabelled(ImageSet set, Func<byte, int> map) =>
        set.WithLabels([.. set.Labels.ToArray().Select(label => (byte)map(label))]);

    private static ImageSet Shuffled(ImageSet set)
    {
        var labels = set.Labels.ToArray();
        new Random(3).Shuffle(labels);
        return set.WithLabels(labels);
    }

    private static ImageSet Sorted(ImageSet set)
    {
        var order = Enumerable.Range(0, set.Count).OrderBy(i => set.Labels[i]).ToArray();
        return new([.. order.SelectMany(i => set.Image(i).ToArray())], [.. order.Select(i => set.Labels[i])], Size, Size);
    }
}
