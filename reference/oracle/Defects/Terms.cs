namespace Conformance.Oracle;

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
