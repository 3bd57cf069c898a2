namespace Conformance.Oracle;

/// <summary>The taps and terms that an engine computes with.</summary>
public static class Terms
{
    /// <summary>The terms of an engine that has a defect; <paramref name="right"/> where the defect changes no terms.</summary>
    public static TTerms Under<TTerms>(Defect? defect, TTerms right) =>
        (defect?.Parts ?? []).OfType<TermDefect<TTerms>>().Aggregate(right, (terms, wrong) => wrong.Change(terms));

    /// <summary>The terms of one pass of such an engine.</summary>
    public static TTerms Under<TTerms>(Defect? defect, Passes pass, TTerms right) => Under(defect?.InPass(pass), right);

    /// <summary>What a defect does to each tap of a pass; null where it leaves them as they are.</summary>
    public static Func<TGeometry, TTap, TTap>? Change<TGeometry, TTap>(Defect? defect, Passes pass)
    {
        Func<TGeometry, TTap, TTap>? changed = null;
        foreach (var wrong in (defect?.InPass(pass)?.Parts ?? []).OfType<TapDefect<TGeometry, TTap>>())
            changed = changed is { } before ? (geometry, tap) => wrong.Change(geometry, before(geometry, tap)) : wrong.Change;
        return changed;
    }
}
