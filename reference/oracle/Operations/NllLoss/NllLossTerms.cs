namespace Conformance.Oracle.Operations;

/// <summary>The terms of negative log likelihood, which a defect can replace.</summary>
/// <param name="Loss">ℓ of a row.</param>
/// <param name="Gradient">∂ℓ/∂x[c].</param>
public sealed record NllLossTerms(Func<ClassRow, double> Loss, Func<ClassRow, int, double> Gradient)
{
    public static NllLossTerms Right { get; } = new(
        row => -row.TargetWeight * row.X(row.Target), (row, c) => c == row.Target ? -row.TargetWeight : 0);
}
