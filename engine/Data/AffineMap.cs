using Conformance.Engine.Tensors;

namespace Conformance.Engine.Data;

/// <summary>
/// Maps a pixel of the changed image to its source in the original. Coordinates are relative to the centre, and y points down: y = Yy·y' + Yx·x', x
/// = Xy·y' + Xx·x'. The shift is subtracted from y' and x' first.
/// </summary>
internal readonly record struct AffineMap(float Yy, float Yx, float Xy, float Xx, float ShiftY, float ShiftX)
{
    public static AffineMap Draw(Augmentation options, ref SplitMix64 random)
    {
        double angle = options.Rotation * random.Symmetric() * (Math.PI / 180);
        double shear = options.Shear * random.Symmetric(), scale = 1 + options.Scale * random.Symmetric();
        return FromMoves(angle, shear, scale, options.Shift * random.Symmetric(), options.Shift * random.Symmetric());
    }

    /// <summary>
    /// Creates the inverse of these moves, in order: shear (x += shear·y), scale, rotate anticlockwise (as seen on the screen), shift.
    /// </summary>
    /// <param name="angle">The rotation, in radians.</param>
    public static AffineMap FromMoves(double angle, double shear, double scale, double shiftY, double shiftX)
    {
        double cos = Math.Cos(angle), sin = Math.Sin(angle);
        // Undo the rotation: x = cos·x' − sin·y', y = sin·x' + cos·y'. Then undo the scale, then the shear: x −= shear·y.
        double yy = cos / scale, yx = sin / scale;
        double xy = -sin / scale - shear * yy, xx = cos / scale - shear * yx;
        return new((float)yy, (float)yx, (float)xy, (float)xx, (float)shiftY, (float)shiftX);
    }
}
