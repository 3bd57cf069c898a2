namespace Conformance.Oracle.Operations;

/// <summary>Constructors for the known mistakes of pools.</summary>
internal static class PoolDefect
{
    public const Passes Both = Passes.Forward | Passes.InputGradient;

    /// <summary>The correct index of a window's element.</summary>
    public const string Read = "x[n, c, oh·sh + i·dh − ph, ow·sw + j·dw − pw]";

    public static TapDefect<PoolGeometry, PoolTap> Window(
        string op, string name, Passes passes, MistakeClass kind, string mistake, string mend, Func<PoolGeometry, PoolTap, PoolTap> change) =>
        new($"{op}.{name}", passes, kind, mistake, mend, change);

    public static TermDefect<PoolTerms> Size(
        string op, string name, MistakeClass kind, string mistake, string mend, Func<PoolAxis, int> windows, Func<LayerCase, double>? empty = null) =>
        new($"{op}.{name}", Passes.Forward, kind, mistake, mend, _ => new(windows, empty));

    /// <summary>A tap that contributes nothing.</summary>
    public static PoolTap Lost(PoolTap tap) => tap with { IH = -1 };
}
