namespace Conformance.Oracle.Operations;

/// <summary>An element's parameter, its two moments, and the maximum of the second moment so far.</summary>
public readonly record struct AdamState(Rounded Parameter, Rounded First, Rounded Second, Rounded Largest);

/// <summary>One element's update: its state and gradient before the step, and the options.</summary>
public readonly record struct AdamUpdate(
    AdamState Before, Rounded Gradient, OptimizerStep Step, Rounded Beta1, Rounded Beta2, Rounded Epsilon, Rounded Decay);

/// <summary>The terms of a step.</summary>
/// <param name="Parameter">p before the step, with the decoupled weight decay.</param>
/// <param name="Gradient">g, with the weight decay that is added to the gradient.</param>
/// <param name="First">m, from g.</param>
/// <param name="Second">v, from g.</param>
/// <param name="FirstCorrection">The divisor of m.</param>
/// <param name="SecondCorrection">The divisor of v.</param>
/// <param name="Denominator">The denominator of the step, from v and its correction.</param>
/// <param name="Step">p after the step, from p, the corrected m and the denominator.</param>
public sealed record AdamTerms(
    Func<AdamUpdate, Rounded> Parameter, Func<AdamUpdate, Rounded> Gradient,
    Func<AdamUpdate, Rounded, Rounded> First, Func<AdamUpdate, Rounded, Rounded> Second,
    Func<AdamUpdate, Rounded> FirstCorrection, Func<AdamUpdate, Rounded> SecondCorrection,
    Func<AdamUpdate, Rounded, Rounded, Rounded> Denominator, Func<AdamUpdate, Rounded, Rounded, Rounded, Rounded> Step)
{
    /// <summary>The correct terms, with the decay in the gradient (adam), or subtracted from the parameter (adamw).</summary>
    public static AdamTerms Right(bool decoupled) => new(
        decoupled ? Decoupled : Untouched, decoupled ? Plain : Coupled,
        (u, g) => u.Beta1 * u.Before.First + (1 - u.Beta1) * g,
        (u, g) => u.Beta2 * u.Before.Second + (1 - u.Beta2) * (g * g),
        u => 1 - Rounded.Power(u.Beta1, u.Step.Number),
        u => 1 - Rounded.Power(u.Beta2, u.Step.Number),
        (u, v, correction) => Rounded.Sqrt(v / correction) + u.Epsilon,
        (u, p, m, denominator) => p - u.Step.LearningRate * m / denominator);

    public static Rounded Untouched(AdamUpdate u) => u.Before.Parameter;

    public static Rounded Decoupled(AdamUpdate u) => u.Before.Parameter * (1 - u.Step.LearningRate * u.Decay);

    public static Rounded Plain(AdamUpdate u) => u.Gradient;

    public static Rounded Coupled(AdamUpdate u) => u.Gradient + u.Decay * u.Before.Parameter;
}
