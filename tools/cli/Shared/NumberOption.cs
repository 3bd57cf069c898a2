using System.CommandLine;
using System.Globalization;

namespace Conformance.Cli.Shared;

/// <summary>Options that take a number. What is not one, or out of range, is answered with what was expected and what came.</summary>
internal static class NumberOption
{
    private delegate bool TryParse<T>(string text, out T value);

    /// <summary>A whole number from 1 to <paramref name="most"/>.</summary>
    public static Option<int> Count(string name, string description, int otherwise, int most = int.MaxValue) =>
        Create(name, description, "N", CountText(most), CountParser(most), otherwise);

    /// <summary>A whole number from 1 to <paramref name="most"/>; null when not given.</summary>
    public static Option<int?> OptionalCount(string name, string description, int most = int.MaxValue) =>
        Optional(name, description, "N", CountText(most), CountParser(most));

    /// <summary>A number above 0 and at most <paramref name="most"/>, also as the float32 that the engines compute with.</summary>
    public static Option<double> Positive(string name, string description, double otherwise, double most = float.MaxValue) =>
        Create(name, description, "X", NumberText(most), NumberParser(value => (float)value > 0 && value <= most), otherwise);

    /// <summary>A number from 0 up to but not 1, also as the float32 that the engines compute with.</summary>
    public static Option<double> Fraction(string name, string description, double otherwise) =>
        Create(name, description, "X", "a number from 0 up to, not including, 1", NumberParser(value => value >= 0 && (float)value < 1), otherwise);

    /// <summary>A share above 0 and at most 1; null when not given.</summary>
    public static Option<double?> OptionalShare(string name, string description) =>
        Optional(name, description, "X", "a share above 0 and at most 1, such as 0.965", NumberParser(value => value is > 0 and <= 1));

    private static Option<T> Create<T>(string name, string description, string unit, string expected, TryParse<T> parse, T otherwise)
        where T : struct => new(name)
        {
            HelpName = unit,
            Description = description,
            DefaultValueFactory = _ => otherwise,
            CustomParser = argument => Read(name, expected, parse, argument) ?? default,
        };

    private static Option<T?> Optional<T>(string name, string description, string unit, string expected, TryParse<T> parse)
        where T : struct => new(name)
        {
            HelpName = unit,
            Description = description,
            CustomParser = argument => Read(name, expected, parse, argument),
        };

    private static T? Read<T>(string name, string expected, TryParse<T> parse, System.CommandLine.Parsing.ArgumentResult argument)
        where T : struct
    {
        var text = argument.Tokens[0].Value;
        if (parse(text, out var value))
            return value;
        argument.AddError($"{name}: expected {expected}, got '{text}'");
        return null;
    }

    private static string NumberText(double most) => most < float.MaxValue
        ? string.Create(CultureInfo.InvariantCulture, $"a number above 0, at most {most:0.##}")
        : "a number above 0";

    private static string CountText(int most) => $"a whole number from 1 to {most}";

    private static TryParse<int> CountParser(int most) => (string text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= 1 && value <= most;

    private static TryParse<double> NumberParser(Func<double, bool> accepts) => (string text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && accepts(value);
}
