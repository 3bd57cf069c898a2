namespace Conformance.Oracle.Operations;

/// <summary>Constructors for the known mistakes of an adaptive average pool.</summary>
internal static class AdaptiveAvgPool2dDefect
{
    public const Passes Both = Passes.Forward | Passes.InputGradient;

    public static TermDefect<AdaptiveAvgPool2dTerms> Change(
        string name, Passes passes, MistakeClass kind, string mistake, string mend, Func<AdaptiveAvgPool2dTerms, AdaptiveAvgPool2dTerms> change) =>
        new($"adaptive_avg_pool2d.{name}", passes, kind, mistake, mend, change);
}
