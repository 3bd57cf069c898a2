namespace Conformance.Suite.Judging;

/// <summary>What an engine threw in place of numbers.</summary>
/// <param name="Kind">The exception's type, or what is known of it otherwise.</param>
/// <param name="Words">The exception's message.</param>
public sealed record Complaint(string Kind, string Words)
{
    public override string ToString() => $"{Kind}: {Words}";
}
