using Conformance.Engine.Tensors;

namespace Conformance.Engine.Data;

/// <summary>
/// Where a pixel of the changed image comes from, about the centre: y = Yy·y' + Yx·x', x = Xy·y' + Xx·x', with y' and x' less the shift. y points
/// down.
/// </summary>
internal readonly record struct AffineMap(float Yy, float Yx, float Xy, float Xx, float ShiftY, float ShiftX)
{
    public static AffineMap Draw(Augmentation options, ref SplitMix64 random)
    {
        double angle = options.Rotation * random.Symmetric() * (Math.PI / 180);
        double shear = options.Shear * random.Symmetric(), scale = 1 + options.Scale * random.Symmetric();
        return FromMoves(angle, shear, scale, options.Shift * random.Symmetric(), options.Shift * random.Symmetric());
    }

    /// <summary>The inverse of: shear (x += shear·y), scale, turn anticlockwise as one sees it, shift.</summary>
    /// <param name="angle">Radians.</param>
    public static AffineMap FromMoves(double angle, double shear, double scale, double shiftY, double shiftX)
    {
        double cos = Math.Cos(angle), sin = Math.Sin(angle);
        // Turned back: x = cos·x' − sin·y', y = sin·x' + cos·y'; then scaled back; then x −= shear·y.
        double yy = cos / scale, yx = sin / scale;
        double xy = -sin / scale - shear * yy, xx = cos / scale - shear * yx;
        return new((float)yy, (float)yx, (float)xy, (float)xx, (float)shiftY, (float)shiftX);
    }
}
