using System.Buffers.Binary;
using System.Security.Cryptography;
using Conformance.Oracle;

namespace Conformance.Suite.Judging;

/// <summary>
/// The hash of an expected tensor in a recipe: SHA-256 over its elements, row-major, as little-endian float32; −0 counts as 0, and all NaNs are
/// equal.
/// </summary>
public sealed record TensorHash(string Shape, string Sha256)
{
    private const uint NaN = 0x7FC00000;

    /// <returns>The hash; null if an element is not a float32 number, so that no recipe can contain it.</returns>
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
