namespace Conformance.Oracle.Operations;

/// <summary>How the mistakes of an adaptive average pool are written.</summary>
internal static class AdaptiveAvgPool2dDefect
{
    public const Passes Both = Passes.Forward | Passes.InputGradient;

    public static TermDefect<AdaptiveAvgPool2dTerms> Change(
        string name, Passes passes, MistakeClass kind, string mistake, string mend, Func<AdaptiveAvgPool2dTerms, AdaptiveAvgPool2dTerms> change) =>
        new($"adaptive_avg_pool2d.{name}", passes, kind, mistake, mend, change);
}
