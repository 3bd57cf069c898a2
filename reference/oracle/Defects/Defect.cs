namespace Conformance.Oracle;

/// <summary>
/// A known mistake: a small change to an operation's taps, or to their use, in some of its passes. An engine with it must fail the cases that claim
/// to catch it.
/// </summary>
/// <param name="Id">The operation, then the mistake: <c>conv2d.kernel-rotated</c>.</param>
/// <param name="Class">The class of the mistake.</param>
/// <param name="Mistake">What the author did, in one sentence.</param>
/// <param name="Mend">How to fix it, in one sentence.</param>
public abstract record Defect(string Id, Passes Passes, MistakeClass Class, string Mistake, string Mend)
{
    /// <summary>Where the mistake was observed. The default is where its class was observed.</summary>
    public Seen Seen { get; init; } = Seen.InClass(Class);

    /// <summary>The index that the author wrote, if the mistake is in an index: <c>x[n, c, oh + i, ow + j]</c>.</summary>
    public string? Wrote { get; init; }

    /// <summary>The correct index: <c>x[n, c, oh·sh + i, ow·sw + j]</c>.</summary>
    public string? Meant { get; init; }

    /// <summary>
    /// The same mistake in an engine that computes in float64, where exponentials leave the range of numbers later; null if it shows alike there.
    /// </summary>
    public Defect? InFloat64 { get; init; }

    public string Op => Id[..Id.IndexOf('.', StringComparison.Ordinal)];

    public bool In(Passes pass) => (Passes & pass) != 0;

    /// <summary>Whether the mistake is in the pass that computes a tensor, such as <c>gradients.weight</c>.</summary>
    public bool In(string tensor) => In(tensor switch
    {
        "gradients.weight" => Passes.WeightGradient,
        "gradients.bias" => Passes.BiasGradient,
        _ => tensor.StartsWith("gradients.", StringComparison.Ordinal) ? Passes.InputGradient : Passes.Forward,
    });

    /// <summary>This defect with its observations.</summary>
    public Defect From(Seen seen) => this with { Seen = seen };

    /// <summary>This defect with the index that the author wrote and the correct one.</summary>
    public Defect Index(string wrote, string meant) => this with { Wrote = wrote, Meant = meant };

    /// <summary>The single mistakes in this defect: itself, or those of a <see cref="PairDefect"/>.</summary>
    public virtual IEnumerable<Defect> Parts => [this];

    /// <summary>The defect without one of its <see cref="Parts"/>; null if nothing is left.</summary>
    public virtual Defect? Without(Defect part) => part == this ? null : this;

    /// <summary>The part of the defect in one pass; null if that pass is correct.</summary>
    public virtual Defect? InPass(Passes pass) => In(pass) ? this : null;
}

/// <summary>Two mistakes in one operation, or more if one of them is a pair. The second is applied to the result of the first.</summary>
public sealed record PairDefect(Defect First, Defect Second)
    : Defect($"{First.Id} + {Second.Id}", First.Passes | Second.Passes, First.Class, $"{First.Mistake}; and {Second.Mistake}",
        $"{First.Mend}; and {Second.Mend}")
{
    public override IEnumerable<Defect> Parts => [.. First.Parts, .. Second.Parts];

    public override Defect? Without(Defect part) => Joined(First.Without(part), Second.Without(part));

    public override Defect? InPass(Passes pass) => Joined(First.InPass(pass), Second.InPass(pass));

    private static Defect? Joined(Defect? first, Defect? second) =>
        first is not null && second is not null ? new PairDefect(first, second) : first ?? second;
}
