namespace Conformance.Oracle.Operations;

/// <summary>An element's parameter, its two moments, and the largest the second has been.</summary>
public readonly record struct AdamState(Rounded Parameter, Rounded First, Rounded Second, Rounded Largest);

/// <summary>One element's update: its state and gradient before, and the options.</summary>
public readonly record struct AdamUpdate(
    AdamState Before, Rounded Gradient, OptimizerStep Step, Rounded Beta1, Rounded Beta2, Rounded Epsilon, Rounded Decay);

/// <summary>What a step is made of.</summary>
/// <param name="Parameter">p before the step, with the decay that does not go through the gradient.</param>
/// <param name="Gradient">g, with the decay that does.</param>
/// <param name="First">m, from g.</param>
/// <param name="Second">v, from g.</param>
/// <param name="FirstCorrection">What m is divided by.</param>
/// <param name="SecondCorrection">What v is divided by.</param>
/// <param name="Denominator">From v and its correction.</param>
/// <param name="Step">p after the step, from p, the corrected m and the denominator.</param>
public sealed record AdamTerms(
    Func<AdamUpdate, Rounded> Parameter, Func<AdamUpdate, Rounded> Gradient,
    Func<AdamUpdate, Rounded, Rounded> First, Func<AdamUpdate, Rounded, Rounded> Second,
    Func<AdamUpdate, Rounded> FirstCorrection, Func<AdamUpdate, Rounded> SecondCorrection,
    Func<AdamUpdate, Rounded, Rounded, Rounded> Denominator, Func<AdamUpdate, Rounded, Rounded, Rounded, Rounded> Step)
{
    /// <summary>The decay in the gradient (adam), or off the parameter (adamw).</summary>
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
