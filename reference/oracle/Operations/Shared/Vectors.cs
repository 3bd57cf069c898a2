namespace Conformance.Oracle.Operations;

/// <summary>Which positions of an axis lie in whole vectors or blocks, and which remain.</summary>
internal static class Vectors
{
    /// <summary>Whether a position lies in one of the whole vectors; where there is no whole one, everything is computed one by one.</summary>
    public static bool Hold(int position, int extent, int lanes = 8) => extent < lanes || position < extent / lanes * lanes;

    /// <summary>Whether a position is in two blocks, where the last one is moved back to end with the axis.</summary>
    public static bool Overlap(int position, int extent, int lanes) =>
        extent >= lanes && extent % lanes != 0 && position >= extent - lanes && position < extent / lanes * lanes;

    /// <summary>The tensor with zeros behind its last whole vector of eight, as a kernel without a loop for the rest leaves it.</summary>
    public static Tensor64 WithoutTail(Tensor64 tensor)
    {
        var flat = 0;
        return tensor.Select(value => Hold(flat++, tensor.Length) ? value : 0);
    }
}
