namespace Conformance.Oracle.Operations;

/// <summary>Moves the elements of an output [N, C, H, W] to other positions.</summary>
internal static class Planes
{
    /// <summary>Moves every element to the position where an engine writes it.</summary>
    /// <param name="to">The flat position, from the shape and the element's own coordinates.</param>
    public static Tensor64 Moved(Tensor64 y, Func<int[], int[], int> to)
    {
        var (shape, moved) = (y.Shape.ToArray(), new double[y.Length]);
        for (var flat = 0; flat < y.Length; flat++)
            moved[to(shape, y.IndexOf(flat))] = y[flat];
        return new(shape, moved);
    }

    /// <summary>The position if each plane is stored column by column.</summary>
    public static int ByColumns(int[] shape, int[] at) => (at[0] * shape[1] + at[1]) * shape[2] * shape[3] + at[3] * shape[2] + at[2];

    /// <summary>The position if the planes are stored as [C, N, …].</summary>
    public static int ChannelsFirst(int[] shape, int[] at) => ((at[1] * shape[0] + at[0]) * shape[2] + at[2]) * shape[3] + at[3];
}
