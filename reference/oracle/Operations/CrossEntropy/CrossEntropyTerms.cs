namespace Conformance.Oracle.Operations;

/// <summary>The terms of cross entropy, which a defect can replace.</summary>
/// <param name="Shift">The number subtracted from a row's logits before exp.</param>
/// <param name="Wanted">q[c], the target's weight of class c.</param>
/// <param name="Loss">ℓ of a row.</param>
/// <param name="Gradient">∂ℓ/∂x[c].</param>
public sealed record CrossEntropyTerms(
    Func<ClassRow, double> Shift, Func<ClassRow, int, double> Wanted, Func<SoftmaxRow, double> Loss, Func<SoftmaxRow, int, double> Gradient)
{
    public static CrossEntropyTerms Right { get; } = new(
        row => row.Max,
        (row, c) => ((1 - row.Smoothing) * row.OneHot(c) + row.Smoothing / row.Classes) is not 0 and var share ? row.Weight(c) * share : 0,
        softmax => -softmax.Sum(c => softmax.Wanted(c) == 0 ? 0 : softmax.Wanted(c) * softmax.LogP(c)),
        (softmax, c) => softmax.P(c) * softmax.WantedInAll - softmax.Wanted(c));
}
