namespace Conformance.Cli.Data;

/// <summary>The checksum of PNG's chunks: the remainder by the polynomial 0xEDB88320, bits reflected.</summary>
internal static class Crc32
{
    private static readonly uint[] _ofByte = [.. Enumerable.Range(0, 256).Select(value =>
    {
        uint crc = (uint)value;
        for (int bit = 0; bit < 8; bit++)
            crc = (crc & 1) != 0 ? crc >> 1 ^ 0xEDB88320 : crc >> 1;
        return crc;
    })];

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
            crc = crc >> 8 ^ _ofByte[(byte)(crc ^ value)];
        return ~crc;
    }
}

/// <summary>The checksum at the end of a zlib stream: 1 + the sum of the bytes, and the sum of those sums, each modulo 65,521.</summary>
internal struct Adler32()
{
    private uint _sum = 1;
    private uint _sums;

    public readonly uint Value => _sums << 16 | _sum;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            _sum = (_sum + value) % 65_521;
            _sums = (_sums + _sum) % 65_521;
        }
    }
}
