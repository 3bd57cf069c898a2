namespace Conformance.Oracle;

/// <summary>Applies a defect to an operation's terms or taps.</summary>
public static class Terms
{
    /// <summary>The terms of an engine with a defect; <paramref name="right"/> if the defect changes no terms.</summary>
    public static TTerms Under<TTerms>(Defect? defect, TTerms right) => defect switch
    {
        TermDefect<TTerms> wrong => wrong.Change(right),
        PairDefect pair => Under(pair.Second, Under(pair.First, right)),
        _ => right,
    };

    /// <summary>The terms of one pass of an engine with a defect.</summary>
    public static TTerms Under<TTerms>(Defect? defect, Passes pass, TTerms right) => Under(defect?.InPass(pass), right);

    /// <summary>The change that a defect makes to each tap of a pass; null if it changes none.</summary>
    public static Func<TGeometry, TTap, TTap>? Change<TGeometry, TTap>(Defect? defect, Passes pass)
    {
        Func<TGeometry, TTap, TTap>? changed = null;
        foreach (var wrong in (defect?.InPass(pass)?.Parts ?? []).OfType<TapDefect<TGeometry, TTap>>())
            changed = changed is { } before ? (geometry, tap) => wrong.Change(geometry, before(geometry, tap)) : wrong.Change;
        return changed;
    }
}
