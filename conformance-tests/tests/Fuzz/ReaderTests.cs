using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using Conformance.Cli.Shared;
using Conformance.Cli.Train;
using Conformance.Engine.Checkpoints;
using Conformance.Engine.Data;
using Conformance.Engine.Networks;

namespace Conformance.Tests.Fuzz;

/// <summary>
/// Damaged files of every format that a user may give. A reader accepts a file, or refuses it with its one exception and a message that names the
/// file. It does so quickly, and allocates no more than the file holds. A run tries thousands of files; <c>CONFORMANCE_FUZZ=1000000</c> in the
/// environment sets another number.
/// </summary>
[Parallelizable(ParallelScope.Children)]
internal sealed class ReaderTests
{
    private const string Origin = "a file.bin";

    private static readonly int Inputs = int.TryParse(Environment.GetEnvironmentVariable("CONFORMANCE_FUZZ"), out var given) ? given : 5000;
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    /// <summary>What a reader may allocate whatever it reads: buffers of the framework, an exception's text.</summary>
    private const long Fixed = 4 << 20;

    /// <summary>What it may allocate for each byte of the file: JSON becomes objects, bytes become numbers.</summary>
    private const long Each = 256;

    private const int LongestMessage = 1000;

    [Test]
    public void IdxImages() =>
        Try([Images(2, 3, 4), Images(1, 28, 28)], bytes => Idx.ReadImages(new MemoryStream(bytes), Origin), error => error is InvalidDataException);

    [Test]
    public void IdxLabels() =>
        Try([[0, 0, 8, 1, 0, 0, 0, 3, 1, 2, 3]], bytes => Idx.ReadLabels(new MemoryStream(bytes), Origin), error => error is InvalidDataException);

    [Test]
    public void GzipOfIdx() => Try(
        [Gzip(Images(2, 3, 4)), Gzip(Images(3, 28, 28))],
        bytes => Idx.ReadImages(new MemoryStream(bytes), Origin),
        error => error is InvalidDataException);

    [Test]
    public void SafetensorsFiles() =>
        Try([Weights("lenet-batchnorm"), Weights("c2p")], bytes => Safetensors.Read(bytes, Origin), error => error is InvalidDataException);

    /// <summary>One step further: what is a right safetensors file is loaded into a network.</summary>
    [Test]
    public void StateDicts()
    {
        var net = NamedNetworks.Resolve("c2p").Build(1);
        Try([Weights("c2p")], bytes => StateDict.Load(net, Safetensors.Read(bytes, Origin).Tensors, Origin), error => error is InvalidDataException);
    }

    /// <summary>A model asks for weights of its own, up to a limit that the format states.</summary>
    [Test]
    public void Models() => Try(
        [Text(NamedNetworks.Resolve("c2p").ToJson()), Text(NamedNetworks.Resolve("batchnorm-004").ToJson())],
        bytes => NetworkReader.Parse(Encoding.UTF8.GetString(bytes), Origin),
        error => error is NetworkException,
        more: 3L * sizeof(float) * (1 << 27));

    [Test]
    public void Presets() => Try(
        [Text(Preset.Resolve("lenet-000").ToJson()), Text(Preset.Resolve("lenet-label-noise-robust").ToJson())],
        bytes => Preset.Parse(Encoding.UTF8.GetString(bytes), Origin), error => error is UserError);

    [Test]
    public void PngImages() => Try(
        [Png.Write(Images(1, 28, 28).AsSpan(16), 28, 28), Png.Write(new byte[12], 3, 4)],
        bytes => Png.Read(bytes, Origin),
        error => error is InvalidDataException);

    private static void Try(IReadOnlyList<byte[]> whole, Action<byte[]> read, Func<Exception, bool> mayThrow, long more = 0)
    {
        foreach (var bytes in whole)
            Assert.That(() => read(bytes), Throws.Nothing, "a whole file");
        var mutation = new Mutation(whole, seed: 1);
        var refused = 0;
        for (var i = 0; i < Inputs; i++)
        {
            var bytes = mutation.Next();
            var before = GC.GetAllocatedBytesForCurrentThread();
            var start = Stopwatch.GetTimestamp();
            try
            {
                read(bytes);
            }
            catch (Exception error) when (mayThrow(error))
            {
                refused++;
                if (!error.Message.StartsWith(Origin, StringComparison.Ordinal) || error.Message.Length > LongestMessage)
                    Assert.Fail(
                        $"input {i}: expected a message that begins with the file's name, "
                            + $"of at most {LongestMessage} characters, got '{error.Message}'");
            }
            catch (Exception error)
            {
                Assert.Fail($"input {i}, {Convert.ToBase64String(bytes)}: {error}");
            }
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            if (allocated > Fixed + more + (Each * bytes.Length))
                Assert.Fail($"input {i}, {Convert.ToBase64String(bytes)}: {allocated} bytes allocated for {bytes.Length}");
            if (Stopwatch.GetElapsedTime(start) > Soon)
                Assert.Fail($"input {i}, {Convert.ToBase64String(bytes)}: {Stopwatch.GetElapsedTime(start)}");
        }
        Assert.That(refused, Is.GreaterThan(Inputs / 4), "so few were damaged that nothing was tried");
        TestContext.Out.WriteLine($"{Inputs} inputs, {refused} refused");
    }

    private static byte[] Images(byte count, byte height, byte width) =>
        [0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, height, 0, 0, 0, width, .. Enumerable.Range(0, count * height * width).Select(i => (byte)(i * 7))];

    private static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
            gzip.Write(bytes);
        return packed.ToArray();
    }

    private static byte[] Weights(string model) =>
        new Safetensors(StateDict.FromModule(NamedNetworks.Resolve(model).Build(1)), new Dictionary<string, string> { ["format"] = "pt" }).ToBytes();

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);
}
