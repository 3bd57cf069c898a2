namespace Conformance.Oracle.Operations;

/// <summary>What an element is multiplied by, from its mask, and what it is divided by, from p.</summary>
public sealed record DropoutTerms(Func<double, double> Kept, Func<double, double> Divisor)
{
    public static DropoutTerms Right { get; } = new(mask => mask, p => 1 - p);

    /// <summary>Where an element's mask is read, from the shape; its own place without a word on that.</summary>
    public Func<int[], int, int>? At { get; init; }
}
