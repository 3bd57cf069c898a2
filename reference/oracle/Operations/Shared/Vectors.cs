namespace Conformance.Oracle.Operations;

/// <summary>Which positions of an axis are in full vectors or blocks, and which remain.</summary>
internal static class Vectors
{
    /// <summary>Whether a position is in a full vector. If there is no full vector, all positions are computed one by one, and all count.</summary>
    public static bool Hold(int position, int extent, int lanes = 8) => extent < lanes || position < extent / lanes * lanes;

    /// <summary>Whether a position is in two blocks, if the last block is moved back to end with the axis.</summary>
    public static bool Overlap(int position, int extent, int lanes) =>
        extent >= lanes && extent % lanes != 0 && position >= extent - lanes && position < extent / lanes * lanes;

    /// <summary>The tensor with zeros after its last full vector of eight, as from a kernel without a loop for the rest.</summary>
    public static Tensor64 WithoutTail(Tensor64 tensor)
    {
        var flat = 0;
        return tensor.Select(value => Hold(flat++, tensor.Length) ? value : 0);
    }
}
