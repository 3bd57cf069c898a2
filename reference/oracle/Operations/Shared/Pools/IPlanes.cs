namespace Conformance.Oracle.Operations;

/// <summary>Windows over planes of images: what every pool's geometry has.</summary>
public interface IPlanes
{
    int Channels { get; }

    /// <summary>H and W of the input.</summary>
    (int Height, int Width) Input { get; }

    /// <summary>OH and OW.</summary>
    (int Height, int Width) Output { get; }
}
