using System.Text;
using Conformance.Suite.Fixtures;
using Conformance.Suite.Gating;
using Conformance.Suite.Protocol;
using Conformance.Suite.Reporting;

namespace Conformance.Tests.Suite.Fixtures;

/// <summary>What the suite reads has an end, even where the file has none.</summary>
[Parallelizable]
internal sealed class BoundedFileTests
{
    [Test]
    public void AFileThatIsTooLongIsRefused() => Assert.That(
        () => BoundedFile.ReadBytes("endless", 1 << 20, _ => new Endless()),
        Throws.InstanceOf<FixtureException>().With.Message.EqualTo("endless: file: expected at most 1 MiB, got more"));

    [Test, Platform("Linux"), Category("Long")]
    public void NoReaderOfTheSuiteReadsWithoutEnd() => Bulk.Check<Action>(
        [() => Results.Read("/dev/zero"), () => KnownFailures.Read("/dev/zero"), () => CaseFile.Read("/dev/zero"),
            () => Transcript.Read("/dev/zero")],
        read => read.Method.Name, read =>
        {
            try
            {
                read();
                return "it was read";
            }
            catch (FixtureException refused)
            {
                return refused.Message.Length < 200 ? null : $"a message of {refused.Message.Length} characters";
            }
        });

    [Test]
    public void TheRestOfALongLineIsSkipped()
    {
        var lines = new LineReader(new MemoryStream(Encoding.UTF8.GetBytes(new string('a', 200_000) + "\nnext\n")), 100);
        Assert.That(lines.Read()!.TooLong);
        lines.SkipRest();
        Assert.That(Encoding.UTF8.GetString(lines.Read()!.Bytes), Is.EqualTo("next"));
    }

    private sealed class Endless : MemoryStream
    {
        public override int Read(byte[] buffer, int offset, int count) => count;

        public override int Read(Span<byte> buffer) => buffer.Length;
    }
}
