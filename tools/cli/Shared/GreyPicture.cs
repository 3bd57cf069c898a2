namespace Conformance.Cli.Shared;

/// <summary>A picture as grey values.</summary>
/// <param name="Grey">Row by row, 0 for black.</param>
internal sealed record GreyPicture(int Height, int Width, byte[] Grey)
{
    /// <summary>What had to be assumed to read it; null where nothing was.</summary>
    public string? Note { get; init; }
}
