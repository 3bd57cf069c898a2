using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using Conformance.Cli.Shared;
using Conformance.Tests.Examples;

namespace Conformance.Tests.Cli.Shared;

/// <summary>
/// The PNG reader against files that a few lines of Python wrote, and against damaged ones: what it can't read is one documented exception, and costs
/// no memory.
/// </summary>
internal sealed class PngTests
{
    private const string Origin = "the file";

    private static readonly Lazy<(string Name, byte[] File, byte[] Grey)[]> Written = new(() =>
    {
        var folder = Directory.CreateTempSubdirectory("conformance-png-").FullName;
        var script = Path.Combine(Repository.Root, "conformance-tests", "tests", "Cli", "Shared", "png_files.py");
        var (exit, _, error) = Programs.Run(Programs.Python(), [script, folder]);
        Assert.That(exit, Is.Zero, error);
        var files = Directory.GetFiles(folder, "*.png").Order(StringComparer.Ordinal)
            .Select(path => (
                Path.GetFileNameWithoutExtension(path), File.ReadAllBytes(path), File.ReadAllBytes(Path.ChangeExtension(path, ".grey"))))
            .ToArray();
        Directory.Delete(folder, recursive: true);
        return files;
    });

    private static byte[] Digit => Written.Value.Single(file => file.Name.StartsWith("0-8-digit", StringComparison.Ordinal)).File;

    [Test]
    public void EveryColourTypeDepthFilterAndInterlacingIsReadAsPythonMeansIt()
    {
        Assert.That(Written.Value, Has.Length.EqualTo(15 * (8 + 2) + 11 + 1));
        Assert.Multiple(() =>
        {
            foreach (var (name, file, grey) in Written.Value)
            {
                var read = Png.Read(file, name);
                Assert.That(name, Does.EndWith($"-h{read.Height}w{read.Width}"));
                Assert.That(read.Grey, Is.EqualTo(grey), name);
            }
        });
    }

    [TestCase(1, 1), TestCase(28, 28), TestCase(3, 500)]
    public void WhatIsWrittenIsReadAgain(int height, int width)
    {
        var grey = new byte[height * width];
        new Random(5).NextBytes(grey);
        var read = Png.Read(Png.Write(grey, height, width), Origin);
        Assert.That((read.Height, read.Width), Is.EqualTo((height, width)));
        Assert.That(read.Grey, Is.EqualTo(grey));
    }

    [Test]
    public void WhatIsNoPngIsSaid()
    {
        Refused([], "expected a PNG file, got an empty file");
        Refused("GIF89a, and more"u8.ToArray(), "expected a PNG file, got a GIF picture: save it as PNG");
        Refused(PngChunks.Signature.ToArray(), "expected another chunk, up to IEND, got 0 bytes: cut short");
        Refused(Chunks(("IDAT", [1])), "expected IHDR as the first chunk, got IDAT");
        Refused(Chunks(("IHDR", [1])), "expected 13 bytes in IHDR, got 1");
        Refused(Chunks(Header(), ("abcd", []), ("ABCD", []), ("IDAT", Packed(0, 7)), ("IEND", [])), "a damaged one (ABCD)");
        Refused(Chunks(Header(), ("IDAT", Packed(0, 7)), ("tRNS", [0, 1]), ("IEND", [])), "a damaged one (tRNS after IDAT)");
        Refused(Chunks(Header(), Header(), ("IDAT", Packed(0, 7)), ("IEND", [])), "a damaged one (multiple IHDR)");
        Refused(Chunks(Header(), ("IDAT", Packed(0, 7)), ("tEXt", []), ("IDAT", [1])), "expected all IDAT chunks in a row, got tEXt");
    }

    [Test]
    public void EveryCutOfAFileIsRefused()
    {
        for (int length = 0; length < Digit.Length; length++)
            Assert.Throws<InvalidDataException>(() => Png.Read(Digit.AsSpan(0, length), Origin), $"{length} of {Digit.Length} bytes");
    }

    [Test]
    public void EveryChangedByteIsRefused()
    {
        for (int at = 0; at < Digit.Length; at++)
        {
            var changed = Digit;
            changed[at] ^= 0x20; // of a letter, it is the case: another chunk, which the CRC knows
            Assert.Throws<InvalidDataException>(() => Png.Read(changed, Origin), $"byte {at}");
            changed[at] ^= 0x20;
        }
    }

    [Test]
    public void AHeaderThatIsNotReadIsSaid()
    {
        Refused(Image(Packed(0, 7), Header(interlace: 2)), "a damaged one (bad interlace method)");
        Refused(Image(Packed(0, 7), Header(depth: 3)), "expected a colour type and depth of PNG, got type 0 with 3 bits");
        Refused(Image(Packed(0, 7), Header(colour: 2, depth: 4)), "got type 2 with 4 bits");
        Refused(Image(Packed(0, 7), Header(colour: 5)), "got type 5 with 8 bits");
        Refused(Chunks(Header(width: 0)), "expected from 1 to 16777216 pixels, got 0×1");
        Refused(Chunks(Header(width: 0x80000000, height: 0x80000000)), "got 2147483648×2147483648");
        Refused(Chunks(Header(width: uint.MaxValue, height: uint.MaxValue)), "got 4294967295×4294967295");
        Refused(Chunks(Header(width: 4097, height: 4096)), "got 4097×4096");
    }

    [Test]
    public void AWrongPaletteIsSaid()
    {
        Refused(Chunks(Header(colour: 3), ("IDAT", Packed(0, 0)), ("IEND", [])), "a damaged one (no PLTE)");
        Refused(Chunks(Header(colour: 3), ("PLTE", [1, 2]), ("IDAT", Packed(0, 0)), ("IEND", [])), "a damaged one (invalid PLTE)");
        Refused(
            Chunks(Header(colour: 3), ("PLTE", [1, 2, 3]), ("tRNS", [1, 2]), ("IDAT", Packed(0, 0)), ("IEND", [])),
            "a damaged one (bad tRNS len)");
        Refused(Chunks(Header(colour: 4), ("tRNS", [1, 2]), ("IDAT", Packed(0, 7, 7)), ("IEND", [])), "a damaged one (tRNS with alpha)");
    }

    [Test]
    public void WrongImageDataIsSaid()
    {
        Refused(Image(Packed(0, 7)[..^4]), "with its checksum");
        Refused(Image([.. Packed(0, 7), 1]), "with its checksum");
        Refused(Image(Packed(0)), "expected 2 bytes of image data, got 1");
        Refused(Image(Packed(0, 7, 7)), "expected 2 bytes of image data, got more");
        Refused(Image(Packed(5, 7)), "a damaged one (invalid filter)");
        Refused(Image([1, 2, 3, 4, 5]), "expected image data as a whole zlib stream");
        Refused(Image([0x78, 0xbb, 0, 0, 0, 0, 0, 0]), "expected image data as a whole zlib stream"); // asks for a dictionary
        Refused(Image([]), "expected 2 bytes of image data, got 0");
        var wrongSum = Packed(0, 7);
        wrongSum[^1] ^= 1;
        Refused(Image(wrongSum), "expected image data");
    }

    /// <summary>A few bytes may not make the reader ask for much memory: neither by the size they claim, nor by what they unpack to.</summary>
    [Test]
    public void ASmallFileCostsLittle()
    {
        Cheap(Chunks(Header(width: 4096, height: 4096), ("IDAT", Packed(2)), ("IEND", [])), "bytes of image data, got 1");
        Cheap(Chunks(Header(width: 1 << 24, colour: 6, depth: 16), ("IDAT", Packed(2)), ("IEND", [])), "bytes of image data, got 1");
        Cheap(Image(Packed(new byte[50_000_000])), "got more");

        static void Cheap(byte[] file, string message)
        {
            Refused(file, message); // once before, so that what the framework sets up is not counted
            long before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Throws<InvalidDataException>(() => Png.Read(file, Origin));
            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(20_000 + 4 * file.Length));
        }
    }

    /// <summary>
    /// Bytes changed, cut, doubled, put in: read or refused, and nothing else. Half of them with right CRCs, so that what lies behind is reached.
    /// </summary>
    [Test]
    public void WhateverIsDamagedIsReadOrRefused([Range(0, 7)] int seed)
    {
        var random = new Random(seed);
        var (read, refused) = (0, 0);
        for (int i = 0; i < 1000; i++)
        {
            var original = Written.Value[random.Next(Written.Value.Length)].File;
            var damaged = Damaged(original, random);
            if (i % 2 == 0)
                Mend(damaged);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                var (height, width, grey) = Png.Read(damaged, Origin);
                Assert.That(grey, Has.Length.EqualTo(height * width));
                read++;
            }
            catch (InvalidDataException error)
            {
                Assert.That(error.Message, Does.StartWith($"{Origin}: expected ").And.Not.Contain("\n"), Convert.ToHexString(damaged));
                refused++;
            }
            // A bit is a byte of grey, and deflate makes 1,032 bytes of one.
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.That(allocated, Is.LessThan(100_000 + 9L * 1032 * damaged.Length), Convert.ToHexString(damaged));
        }
        Assert.That((read, refused), Is.Not.EqualTo((0, 1000)).And.Not.EqualTo((1000, 0)));
        Assert.That(read, Is.GreaterThan(30), "or only the first checks were tested");
    }

    private static byte[] Damaged(byte[] file, Random random)
    {
        var bytes = file.ToList();
        for (int times = random.Next(1, 4); times > 0; times--)
        {
            int at = random.Next(8, bytes.Count);
            switch (random.Next(5))
            {
                case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: bytes[at] = (byte)random.Next(256); break;
                case 2: bytes.RemoveRange(at, random.Next(1, Math.Min(9, bytes.Count - at + 1))); break;
                case 3: bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 20), bytes.Count - at))); break;
                default: bytes.Insert(at, (byte)random.Next(256)); break;
            }
            if (bytes.Count <= 8)
                break;
        }
        return [.. bytes];
    }

    /// <summary>Gives each chunk the CRC that it should have.</summary>
    private static void Mend(byte[] file)
    {
        for (int at = 8; at + 12 <= file.Length;)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at));
            if (length > file.Length - at - 12)
                return;
            BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(at + 8 + (int)length), Crc32.HashToUInt32(file.AsSpan(at + 4, 4 + (int)length)));
            at += 12 + (int)length;
        }
    }

    private static void Refused(byte[] file, string message) =>
        Assert.That(Assert.Throws<InvalidDataException>(() => Png.Read(file, Origin))!.Message, Does.StartWith($"{Origin}: ").And.Contain(message));

    /// <summary>A picture of one pixel with this image data.</summary>
    private static byte[] Image(byte[] data, (string, byte[])? header = null) => Chunks(header ?? Header(), ("IDAT", data), ("IEND", []));

    private static byte[] Chunks(params (string Type, byte[] Data)[] chunks) =>
        [.. PngChunks.Signature, .. chunks.SelectMany(chunk => PngChunks.Write(chunk.Type, chunk.Data))];

    private static (string, byte[]) Header(uint width = 1, uint height = 1, byte depth = 8, byte colour = 0, byte interlace = 0)
    {
        var data = new byte[13];
        BinaryPrimitives.WriteUInt32BigEndian(data, width);
        BinaryPrimitives.WriteUInt32BigEndian(data.AsSpan(4), height);
        (data[8], data[9], data[12]) = (depth, colour, interlace);
        return ("IHDR", data);
    }

    private static byte[] Packed(params byte[] rows)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal))
            zlib.Write(rows);
        return packed.ToArray();
    }
}
