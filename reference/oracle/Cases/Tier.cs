namespace Conformance.Oracle;

/// <summary>The two ways of judging a case: exactly, or within a computed tolerance.</summary>
public enum Tier
{
    /// <summary>Small integers: every partial sum in every order is exact, so the tolerance is 0.</summary>
    Exact,

    /// <summary>Rounding is unavoidable: |actual − expected| ≤ a bound computed from the case.</summary>
    Bounded,
}
