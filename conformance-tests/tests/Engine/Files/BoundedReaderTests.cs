using Conformance.Engine.Files;

namespace Conformance.Tests.Engine.Files;

/// <summary>A stream is read to its end, or to a limit.</summary>
internal sealed class BoundedReaderTests
{
    [Test]
    public void WhatIsWithinTheLimitIsReadWhole() => Bulk.Check(
        from length in new[] { 0, 1, 511, 512, 513, 65_535, 65_536, 65_537, 300_000 }
        from head in new[] { 0, 1, 512 }
        from canSeek in new[] { true, false }
        where head <= length
        select (length, head, canSeek),
        one => $"{one}",
        one =>
        {
            var content = new byte[one.length];
            new Random(one.length).NextBytes(content);
            using var stream = new Source(content, one.canSeek);
            var head = new byte[one.head];
            stream.ReadExactly(head);
            return BoundedReader.ReadToEnd(stream, Math.Max(1, one.length), "it", head).AsSpan().SequenceEqual(content) ? null : "other bytes";
        });

    [Test]
    public void OneByteMoreIsRefused() => Bulk.Check(
        from length in new[] { 2, 512, 65_537, 300_000 }
        from canSeek in new[] { true, false }
        select (length, canSeek),
        one => $"{one}",
        one =>
        {
            using var stream = new Source(new byte[one.length], one.canSeek);
            var error = Assert.Throws<InvalidDataException>(() => BoundedReader.ReadToEnd(stream, one.length - 1, "it"))!;
            return error.Message.StartsWith($"it: expected at most {one.length - 1} bytes, got ", StringComparison.Ordinal) ? null : error.Message;
        });

    /// <summary>A file that grows while it is read: its length was true when it was asked.</summary>
    [Test]
    public void AFileThatGrowsEnds()
    {
        using var stream = new Growing();
        Assert.That(() => BoundedReader.ReadToEnd(stream, 1 << 20, "it"), Throws.TypeOf<InvalidDataException>().With.Message.EndsWith("got more"));
    }

    /// <param name="content">Comes in small pieces, as from a pipe.</param>
    private sealed class Source(byte[] content, bool canSeek) : MemoryStream(content)
    {
        public override bool CanSeek => canSeek;

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(1000, buffer.Length)]);
    }

    private sealed class Growing : MemoryStream
    {
        public override bool CanSeek => true;

        public override long Length => 1000;

        public override long Position { get; set; }

        public override int Read(Span<byte> buffer) => buffer.Length;

        public override int ReadByte() => 0;
    }
}
