using System.Globalization;

namespace Conformance.Cli.Compare;

/// <summary>The first steps in words, the same on the console and in the page.</summary>
internal static class FirstStepsText
{
    /// <summary>The sentence on top: is the engine right?</summary>
    public static string Verdict(FirstSteps first) => first switch
    {
        { Steps: 0 } => "The first steps could not be compared: all their images lie at kinks.",
        { Scratch.DiffersAt: { } place } => $"Differ at {place}.",
        { Baseline.DiffersAt: not null } => "Scratch is equal to float64 to rounding; torch's float32 is what differs.",
        _ => "Scratch and torch are equal to rounding.",
    };

    /// <summary>What was compared.</summary>
    public static string Compared(FirstSteps first) => string.Create(CultureInfo.InvariantCulture,
        $"{first.Steps}, {first.Images:N0} images: loss, gradients, weights against float64");

    /// <summary>How near the limits each side came, and where torch itself went beyond them.</summary>
    public static string Worst(FirstSteps first) =>
        $"at worst {Share(first.Scratch)} of what rounding can do (torch {Share(first.Baseline)})"
        + (first.Baseline.DiffersAt is { } place ? $"; torch differs at {place}" : "");

    private static string Share(StepsJudged side) => side.WorstOfLimit.ToString(side.WorstOfLimit < 10 ? "F2" : "0e-0", CultureInfo.InvariantCulture);
}
