using System.Globalization;
using Conformance.Cli.Shared.Statistics;

namespace Conformance.Cli.Compare;

/// <summary>What a comparison must reach; null where nothing is asked.</summary>
/// <param name="MinAccuracy">Least mean test accuracy of either side, 0–1.</param>
/// <param name="MaxDifference">Largest |mean difference| of the two, 0–1.</param>
internal sealed record AccuracyLimits(double? MinAccuracy, double? MaxDifference)
{
    public bool AsksAnything => MinAccuracy is not null || MaxDifference is not null;

    /// <summary>One line for each requirement that is not met: what was required, and what came. NaN meets none.</summary>
    public IReadOnlyList<string> Failures(CompareResults results)
    {
        var failures = new List<string>();
        if (AsksAnything && results.FirstSteps.Steps == 0)
            failures.Add("the first steps: required to be compared, and all of their images lie at kinks");
        foreach (var (name, side) in new[] { ("scratch", results.Scratch), ("baseline (torch)", results.Baseline) })
        {
            var mean = Sample.MeanOfShares(side.TestAccuracy);
            if (MinAccuracy is { } least && !(mean >= least))
                failures.Add($"mean test accuracy of {name}: required at least {Text(least)} (--min-accuracy), got {Text(mean)}");
        }
        var difference = results.Agreement.MeanDifference;
        if (MaxDifference is { } most && !(Math.Abs(difference) <= most))
            failures.Add(
                $"difference of the mean test accuracies: required at most {Text(most)} (--max-difference), got {Text(Math.Abs(difference))}");
        return failures;
    }

    private static string Text(double share) => share.ToString("0.######", CultureInfo.InvariantCulture);
}
