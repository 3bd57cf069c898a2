namespace Conformance.Oracle;

/// <summary>Where a mistake was observed, as a short text for reports.</summary>
public sealed record Seen
{
    private readonly string _text;

    private Seen(string text) => _text = text;

    /// <summary>A mistake from textbooks and courses. The survey of real engines does not have it.</summary>
    public static Seen Textbook { get; } = new("a textbook trap, not among the real defects");

    /// <summary>The class's place in the survey; <see cref="Textbook"/> if the survey does not have it.</summary>
    public static Seen InClass(MistakeClass mistakes) => mistakes.Engines() is null ? Textbook : InEngines(mistakes);

    /// <summary>A mistake in the survey's engines: <c>12 of 29 engines (real defects 4)</c>.</summary>
    /// <param name="engines">The number of engines with this very mistake; null for all engines with its class.</param>
    /// <exception cref="ArgumentException">The survey does not have the class.</exception>
    public static Seen InEngines(MistakeClass mistakes, int? engines = null) => mistakes.Engines() is { } found
        ? new($"{(engines is null ? "its class in " + found : $"{engines} of 29 engines")} (real defects {mistakes.Number()})")
        : throw new ArgumentException($"{mistakes} is no class of the survey");

    /// <summary>A mistake by PyTorch's definition that is correct in another library: <c>Keras: momentum weighs the old statistics</c>.</summary>
    public static Seen Convention(string text) => new($"a convention elsewhere, {text}");

    /// <summary>A mistake that users of other projects reported: <c>Seen.Issues("pytorch#3122")</c>.</summary>
    public static Seen Issues(params ReadOnlySpan<string> threads) => new($"reported in {string.Join(", ", threads)}");

    public override string ToString() => _text;
}
