using Conformance.Suite.Judging;
using Conformance.Suite.Reporting.Text;

namespace Conformance.Tests.Scratch;

/// <summary>
/// The one rule for a case under our engine: it passes. The engine offers every operation with every option, so <c>unsupported</c> is a failure too.
/// </summary>
internal static class Judged
{
    /// <summary>What is wrong, or null where the case passes.</summary>
    public static string? Problem(CaseReport report) => report.Verdict == Verdict.Pass ? null : FailureText.Render(report);
}
