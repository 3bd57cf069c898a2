namespace Conformance.Suite.Judging;

/// <summary>An exception that an engine threw instead of an answer.</summary>
/// <param name="Kind">The exception's type, or a substitute if it is unknown.</param>
/// <param name="Words">The exception's message.</param>
public sealed record Complaint(string Kind, string Words)
{
    public override string ToString() => $"{Kind}: {Words}";
}
