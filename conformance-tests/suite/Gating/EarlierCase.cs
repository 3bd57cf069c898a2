namespace Conformance.Suite.Gating;

/// <summary>A case of an earlier run, as that run's results have it.</summary>
/// <param name="Kernel">Null where the engine has no choice of them.</param>
/// <param name="Verdict">In words.</param>
/// <param name="Milliseconds">What the answer took, to <see cref="Decimals"/>.</param>
public sealed record EarlierCase(string Id, string? Kernel, string Verdict, bool IsGood, double Milliseconds)
{
    /// <summary>As many decimals of a millisecond as results keep.</summary>
    public const int Decimals = 3;
}
