using Conformance.Suite.Judging;
using Conformance.Suite.Reporting.Text;

namespace Conformance.Tests.Scratch;

/// <summary>The one rule for a case under our engine: it passes. The engine offers every operation with every option, so `unsupported` is a failure, too.</summary>
internal static class Judged
{
    public static void Pass(CaseReport report) => Assert.That(report.Verdict, Is.EqualTo(Verdict.Pass), () => FailureText.Render(report));
}
