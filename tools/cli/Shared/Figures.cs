using System.Globalization;

namespace Conformance.Cli.Shared;

/// <summary>Figures in words, the same wherever they are shown.</summary>
internal static class Figures
{
    /// <summary>A share as a percentage: <c>98.76 %</c>.</summary>
    public static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:F2} %");

    /// <summary><c>3</c>, or <c>3 Dress</c> where a class is no digit.</summary>
    public static string ClassName(int label, string name) =>
        name == label.ToString(CultureInfo.InvariantCulture) ? name : $"{label} {name}";
}
