namespace Conformance.Oracle.Operations;

/// <summary>An element's parameter and momentum buffer.</summary>
public readonly record struct SgdState(Rounded Parameter, Rounded Buffer);

/// <summary>One element's update: its state and gradient before the step, and the options.</summary>
public readonly record struct SgdUpdate(
    SgdState Before, Rounded Gradient, OptimizerStep Step, Rounded Momentum, Rounded Dampening, Rounded Decay, bool Nesterov);

/// <summary>The terms of a step, which a defect can replace.</summary>
/// <param name="Gradient">g, with the weight decay.</param>
/// <param name="Buffer">v, from g.</param>
/// <param name="Direction">d, from g and v.</param>
/// <param name="Parameter">p after the step, from d.</param>
public sealed record SgdTerms(
    Func<SgdUpdate, Rounded> Gradient, Func<SgdUpdate, Rounded, Rounded> Buffer, Func<SgdUpdate, Rounded, Rounded, Rounded> Direction,
    Func<SgdUpdate, Rounded, Rounded> Parameter)
{
    public static SgdTerms Right { get; } = new(
        u => u.Gradient + u.Decay * u.Before.Parameter,
        (u, g) => u.Step.Number == 1 ? g : u.Momentum * u.Before.Buffer + (1 - u.Dampening) * g,
        (u, g, v) => u.Momentum.Value == 0 ? g : u.Nesterov ? g + u.Momentum * v : v,
        (u, d) => u.Before.Parameter - u.Step.LearningRate * d);
}
