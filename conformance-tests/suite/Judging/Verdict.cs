namespace Conformance.Suite.Judging;

/// <summary>The verdict on one case.</summary>
public enum Verdict
{
    /// <summary>Every tensor is within its tolerance.</summary>
    Pass,

    /// <summary>
    /// The answer is correct by a convention that the engine declares, and not by PyTorch's. It counts as good, separately from a pass.
    /// </summary>
    Dialect,

    /// <summary>A tensor is wrong, missing or of another shape.</summary>
    Fail,

    /// <summary>The engine does not offer the case. Never counted as passed.</summary>
    Unsupported,

    /// <summary>The engine threw, died, gave no answer or an invalid one; see <see cref="CaseReport.Fault"/>.</summary>
    Error,

    /// <summary>The case could not have failed, because every expected tensor is zero. This is a failure of the suite itself.</summary>
    Vacuous,
}

/// <summary>The meaning of a verdict.</summary>
public static class Verdicts
{
    /// <summary>Whether the engine is correct.</summary>
    public static bool IsGood(this Verdict verdict) => verdict is Verdict.Pass or Verdict.Dialect;

    /// <summary>Whether the engine or the case is wrong.</summary>
    public static bool IsBad(this Verdict verdict) => verdict is not (Verdict.Pass or Verdict.Dialect or Verdict.Unsupported);

    /// <summary>The verdict in files and reports: <c>pass</c>.</summary>
    public static string Text(this Verdict verdict) => verdict.ToString().ToLowerInvariant();
}
