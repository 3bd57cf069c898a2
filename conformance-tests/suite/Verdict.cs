namespace Conformance.Suite;

/// <summary>What the suite says of one case.</summary>
public enum Verdict
{
    /// <summary>Every tensor is within its tolerance.</summary>
    Pass,

    /// <summary>A tensor is wrong, missing or of another shape.</summary>
    Fail,

    /// <summary>The engine says that it does not offer this. Never counted as passed.</summary>
    Unsupported,

    /// <summary>The engine threw.</summary>
    Error,

    /// <summary>The case could not have failed: every expected tensor is zero. A failure of the suite itself.</summary>
    Vacuous,
}
