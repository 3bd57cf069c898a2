using System.Buffers.Binary;
using System.Security.Cryptography;
using Conformance.Oracle;

namespace Conformance.Suite.Judging;

/// <summary>
/// What a recipe keeps of an expected tensor: SHA-256 over its elements, row-major, as little-endian float32; −0 as 0, and one NaN for all.
/// </summary>
public sealed record TensorHash(string Shape, string Sha256)
{
    private const uint NaN = 0x7FC00000;

    /// <returns>Null where float32 does not hold an element: no recipe can keep it.</returns>
    public static TensorHash? FromTensor(Tensor64 tensor)
    {
        var bytes = new byte[4 * tensor.Length];
        for (var i = 0; i < tensor.Length; i++)
        {
            var value = (float)tensor[i];
            if (!((double)value).Equals(tensor[i]) && value != tensor[i])
                return null;
            BinaryPrimitives.WriteUInt32LittleEndian(
                bytes.AsSpan(4 * i), value switch { 0 => 0, float.NaN => NaN, _ => BitConverter.SingleToUInt32Bits(value) });
        }
        return new(tensor.ToString(), Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }
}
