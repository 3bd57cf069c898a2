namespace Conformance.Oracle.Operations;

/// <summary>Constructors for the known mistakes of a linear layer.</summary>
internal static class LinearDefect
{
    public const Passes Everywhere = Passes.Forward | Passes.InputGradient | Passes.WeightGradient;

    public static TapDefect<LinearGeometry, LinearTap> Change(
        string id, Passes passes, MistakeClass kind, string mistake, string mend, Func<LinearGeometry, LinearTap, LinearTap> change) =>
        new($"linear.{id}", passes, kind, mistake, mend, change);

    /// <summary>A tap that contributes nothing.</summary>
    public static LinearTap Lost(LinearTap tap) => tap with { Row = -1 };
}
