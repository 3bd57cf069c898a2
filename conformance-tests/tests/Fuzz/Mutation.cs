using System.Buffers.Binary;

namespace Conformance.Tests.Fuzz;

/// <summary>
/// Makes damaged files from whole ones. The same seed gives the same files. Bits and bytes change, lengths become extreme, and parts are cut,
/// doubled, moved, or taken from another file.
/// </summary>
internal sealed class Mutation(IReadOnlyList<byte[]> whole, int seed)
{
    private static readonly long[] Extremes = [
        0, 1, -1, 127, 128, 255, 256, short.MaxValue, ushort.MaxValue, int.MaxValue,
        int.MinValue, uint.MaxValue, 1L << 32, long.MaxValue, long.MinValue];

    private readonly Random _random = new(seed);

    public byte[] Next()
    {
        var bytes = (byte[])whole[_random.Next(whole.Count)].Clone();
        for (var changes = 1 + _random.Next(4); changes > 0; changes--)
            bytes = Changed(bytes);
        return bytes;
    }

    private byte[] Changed(byte[] bytes)
    {
        if (bytes.Length == 0)
            return [(byte)_random.Next(256)];
        // Half of the changes fall on the first bytes, where headers are.
        var at = _random.Next(_random.Next(2) == 0 ? Math.Min(64, bytes.Length) : bytes.Length);
        var length = Math.Min(bytes.Length - at, 1 + _random.Next(16));
        switch (_random.Next(8))
        {
            case 0:
                bytes[at] ^= (byte)(1 << _random.Next(8));
                return bytes;
            case 1:
                bytes[at] = (byte)_random.Next(256);
                return bytes;
            case 2:
                return Extreme(bytes, at);
            case 3:
                return bytes[..at];
            case 4:
                return [.. bytes[..at], .. bytes[(at + length)..]];
            case 5:
                return [.. bytes[..(at + length)], .. bytes[at..]];
            case 6: // digits of a text, such as a JSON header's numbers
                for (var i = 0; i < length; i++)
                    if (char.IsAsciiDigit((char)bytes[at + i]))
                        bytes[at + i] = (byte)('0' + _random.Next(10));
                return bytes;
            default:
                var other = whole[_random.Next(whole.Count)];
                var from = _random.Next(other.Length);
                return [.. bytes[..at], .. other[from..Math.Min(other.Length, from + 1 + _random.Next(64))], .. bytes[at..]];
        }
    }

    private byte[] Extreme(byte[] bytes, int at)
    {
        var value = new byte[8];
        var extreme = Extremes[_random.Next(Extremes.Length)];
        if (_random.Next(2) == 0)
            BinaryPrimitives.WriteInt64LittleEndian(value, extreme);
        else
            BinaryPrimitives.WriteInt64BigEndian(value, extreme);
        var size = 1 << _random.Next(4);
        var part = BitConverter.IsLittleEndian && value[7] == 0 ? value.AsSpan(0, size) : value.AsSpan(8 - size);
        part[..Math.Min(size, bytes.Length - at)].CopyTo(bytes.AsSpan(at));
        return bytes;
    }
}
