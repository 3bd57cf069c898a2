namespace Conformance.Suite.Gating;

/// <summary>A case in the results of an earlier run.</summary>
/// <param name="Kernel">The kernel; null if the engine has no variants.</param>
/// <param name="Verdict">The verdict as text.</param>
/// <param name="Milliseconds">The duration of the answer, rounded to <see cref="Decimals"/>.</param>
public sealed record EarlierCase(string Id, string? Kernel, string Verdict, bool IsGood, double Milliseconds)
{
    /// <summary>The number of decimals of a millisecond in results.</summary>
    public const int Decimals = 3;
}
