namespace Conformance.Suite.Judging;

/// <summary>What the suite says of one case.</summary>
public enum Verdict
{
    /// <summary>Every tensor is within its tolerance.</summary>
    Pass,

    /// <summary>Right under a convention that the engine declares, and not under PyTorch's. As good as a pass, and counted apart.</summary>
    Dialect,

    /// <summary>A tensor is wrong, missing or of another shape.</summary>
    Fail,

    /// <summary>The engine says that it does not offer this. Never counted as passed.</summary>
    Unsupported,

    /// <summary>The engine threw, died, gave no answer or one that is no reply: <see cref="CaseReport.Fault"/> says which.</summary>
    Error,

    /// <summary>The case could not have failed: every expected tensor is zero. A failure of the suite itself.</summary>
    Vacuous,
}

/// <summary>What a verdict counts as.</summary>
public static class Verdicts
{
    /// <summary>The engine is right.</summary>
    public static bool IsGood(this Verdict verdict) => verdict is Verdict.Pass or Verdict.Dialect;

    /// <summary>The engine is not right, or the case is not.</summary>
    public static bool IsBad(this Verdict verdict) => verdict is not (Verdict.Pass or Verdict.Dialect or Verdict.Unsupported);

    /// <summary>As files and reports write it: <c>pass</c>.</summary>
    public static string Text(this Verdict verdict) => verdict.ToString().ToLowerInvariant();
}
