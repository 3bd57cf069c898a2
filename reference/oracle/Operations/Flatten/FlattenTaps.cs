namespace Conformance.Oracle.Operations;

/// <summary>One element of a flatten: where it comes from, and where it goes within its image.</summary>
public readonly record struct FlattenTap(int N, int C, int H, int W, int Position);

/// <summary>An image batch [N, C, H, W], and which of its axes become one.</summary>
public readonly record struct FlattenGeometry(int N, int C, int H, int W, int Start, int End)
{
    /// <summary>The elements of one image.</summary>
    public int Image => C * H * W;

    /// <summary>Whether each image becomes one row, as before a linear layer.</summary>
    public bool WholeImages => (Start, End) == (1, 3);
}

/// <summary>Which axes become one, from start_dim and end_dim.</summary>
public sealed record FlattenTerms(Func<int, int, (int Start, int End)> Axes);
