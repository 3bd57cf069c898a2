using static Conformance.Oracle.MistakeClass;

namespace Conformance.Oracle.Operations;

/// <summary>
/// Known mistakes with unusual values, of any operation: an operand or a result is cleared of NaN and infinity, or clipped. Each operation lists
/// those that give answers of their own.
/// <para>−0 has no place here: an answer of −0 equals one of 0, and no operation divides by an element of an operand.</para>
/// </summary>
internal static class ValueDefects
{
    /// <summary>Where networks clip, they clip at 1, 5 or 10.</summary>
    private static readonly int[] Limits = [1, 5, 10];

    /// <summary>All three kinds, in operands and in the results.</summary>
    public static IEnumerable<Defect> For(string op, params ReadOnlySpan<ValuePlace> operands)
    {
        ValuePlace[] places = [.. operands, ValuePlace.Output, ValuePlace.Gradients];
        return [.. NaNLost(op, places), .. InfinityLost(op, places), .. Clipped(op, places)];
    }

    public static IEnumerable<Defect> NaNLost(string op, params ReadOnlySpan<ValuePlace> places) =>
        [.. places.ToArray().Select(place => place.Changed(
            $"{op}.nan-in-{place.Id}-becomes-zero", NonFinite, $"a NaN in {place} becomes 0",
            "let a NaN pass, so that a network that diverges is seen to", WithoutNaN))];

    public static IEnumerable<Defect> InfinityLost(string op, params ReadOnlySpan<ValuePlace> places) =>
        [.. places.ToArray().Select(place => place.Changed(
            $"{op}.{place.Id}-made-finite", NonFinite, $"in {place} a NaN becomes 0, and infinity the largest number of float32: nan_to_num",
            "let NaN and infinity pass, so that a network that diverges is seen to",
            value => Math.Clamp(WithoutNaN(value), -float.MaxValue, float.MaxValue)))];

    /// <summary>A comparison finds NaN below everything, as a maximum by <c>&gt;</c> does.</summary>
    public static Defect NaNLosesComparisons(string op, ValuePlace place) => place.Changed(
        $"{op}.nan-in-{place.Id}-is-minus-infinity", NonFinite, $"a NaN in {place} counts for nothing, as −∞ does",
        "let a NaN make its row NaN", value => double.IsNaN(value) ? double.NegativeInfinity : value);

    public static IEnumerable<Defect> Clipped(string op, params ReadOnlySpan<ValuePlace> places) =>
        [.. places.ToArray().SelectMany(place => Limits.Select(limit => ClippedAt(limit, op, place)))];

    public static Defect ClippedAt(int limit, string op, ValuePlace place) => place.Changed(
        $"{op}.{place.Id}-clipped-at-{limit}", Clipping, $"{place} clipped to ±{limit}",
        "leave the numbers as they are: whether to clip is the user's choice", value => Math.Clamp(value, -limit, limit));

    private static double WithoutNaN(double value) => double.IsNaN(value) ? 0 : value;
}
