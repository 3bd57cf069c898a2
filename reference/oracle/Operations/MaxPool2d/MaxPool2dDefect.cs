namespace Conformance.Oracle.Operations;

/// <summary>Constructors for the known mistakes of a max pool.</summary>
internal static class MaxPool2dDefect
{
    public static TermDefect<MaxPool2dTerms> Winners(
        string name, Passes passes, MistakeClass kind, string mistake, string mend,
        Func<PoolWindow, IEnumerable<(int Place, double Share)>> winners) =>
        new($"max_pool2d.{name}", passes, kind, mistake, mend, terms => terms with { Winners = winners });

    public static TermDefect<MaxPool2dTerms> Target(
        string name, MistakeClass kind, string mistake, string mend, Func<PoolGeometry, PoolTap, PoolTap> target) =>
        new($"max_pool2d.{name}", Passes.InputGradient, kind, mistake, mend, terms => terms with { Target = target });
}
