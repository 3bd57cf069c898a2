using System.Buffers.Binary;
using System.Numerics;
using Conformance.Cli.Training.TensorBoard;
using Google.Protobuf;

namespace Conformance.Cli.Train;

/// <summary>
/// Writes metrics as a TensorBoard event file, in the TFRecord format. A record is the length of the event (64 bits), the masked CRC-32C of the
/// length, the event, and the masked CRC-32C of the event, all little-endian (tensorflow/core/lib/io/record_writer.h).
/// </summary>
internal static class EventFile
{
    /// <summary>TensorBoard takes each file with <c>tfevents</c> in its name.</summary>
    public const string Name = "events.out.tfevents.conformance";

    /// <summary>The whole file: a version record, and one event per epoch. The step of an event is the optimiser's step.</summary>
    public static byte[] ToBytes(IEnumerable<EpochLine> lines)
    {
        using var file = new MemoryStream();
        var first = lines.FirstOrDefault();
        Write(file, new() { WallTime = first is null ? 0 : Seconds(first.Time), FileVersion = "brain.Event:2" });
        foreach (var line in lines)
        {
            var summary = new Summary();
            foreach (var (tag, value) in Scalars(line))
                summary.Value.Add(new Summary.Types.Value { Tag = tag, SimpleValue = (float)value });
            Write(file, new() { WallTime = Seconds(line.Time), Step = line.Steps, Summary = summary });
        }
        return file.ToArray();
    }

    private static IEnumerable<(string Tag, double Value)> Scalars(EpochLine line)
    {
        yield return ("accuracy/train", line.TrainAccuracy);
        yield return ("loss/train", line.TrainLoss);
        if (line.Validation is { } validation)
        {
            yield return ("accuracy/validation", validation.Accuracy);
            yield return ("loss/validation", validation.Loss);
        }
        yield return ("accuracy/test", line.Test.Accuracy);
        yield return ("loss/test", line.Test.Loss);
        yield return ("gradient_norm", line.GradientNorm);
        yield return ("learning_rate", line.LearningRate);
        yield return ("seconds", line.Seconds);
    }

    private static double Seconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds() / 1000.0;

    private static void Write(MemoryStream file, Event given)
    {
        var bytes = given.ToByteArray();
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, bytes.Length);
        file.Write(length);
        WriteChecksum(file, length);
        file.Write(bytes);
        WriteChecksum(file, bytes);
    }

    /// <summary>Masks a CRC, because a CRC of data that contains CRCs is weak: rotates right by 15 bits and adds a constant.</summary>
    private static void WriteChecksum(MemoryStream file, ReadOnlySpan<byte> bytes)
    {
        uint crc = ~0u;
        foreach (var one in bytes)
            crc = BitOperations.Crc32C(crc, one);
        Span<byte> masked = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(masked, BitOperations.RotateRight(~crc, 15) + 0xa282ead8);
        file.Write(masked);
    }
}
