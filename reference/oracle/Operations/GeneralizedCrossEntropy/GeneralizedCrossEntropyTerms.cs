namespace Conformance.Oracle.Operations;

/// <summary>The terms of generalized cross entropy, which a defect can replace. The double argument is q.</summary>
/// <param name="Shift">The number subtracted from a row's logits before exp.</param>
/// <param name="Loss">ℓ of a row.</param>
/// <param name="Gradient">∂ℓ/∂x[c].</param>
public sealed record GeneralizedCrossEntropyTerms(
    Func<ClassRow, double> Shift, Func<SoftmaxRow, double, double> Loss, Func<SoftmaxRow, double, int, double> Gradient)
{
    public static GeneralizedCrossEntropyTerms Right { get; } = new(
        row => row.Max,
        (softmax, q) => -double.ExpM1(q * softmax.LogPOfTarget) / q,
        (softmax, q, c) => Power(softmax, q) * (softmax.P(c) - softmax.Row.OneHot(c)));

    /// <summary>p[y]^q, as exp(q·log p[y]). If p[y] is 0, so are the power and its derivative.</summary>
    public static double Power(SoftmaxRow softmax, double q) => Math.Exp(q * softmax.LogPOfTarget);
}
