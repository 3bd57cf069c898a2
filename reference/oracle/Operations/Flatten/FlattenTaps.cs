namespace Conformance.Oracle.Operations;

/// <summary>One element of a flatten: its source, and its position within the image.</summary>
public readonly record struct FlattenTap(int N, int C, int H, int W, int Position);

/// <summary>A batch of images [N, C, H, W], and the axes that are merged.</summary>
public readonly record struct FlattenGeometry(int N, int C, int H, int W, int Start, int End)
{
    /// <summary>The number of elements of one image.</summary>
    public int Image => C * H * W;

    /// <summary>Whether each image becomes one row, as before a linear layer.</summary>
    public bool WholeImages => (Start, End) == (1, 3);
}

/// <summary>The axes that are merged, from start_dim and end_dim.</summary>
public sealed record FlattenTerms(Func<int, int, (int Start, int End)> Axes);
