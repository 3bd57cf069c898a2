namespace Conformance.Oracle;

/// <summary>The passes of a layer that a mistake can be in.</summary>
[Flags]
public enum Passes
{
    None = 0,
    Forward = 1,
    InputGradient = 2,
    WeightGradient = 4,
    BiasGradient = 8,
    Backward = InputGradient | WeightGradient | BiasGradient,
    All = Forward | Backward,
}

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
    /// <summary>Where it was seen; without more knowledge, where its class was.</summary>
    public Seen Seen { get; init; } = Seen.As(Class);

    /// <summary>The index that the author wrote, where the mistake is one of an index: <c>x[n, c, oh + i, ow + j]</c>.</summary>
    public string? Wrote { get; init; }

    /// <summary>The index that was meant: <c>x[n, c, oh·sh + i, ow·sw + j]</c>.</summary>
    public string? Meant { get; init; }

    public string Op => Id[..Id.IndexOf('.', StringComparison.Ordinal)];

    public bool In(Passes pass) => (Passes & pass) != 0;

    /// <summary>The same, with where it was seen.</summary>
    public Defect From(Seen seen) => this with { Seen = seen };

    /// <summary>The same, with the index that was written and the one that was meant.</summary>
    public Defect Index(string wrote, string meant) => this with { Wrote = wrote, Meant = meant };

    /// <summary>The single mistakes that it is made of: itself, or those of a <see cref="PairDefect"/>.</summary>
    public virtual IEnumerable<Defect> Parts => [this];

    /// <summary>What of it is in one pass; null where that pass is right.</summary>
    public virtual Defect? InPass(Passes pass) => In(pass) ? this : null;
}

/// <summary>Two mistakes in one operation, the second made on top of the first.</summary>
public sealed record PairDefect(Defect First, Defect Second)
    : Defect($"{First.Id} + {Second.Id}", First.Passes | Second.Passes, First.Class, $"{First.Mistake}; and {Second.Mistake}", $"{First.Mend}; and {Second.Mend}")
{
    public override IEnumerable<Defect> Parts => [First, Second];

    public override Defect? InPass(Passes pass) => (First.InPass(pass), Second.InPass(pass)) switch
    {
        ({ } first, { } second) => new PairDefect(first, second),
        var (first, second) => first ?? second,
    };
}

/// <summary>A mistake in an index: each right tap becomes another one.</summary>
public sealed record TapDefect<TGeometry, TTap>(string Id, Passes Passes, MistakeClass Class, string Mistake, string Mend, Func<TGeometry, TTap, TTap> Change)
    : Defect(Id, Passes, Class, Mistake, Mend);

/// <summary>A mistake in accumulation: a later contribution replaces the earlier ones (<c>=</c> for <c>+=</c>).</summary>
public sealed record AssignDefect(string Id, Passes Passes, string Mistake, string Mend)
    : Defect(Id, Passes, MistakeClass.Assignment, Mistake, Mend);

/// <summary>A mistake in a factor: a result is multiplied by something that depends on the case alone.</summary>
public sealed record ScaleDefect(string Id, Passes Passes, MistakeClass Class, string Mistake, string Mend, Func<LayerCase, double> Factor)
    : Defect(Id, Passes, Class, Mistake, Mend);

/// <summary>A mistake in reading: one of the operands is read as something else.</summary>
/// <param name="Operand"><c>input</c>, <c>weight</c>, <c>bias</c>, or <c>cotangent</c> for the output gradient; or <see cref="Every"/>.</param>
/// <param name="Change">From the right operand to what is read, of the same shape.</param>
public sealed record OperandDefect(
    string Id, Passes Passes, MistakeClass Class, string Mistake, string Mend, string Operand, Func<LayerCase, Tensor64, Tensor64> Change)
    : Defect(Id, Passes, Class, Mistake, Mend)
{
    /// <summary>Each operand that the pass reads.</summary>
    public const string Every = "every";
}

/// <summary>A mistake in what is answered: a right result becomes another one, perhaps of another shape.</summary>
public sealed record ResultDefect(string Id, Passes Passes, MistakeClass Class, string Mistake, string Mend, Func<LayerCase, Tensor64, Tensor64> Change)
    : Defect(Id, Passes, Class, Mistake, Mend);

/// <summary>A mistake in a formula: one of the operation's named terms is another one.</summary>
/// <typeparam name="TTerms">The operation's terms, a record of functions.</typeparam>
/// <param name="Change">From the right terms to the wrong ones: <c>terms => terms with { Variance = … }</c>.</param>
public sealed record TermDefect<TTerms>(string Id, Passes Passes, MistakeClass Class, string Mistake, string Mend, Func<TTerms, TTerms> Change)
    : Defect(Id, Passes, Class, Mistake, Mend);

/// <summary>The taps and terms that an engine computes with.</summary>
public static class Terms
{
    /// <summary>The right ones, unless <paramref name="defect"/> changes them.</summary>
    public static TTerms Of<TTerms>(Defect? defect, TTerms right) =>
        (defect?.Parts ?? []).OfType<TermDefect<TTerms>>().Aggregate(right, (terms, wrong) => wrong.Change(terms));

    /// <summary>Those of one pass.</summary>
    public static TTerms Of<TTerms>(Defect? defect, Passes pass, TTerms right) => Of(defect?.InPass(pass), right);

    /// <summary>What a defect does to each tap of a pass; null where it leaves them as they are.</summary>
    public static Func<TGeometry, TTap, TTap>? Change<TGeometry, TTap>(Defect? defect, Passes pass)
    {
        Func<TGeometry, TTap, TTap>? changed = null;
        foreach (var wrong in (defect?.InPass(pass)?.Parts ?? []).OfType<TapDefect<TGeometry, TTap>>())
            changed = changed is { } before ? (geometry, tap) => wrong.Change(geometry, before(geometry, tap)) : wrong.Change;
        return changed;
    }
}

/// <summary>A check that is missing: geometry that must be refused is answered with numbers, whatever they are.</summary>
/// <param name="Accepts">Which of the refused cases the engine would take.</param>
public sealed record AcceptDefect(string Id, string Mistake, string Mend, Func<LayerCase, bool> Accepts)
    : Defect(Id, Passes.Forward, MistakeClass.Unchecked, Mistake, Mend);
