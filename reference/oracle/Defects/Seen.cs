namespace Conformance.Oracle;

/// <summary>Where a mistake was seen, as a short text for reports.</summary>
public sealed record Seen
{
    private readonly string _text;

    private Seen(string text) => _text = text;

    /// <summary>In textbooks and courses; the survey of real engines has no such class.</summary>
    public static Seen Textbook { get; } = new("a textbook trap, not among the real defects");

    /// <summary>What is known of the class: its place in the survey, else a textbook.</summary>
    public static Seen InClass(MistakeClass mistakes) => mistakes.Engines() is null ? Textbook : InEngines(mistakes);

    /// <summary>In the survey's engines: <c>12 of 29 engines (real defects 4)</c>.</summary>
    /// <param name="engines">How many had this very mistake, where the survey says so; null for all that had its class.</param>
    /// <exception cref="ArgumentException">The survey has no such class.</exception>
    public static Seen InEngines(MistakeClass mistakes, int? engines = null) => mistakes.Engines() is { } found
        ? new($"{(engines is null ? "its class in " + found : $"{engines} of 29 engines")} (real defects {mistakes.Number()})")
        : throw new ArgumentException($"{mistakes} is no class of the survey");

    /// <summary>A mistake by PyTorch's definition that is right in another library: <c>Keras: momentum weighs the old statistics</c>.</summary>
    public static Seen Convention(string text) => new($"a convention elsewhere, {text}");

    /// <summary>Reported by users of other projects: <c>Seen.Issues("pytorch#3122")</c>.</summary>
    public static Seen Issues(params ReadOnlySpan<string> threads) => new($"reported in {string.Join(", ", threads)}");

    public override string ToString() => _text;
}
