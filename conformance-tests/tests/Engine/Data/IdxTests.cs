using System.IO.Compression;
using Conformance.Engine.Data;

namespace Conformance.Tests.Engine.Data;

/// <summary>Whole files are read, raw or gzip; anything else ends in a message that names the file, what was expected and what came.</summary>
public sealed class IdxTests
{
    private static readonly byte[] _images = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 255];
    private static readonly byte[] _labels = [0, 0, 8, 1, 0, 0, 0, 2, 9, 0];

    private string _directory = null!;

    [SetUp]
    public void MakeDirectory() => _directory = Directory.CreateTempSubdirectory("idx").FullName;

    [TearDown]
    public void RemoveDirectory() => Directory.Delete(_directory, recursive: true);

    [Test]
    public void ReadsRawAndGzipFilesAlike([Values] bool gzip)
    {
        var set = ImageSet.Load(Write("images", gzip ? Gzip(_images) : _images), Write("labels", gzip ? Gzip(_labels) : _labels));

        Assert.That((set.Count, set.Height, set.Width), Is.EqualTo((2, 2, 3)));
        Assert.That(set.Image(1).ToArray(), Is.EqualTo(new byte[] { 7, 8, 9, 10, 11, 255 }));
        Assert.That(set.Labels.ToArray(), Is.EqualTo(new byte[] { 9, 0 }));
    }

    [Test]
    public void ALongGzipIsRead()
    {
        byte[] labels = new byte[8 + 3_000_000];
        new byte[] { 0, 0, 8, 1, 0, 45, 198, 192 }.CopyTo(labels, 0); // 3,000,000
        labels[^1] = 7;

        byte[] read = Idx.ReadLabels(Write("labels", Gzip(labels)));

        Assert.That((read.Length, read[^1]), Is.EqualTo((3_000_000, (byte)7)));
    }

    [Test]
    public void RefusesAMissingFile() =>
        Assert.That(() => Idx.ReadImages(Path.Combine(_directory, "none")), Throws.TypeOf<FileNotFoundException>().With.Message.Contains("none"));

    [Test]
    public void RefusesADirectoryInAFilesPlace() => RefusesImages(_directory, "got a directory");

    [Test]
    public void RefusesAnEmptyFile() => RefusesImages(Write("images", []), "empty file");

    [Test]
    public void RefusesAWrongMagicNumber()
    {
        RefusesImages(Write("images", _labels), "with the magic number 0x00000803", "got IDX of unsigned bytes [2]: those are labels");
        RefusesImages(Write("images", Gzip(_labels)), "0x00000803", "got a gzip of IDX of unsigned bytes [2]: those are labels");
        RefusesImages(Write("images", "<html>not found</html>"u8.ToArray()), "got an HTML page");
        RefusesImages(Write("images", Gzip("<html>not found</html>"u8.ToArray())), "got a gzip of an HTML page");
        RefusesImages(Write("images", Gzip(Gzip(_images))), "got a gzip of a gzip: unpack it first");
        RefusesImages(Write("images", [1, 2, 3, 4, 5]), "got a file of an unknown kind that begins with 0102030405");
        Refuses(
            () => Idx.ReadLabels(Write("labels", [0, 0, 12, 2, 0, 0, 234, 96, 0, 0, 0, 8, 0, 0, 0, 5])),
            "got IDX of 32-bit whole numbers [60000, 8]: QMNIST's labels are such; take the first column");
    }

    /// <summary>A small file that unpacks to much is refused by what it says of itself, before it is unpacked.</summary>
    [Test]
    public void AGzipThatUnpacksToMuchCostsNothing()
    {
        byte[] million = new byte[1_000_016];
        new byte[] { 0, 0, 8, 3, 0, 15, 66, 64, 0, 0, 0, 1, 0, 0, 0, 1 }.CopyTo(million, 0);
        Assert.That(Idx.ReadImages(Write("images", Gzip(million))).Count, Is.EqualTo(1_000_000), "as long as it is true");
        Cheap([0, 0, 8, 3, 0x3b, 0x9a, 0xca, 0, 0, 0, 0, 1, 0, 0, 0, 2], "expected at most 1073741824 elements");
        Cheap([0, 0, 8, 3, 0x3b, 0x9a, 0xca, 0, 0, 0, 0, 1, 0, 0, 0, 1], "ends with the length 1000016 and not 1000000016");

        void Cheap(byte[] header, string message)
        {
            header.CopyTo(million, 0);
            string path = Write("images", Gzip(million));
            long before = GC.GetAllocatedBytesForCurrentThread();
            RefusesImages(path, message);
            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1 << 20));
        }
    }

    /// <summary>The last four bytes of a gzip can lie as well; what deflate can do at most, a file can't.</summary>
    [Test]
    public void AGzipThatLiesOfItsLengthIsRefused()
    {
        byte[] huge = [.. _images];
        new byte[] { 0x3b, 0x9a, 0xca, 0, 0, 0, 0, 1, 0, 0, 0, 1 }.CopyTo(huge, 4); // 1,000,000,000 × 1 × 1
        byte[] packed = Gzip(huge);
        BitConverter.GetBytes(1_000_000_016).CopyTo(packed, packed.Length - 4);
        RefusesImages(Write("images", packed), $"got a gzip of {packed.Length} bytes, which can't hold so much");
    }

    [Test]
    public void AStreamThatCannotSeekIsRead([Values] bool gzip)
    {
        using var pipe = new Pipe(gzip ? Gzip(_images) : _images);
        Assert.That(Idx.ReadImages(pipe, "a pipe").Pixels, Is.EqualTo(_images[16..]));
    }

    /// <summary>What is no IDX file is known by its first bytes, even where it has no end.</summary>
    [Test]
    [Platform("Linux")]
    public void ADeviceWithoutEndIsRefused() => RefusesImages("/dev/zero", "got a file of an unknown kind that begins with 0000000000000000");

    [Test]
    public void RefusesACutHeader()
    {
        RefusesImages(Write("images", _images[..3]), "header of 16 bytes, got 3");
        RefusesImages(Write("images", _images[..15]), "header of 16 bytes, got 15");
    }

    [Test]
    public void RefusesDimensionsThatDoNotMatchTheLength([Values] bool gzip)
    {
        byte[] shorter = _images[..^1], longer = [.. _images, 0];

        const string expected = "expected 2×2×3 = 12 bytes";
        RefusesImages(Write("images", gzip ? Gzip(shorter) : shorter), expected, gzip ? "ends with the length 27 and not 28" : "got 11");
        RefusesImages(Write("images", gzip ? Gzip(longer) : longer), expected, gzip ? "ends with the length 29 and not 28" : "got 13");
    }

    [Test]
    public void RefusesDimensionsOfZero() =>
        RefusesImages(Write("images", [0, 0, 8, 3, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 3]), "axis 0, got 0");

    [Test]
    public void RefusesDimensionsThatOverflow([Values] bool gzip)
    {
        byte[] huge = [.. _images];
        for (int axis = 0; axis < 3; axis++)
            new byte[] { 0x7f, 0xff, 0xff, 0xff }.CopyTo(huge, 4 + 4 * axis);

        RefusesImages(Write("images", gzip ? Gzip(huge) : huge), "9903520300447984150353281023");
    }

    [Test]
    public void AllocatesNoMoreThanAFileHolds([Values] bool gzip)
    {
        byte[] promise = [.. _images]; // 1,000,000,000 × 1 × 1 pixels, of which 12 come
        new byte[] { 0x3b, 0x9a, 0xca, 0x00, 0, 0, 0, 1, 0, 0, 0, 1 }.CopyTo(promise, 4);
        string path = Write("images", gzip ? Gzip(promise) : promise);

        long before = GC.GetAllocatedBytesForCurrentThread();
        RefusesImages(path, gzip ? "ends with the length 28" : "got 12");

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(4 << 20));
    }

    [Test]
    public void RefusesAGzipStreamCutAtAnyByte()
    {
        byte[] whole = Gzip(_images);
        for (int length = 2; length < whole.Length; length++)
            RefusesImages(Write("images", whole[..length]));
    }

    [Test]
    public void RefusesAGzipStreamWithAChangedByteOfContentOrChecksum()
    {
        byte[] whole = Gzip(_images);
        for (int at = 10; at < whole.Length; at++) // the ten bytes before are the gzip header, with its time and system
        {
            byte[] changed = [.. whole];
            changed[at] ^= 0x10;
            RefusesImages(Write("images", changed));
        }
    }

    [Test]
    public void RefusesDifferentCounts() => Refuses(
        () => ImageSet.Load(Write("images", _images), Write("labels", [0, 0, 8, 1, 0, 0, 0, 3, 9, 0, 1])), "labels", "expected 2 labels", "got 3");

    [Test]
    public void RefusesALabelAbove9() => Refuses(
        () => ImageSet.Load(Write("images", _images), Write("labels", [0, 0, 8, 1, 0, 0, 0, 2, 9, 10])),
        "labels", "expected labels from 0 to 9", "got 10 at 1");

    [Test]
    public void RefusesToTakeMoreImagesThanThereAre()
    {
        var set = Fill.Images(20);

        Assert.That(set.Take(20).Count, Is.EqualTo(20));
        Assert.That(() => set.Take(21), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("from 1 to 20, got 21"));
        Assert.That(() => set.Take(0), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    private static void RefusesImages(string path, params string[] parts) => Refuses(() => Idx.ReadImages(path), [path, .. parts]);

    private static void Refuses(Action action, params string[] parts)
    {
        var exception = Assert.Throws<InvalidDataException>(() => action())!;
        foreach (string part in parts)
            Assert.That(exception.Message, Does.Contain(part));
    }

    private string Write(string name, byte[] content)
    {
        string path = Path.Combine(_directory, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    private sealed class Pipe(byte[] content) : MemoryStream(content)
    {
        public override bool CanSeek => false;
    }

    private static byte[] Gzip(byte[] content)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Optimal))
            gzip.Write(content);
        return target.ToArray();
    }
}
