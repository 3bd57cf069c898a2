using Conformance.Suite;

namespace Conformance.Tests.Layers;

/// <summary>The one rule for a case under our engine: it passes; what the engine does not offer is skipped and shown, with the reason.</summary>
internal static class Judged
{
    public static void Pass(CaseReport report)
    {
        if (report.Verdict == Verdict.Unsupported)
            Assert.Ignore($"unsupported: {report.Message}");
        Assert.That(report.Verdict, Is.EqualTo(Verdict.Pass), () => FailureText.Of(report));
    }
}
