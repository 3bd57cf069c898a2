namespace Conformance.Oracle;

/// <summary>
/// A known mistake: a small change to an operation's taps, or to what is done with them, in some of its passes. Run as an engine it must
/// fail the cases that claim to catch it.
/// </summary>
/// <param name="Id"><c>conv2d.kernel-rotated</c>: the operation, then the mistake.</param>
/// <param name="Class">What kind of mistake it is.</param>
/// <param name="Mistake">What the author did, in one sentence.</param>
/// <param name="Mend">How to mend it, in one sentence.</param>
public abstract record Defect(string Id, Passes Passes, MistakeClass Class, string Mistake, string Mend)
{
    /// <summary>Where the mistake was seen; where nothing is known of it, where its class was seen.</summary>
    public Seen Seen { get; init; } = Seen.InClass(Class);

    /// <summary>The index that the author wrote, where the mistake is one of an index: <c>x[n, c, oh + i, ow + j]</c>.</summary>
    public string? Wrote { get; init; }

    /// <summary>The index that was meant: <c>x[n, c, oh·sh + i, ow·sw + j]</c>.</summary>
    public string? Meant { get; init; }

    public string Op => Id[..Id.IndexOf('.', StringComparison.Ordinal)];

    public bool In(Passes pass) => (Passes & pass) != 0;

    /// <summary>This defect, with where it was seen.</summary>
    public Defect From(Seen seen) => this with { Seen = seen };

    /// <summary>This defect, with the index that the author wrote and the one that was meant.</summary>
    public Defect Index(string wrote, string meant) => this with { Wrote = wrote, Meant = meant };

    /// <summary>The single mistakes that it is made of: itself, or those of a <see cref="PairDefect"/>.</summary>
    public virtual IEnumerable<Defect> Parts => [this];

    /// <summary>The part of the defect that is in one pass; null where that pass is right.</summary>
    public virtual Defect? InPass(Passes pass) => In(pass) ? this : null;
}

/// <summary>Two mistakes in one operation, the second made on top of the first.</summary>
public sealed record PairDefect(Defect First, Defect Second)
    : Defect($"{First.Id} + {Second.Id}", First.Passes | Second.Passes, First.Class, $"{First.Mistake}; and {Second.Mistake}",
        $"{First.Mend}; and {Second.Mend}")
{
    public override IEnumerable<Defect> Parts => [First, Second];

    public override Defect? InPass(Passes pass) => (First.InPass(pass), Second.InPass(pass)) switch
    {
        ({ } first, { } second) => new PairDefect(first, second),
        var (first, second) => first ?? second,
    };
}
