using System.IO.Compression;
using System.Text;
using Conformance.Cli.Predict;
using Conformance.Cli.Shared;
using Conformance.Engine.Data;
using Conformance.Tests.Cli.Data;
using Conformance.Tests.Cli.Shared;

namespace Conformance.Tests.Cli.Predict;

/// <summary>Pictures as people have them: those that are odd are read, and what is odd is said; what is none is named.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class PictureReaderTests : IDisposable
{
    private static readonly byte[] _digit = DrawnDigit.Seven(28, 20, 7, 6.5);
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Test]
    public void WhatIsOddIsSaid() => Bulk.Check(
        new (string Name, byte[] Grey, bool Invert, bool Center, string? Note)[]
        {
            ("a digit", _digit, false, false, null),
            ("dark on light", Negative(_digit), false, false,
                "the border of the picture is bright; the networks were trained on light on dark, and --invert turns it"),
            ("dark on light, inverted", Negative(_digit), true, false, null),
            ("light on dark, inverted", _digit, true, false, "the border of the picture is bright; it was dark before --invert"),
            ("black", new byte[784], false, false, "the picture is blank: every pixel is 0; the answer means nothing"),
            ("white", Filled(255), false, false, "the picture is blank: every pixel is 255"),
            ("white, inverted", Filled(255), true, false, "the picture is blank: every pixel is 0"),
            ("faint", Array.ConvertAll(_digit, pixel => (byte)(pixel / 16)), false, false,
                "the picture is almost blank: its greys are from 0 to 15 of 255"),
            ("up and left", DrawnDigit.Seven(28, 20, 0, 0), false, false, "the figure lies off centre, in pixels: "),
            ("small", DrawnDigit.Seven(28, 10, 9, 10), false, false, "the figure is 10×7, and in MNIST the longer side is 20; --center scales"),
            ("small, centred", DrawnDigit.Seven(28, 10, 9, 10), false, true, null),
            ("large", DrawnDigit.Seven(28, 27, 0.5, 4), false, false, "and in MNIST the longer side is 20"),
        },
        one => one.Name,
        one =>
        {
            var notes = Read(one.Name, Png.Write(one.Grey, 28, 28), one.Invert, one.Center).Notes;
            bool isRight = one.Note is null ? notes.Count == 0 : notes.Count(note => note.Contains(one.Note, StringComparison.Ordinal)) == 1;
            return isRight ? null : $"expected {one.Note ?? "nothing"}, got {string.Join(" | ", notes)}";
        });

    /// <summary>Transparent pixels show what the option means: black, or white where the pictures are dark on light.</summary>
    [Test]
    public void TransparencyIsLaidOnTheGroundThatTheOptionMeans()
    {
        var (black, white) = (Transparent(0), Transparent(255));
        Assert.That(Read("white", white).Images.Image(0).ToArray(), Is.EqualTo(_digit));
        Assert.That(Read("black", black, invert: true).Images.Image(0).ToArray(), Is.EqualTo(_digit));
        Assert.That(Read("black", black).Notes, Has.Count.EqualTo(2));
        Assert.That(Read("black", black).Notes[1], Does.Contain("give --invert"));
        Assert.That(Read("white", white, invert: true).Notes[1], Does.Contain("leave --invert out"));

        static byte[] Transparent(byte ink) => OfChunks(colour: 4, depth: 8, [.. _digit.SelectMany(pixel => new[] { ink, pixel })]);
    }

    [Test]
    public void SixteenBitsThatHoldBytesAreReadAsBytes()
    {
        var narrow = OfChunks(colour: 0, depth: 16, [.. _digit.SelectMany(pixel => new byte[] { 0, pixel })]);
        var (images, notes) = Read("narrow", narrow);
        Assert.That(images.Image(0).ToArray(), Is.EqualTo(_digit));
        Assert.That(notes, Is.EqualTo(new[] { "its samples have 16 bits, and none is above 255; they are read as bytes" }));
        var (wide, none) = Read("wide", OfChunks(colour: 0, depth: 16, [.. _digit.SelectMany(pixel => new[] { pixel, pixel })]));
        Assert.That(wide.Image(0).ToArray(), Is.EqualTo(_digit));
        Assert.That(none, Is.Empty);
    }

    /// <summary>A set has a line for each kind, not for each image; where its figures lie is its author's matter.</summary>
    [Test]
    public void ASetHasOneLineForEachKind()
    {
        byte[] pixels = [.. _digit, .. new byte[784], .. Negative(_digit), .. new byte[784], .. DrawnDigit.Seven(28, 8, 1, 1)];
        IdxFiles.Write(_directory.File("set"), [5, 28, 28], pixels);
        Assert.That(new PictureReader(None, invert: false, center: false).Read(_directory.File("set"), "set").Notes, Is.EqualTo(new[]
        {
            "2 of 5 images: blank (the first is [1]); the answer means nothing",
            "1 of 5 images: a bright border (the first is [2]); the networks were trained on light on dark, and --invert turns it",
        }));
    }

    /// <summary>A small file of very many images of another size: it is refused before anything is looked for in them.</summary>
    [Test]
    public void ManyTinyImagesCostLittle()
    {
        IdxFiles.Write(_directory.File("tiny"), [100_000, 1, 1], new byte[100_000]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        var (images, notes) = new PictureReader(None, invert: false, center: false).Read(_directory.File("tiny"), "tiny");
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(500_000));
        Assert.That(images.Count, Is.EqualTo(100_000));
        Assert.That(notes.Take(1), Is.EqualTo(new[] { "100000 of 100000 images: blank (the first is [0]); the answer means nothing" }));
    }

    [Test]
    public void WhatIsNoPictureIsNamed()
    {
        Refuses([0xff, 0xd8, 0xff, 0xe0], "got a JPEG picture: save it as PNG");
        Refuses([.. "BM"u8, 1, 2, 3, 0, 0, 0, 0, 0, 54, 0], "got a BMP picture");
        Refuses("<!doctype html>"u8.ToArray(), "got an HTML page");
        Refuses([], "got an empty file");
        Refuses([0, 0, 8, 1, 0, 0, 0, 1, 7], "got IDX of unsigned bytes [1]: those are labels");
        Refuses([.. PngChunks.Signature, .. PngChunks.Write("CgBI", [0, 0, 0, 0])], "one that Apple's tools changed for iPhones (CgBI)");
        Refuses(Encoding.ASCII.GetBytes("version https://git-lfs.github.com/spec/v1\n"), "got a Git LFS pointer");
    }

    /// <summary>A pipe without end is refused by what it begins with, or at the limit.</summary>
    [Test]
    public void AnEndlessInputIsRefused()
    {
        Refused(new Endless([]), "got a file of an unknown kind");
        Refused(new Endless([.. PngChunks.Signature]), "expected at most 67108864 bytes, got more");

        static void Refused(Stream stream, string message) => Assert.That(
            () => new PictureReader(() => stream, invert: false, center: false).Read("-", "standard input"),
            Throws.Exception.With.Message.StartsWith("standard input: ").And.Message.Contains(message));
    }

    private void Refuses(byte[] content, string message) => Assert.That(() => Read("file", content), Throws.Exception.With.Message.Contains(message));

    private (ImageSet Images, IReadOnlyList<string> Notes) Read(string name, byte[] content, bool invert = false, bool center = false)
    {
        File.WriteAllBytes(_directory.File(name), content);
        var (images, notes) = new PictureReader(None, invert, center).Read(_directory.File(name), name);
        return (images, [.. notes]);
    }

    private static Stream None() => Stream.Null;

    private static byte[] Negative(byte[] grey) => Array.ConvertAll(grey, pixel => (byte)(255 - pixel));

    private static byte[] Filled(byte grey) => [.. Enumerable.Repeat(grey, 784)];

    /// <summary>A picture of 28×28.</summary>
    private static byte[] OfChunks(byte colour, byte depth, byte[] samples)
    {
        int row = samples.Length / 28;
        using var packed = new MemoryStream();
        using (var rows = new ZLibStream(packed, CompressionLevel.Fastest))
            foreach (var line in samples.Chunk(row))
                rows.Write([0, .. line]);
        return
        [
            .. PngChunks.Signature, .. PngChunks.Write("IHDR", [0, 0, 0, 28, 0, 0, 0, 28, depth, colour, 0, 0, 0]),
            .. PngChunks.Write("IDAT", packed.ToArray()), .. PngChunks.Write("IEND", []),
        ];
    }

    /// <summary>Some bytes, then zeros for ever.</summary>
    private sealed class Endless(byte[] begin) : MemoryStream(begin)
    {
        public override bool CanSeek => false;

        public override int Read(Span<byte> buffer)
        {
            int got = base.Read(buffer);
            buffer[got..].Clear();
            return buffer.Length;
        }

        public override int ReadByte() => 0;
    }
}
