namespace Conformance.Oracle.Operations;

/// <summary>The factor of an element, from its mask, and its divisor, from p.</summary>
public sealed record DropoutTerms(Func<double, double> Kept, Func<double, double> Divisor)
{
    public static DropoutTerms Right { get; } = new(mask => mask, p => 1 - p);

    /// <summary>The position of an element's mask, from the shape and the element's position; null for the same position.</summary>
    public Func<int[], int, int>? At { get; init; }
}
