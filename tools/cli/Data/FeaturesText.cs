using System.Globalization;
using Conformance.Cli.Shared;

namespace Conformance.Cli.Data;

/// <summary>The features in words, the same on the console and in the page.</summary>
internal static class FeaturesText
{
    /// <summary>Such as <c>22.41 % of 10,000 test images, 95 % interval 21.60 to 23.24 %</c>.</summary>
    public static string Accuracy(FeatureResults results) => string.Create(CultureInfo.InvariantCulture,
        $"{100 * results.TestAccuracy:F2} % of {results.TestImages:N0} test images, "
        + $"95 % interval {100 * results.TestConfidence95[0]:F2} to {100 * results.TestConfidence95[1]:F2} %");

    /// <summary>The label, and what it stands for where that is something else.</summary>
    public static string Name(ClassFeatures one) => Figures.ClassName(one.Label, one.Name);
}
