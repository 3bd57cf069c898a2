namespace Conformance.Oracle.Operations;

/// <summary>What a generalized cross entropy is made of; the number is q.</summary>
/// <param name="Shift">What is taken off a row's logits before exp.</param>
/// <param name="Loss">ℓ of a row.</param>
/// <param name="Gradient">∂ℓ/∂x[c].</param>
public sealed record GeneralizedCrossEntropyTerms(
    Func<ClassRow, double> Shift, Func<SoftmaxRow, double, double> Loss, Func<SoftmaxRow, double, int, double> Gradient)
{
    public static GeneralizedCrossEntropyTerms Right { get; } = new(
        row => row.Max,
        (softmax, q) => -double.ExpM1(q * softmax.LogPOfTarget) / q,
        (softmax, q, c) => Power(softmax, q) * (softmax.P(c) - softmax.Row.OneHot(c)));

    /// <summary>p[y]^q, as exp(q·log p[y]): it is 0, and its derivative too, where p[y] is.</summary>
    public static double Power(SoftmaxRow softmax, double q) => Math.Exp(q * softmax.LogPOfTarget);
}
