namespace Conformance.Oracle;

/// <summary>How a case is judged: without any tolerance, or within a computed one.</summary>
public enum Tier
{
    /// <summary>Small integers: every partial sum in every order is exact, so the tolerance is 0.</summary>
    Exact,

    /// <summary>Rounding is unavoidable: |actual − expected| ≤ a bound computed from the case.</summary>
    Bounded,
}
