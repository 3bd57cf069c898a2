namespace Conformance.Oracle.Operations;

/// <summary>More mistakes in sgd: velocities that hold the rate, first steps, Nesterov's step, and where the weight decay goes.</summary>
internal static class SgdDefects
{
    // Decay off the parameter, p·(1 − lr·λ), is sgd.decay-after-the-momentum.
    public static IReadOnlyList<Defect> More { get; } =
    [
        Velocity("velocity-with-rate",
            "the velocity holds the rate in Nesterov's step too: v ← μ·v + lr·(1 − τ)·g, p ← p − v or p − (lr·g + μ·v)",
            (u, g) => u.Momentum * u.Before.Buffer + u.Step.LearningRate * ((1 - u.Dampening) * g),
            (u, g, v) => u.Before.Parameter - (u.Nesterov ? u.Step.LearningRate * g + u.Momentum * v : v)),
        Velocity("velocity-with-rate-undampened",
            "the velocity holds the rate, and dampening is not read: v ← μ·v + lr·g, p ← p − v or p − (lr·g + μ·v)",
            (u, g) => u.Momentum * u.Before.Buffer + u.Step.LearningRate * g,
            (u, g, v) => u.Before.Parameter - (u.Nesterov ? u.Step.LearningRate * g + u.Momentum * v : v)),
        Velocity("velocity-negative",
            "the velocity is the step itself, with its sign and the rate: v ← μ·v − lr·(1 − τ)·g, p ← p + v or p + μ·v − lr·g",
            (u, g) => u.Momentum * u.Before.Buffer - u.Step.LearningRate * ((1 - u.Dampening) * g),
            (u, g, v) => u.Before.Parameter + (u.Nesterov ? u.Momentum * v - u.Step.LearningRate * g : v)),
        Velocity("velocity-negative-undampened",
            "the velocity is the step itself, and dampening is not read: v ← μ·v − lr·g, p ← p + v or p + μ·v − lr·g",
            (u, g) => u.Momentum * u.Before.Buffer - u.Step.LearningRate * g,
            (u, g, v) => u.Before.Parameter + (u.Nesterov ? u.Momentum * v - u.Step.LearningRate * g : v))
            .From(Seen.Convention("Keras: the velocity is μ·v − lr·g")),
        Velocity("buffer-negative",
            "the buffer holds −g: v ← μ·v − (1 − τ)·g, p ← p + lr·v",
            (u, g) => u.Step.Number == 1 ? -g : u.Momentum * u.Before.Buffer - (1 - u.Dampening) * g,
            (u, g, v) => u.Before.Parameter + u.Step.LearningRate * (u.Nesterov ? u.Momentum * v - g : v)),
        Velocity("velocity-of-the-old-rate",
            "the velocity holds the rate, and the first step's gradient whole: v ← lr·g, then μ·v + lr·(1 − τ)·g",
            (u, g) => u.Step.Number == 1 ? u.Step.LearningRate * g : u.Momentum * u.Before.Buffer + u.Step.LearningRate * ((1 - u.Dampening) * g),
            (u, g, v) => u.Before.Parameter - (u.Nesterov ? u.Step.LearningRate * g + u.Momentum * v : v)),
        Buffer("first-gradient-twice",
            "the buffer starts as the gradient and is updated with it at once: v ← μ·g + (1 − τ)·g at the first step",
            "the first step's buffer is the gradient itself",
            (u, g) => (u.Step.Number == 1 ? u.Momentum * g : u.Momentum * u.Before.Buffer) + (1 - u.Dampening) * g),
        Buffer("first-buffer-zero",
            "the first step leaves the buffer at zero",
            "the first step's buffer is the gradient itself",
            (u, g) => u.Step.Number == 1 ? 0 : u.Momentum * u.Before.Buffer + (1 - u.Dampening) * g),
        Buffer("momentum-on-the-gradient-too",
            "momentum multiplies the gradient too: v ← μ·(v + g)",
            "add the gradient itself: v ← μ·v + g",
            (u, g) => u.Momentum * (u.Before.Buffer + g)),
        Buffer("buffer-never-fades",
            "the gradients are added up without momentum: v ← v + g",
            "multiply the old buffer by the momentum",
            (u, g) => u.Before.Buffer + (1 - u.Dampening) * g),
        Buffer("momentum-reversed",
            "the old buffer is weighed with 1 − μ and the gradient with μ",
            "multiply the old buffer by the momentum, and add the gradient",
            (u, g) => (1 - u.Momentum) * u.Before.Buffer + u.Momentum * g),
        Buffer("momentum-unread",
            "momentum is always 0.9",
            "read the momentum",
            (u, g) => u.Step.Number == 1 ? g : 0.9 * u.Before.Buffer + (1 - u.Dampening) * g),
        Buffer("dampening-for-one-minus-dampening",
            "the gradient is multiplied by the dampening itself",
            "multiply it by 1 − τ",
            (u, g) => u.Step.Number == 1 ? g : u.Momentum * u.Before.Buffer + u.Dampening * g),
        Buffer("buffer-in-float16",
            "the buffer is kept in float16",
            "keep the state in float32",
            (u, g) => (double)(Half)SgdTerms.Right.Buffer(u, g).Value),
        Direction("nesterov-always",
            "Nesterov's step is taken unasked",
            "step along v where nesterov is off",
            (u, g, v) => u.Momentum.Value == 0 ? g : g + u.Momentum * v),
        Direction("nesterov-without-momentum",
            "the step looks ahead along g + v",
            "step along g + μ·v",
            (u, g, v) => u.Momentum.Value == 0 ? g : u.Nesterov ? g + v : v),
        Direction("nesterov-twice",
            "the step looks two steps ahead: g + μ·(g + μ·v)",
            "step along g + μ·v",
            (u, g, v) => u.Momentum.Value == 0 ? g : u.Nesterov ? g + u.Momentum * (g + u.Momentum * v) : v),
        Direction("nesterov-from-the-new-buffer",
            "momentum is added to the whole buffer: v + μ·v",
            "step along g + μ·v",
            (u, g, v) => u.Momentum.Value == 0 ? g : u.Nesterov ? v + u.Momentum * v : v),
        Direction("gradient-twice",
            "the gradient is added to the buffer's step once more: g + v",
            "without nesterov step along v alone",
            (u, g, v) => u.Momentum.Value == 0 ? g : u.Nesterov ? g + u.Momentum * v : g + v),
        Gradient("decay-doubled",
            "the weight decay is 2·λ·p, the derivative of λ·p²",
            "PyTorch adds λ·p: the penalty has a ½",
            u => u.Gradient + 2 * (u.Decay * u.Before.Parameter)),
        Gradient("decay-of-the-sign",
            "the weight decay adds λ with the sign of p, as L1 does",
            "add λ·p to the gradient",
            u => u.Gradient + u.Decay * Math.Sign(u.Before.Parameter.Value)),
        Gradient("decay-of-one",
            "λ itself is added to the gradient, without p",
            "add λ·p to the gradient",
            u => u.Gradient + u.Decay),
        Gradient("decay-of-the-rate",
            "the rate multiplies the decay twice: lr·λ·p is added to the gradient",
            "add λ·p: the rate multiplies the step",
            u => u.Gradient + u.Step.LearningRate * u.Decay * u.Before.Parameter),
        Gradient("gradient-clipped",
            "each gradient is clipped to ±1, or its sign alone is used",
            "clip only where it is asked for",
            u => Math.Clamp(u.Gradient.Value, -1, 1) + u.Decay * u.Before.Parameter),
        Change("decay-after-the-step",
            "the parameter decays after the step, and the step with it",
            "add λ·p to the gradient, before the step",
            terms => terms with
            {
                Gradient = u => u.Gradient,
                Parameter = (u, d) => (u.Before.Parameter - u.Step.LearningRate * d) * (1 - u.Step.LearningRate * u.Decay),
            }),
        Change("decay-twice",
            "the decay is added to the gradient, and taken off the parameter too",
            "add λ·p to the gradient alone",
            terms => terms with { Parameter = (u, d) => u.Before.Parameter * (1 - u.Step.LearningRate * u.Decay) - u.Step.LearningRate * d }),
        Parameter("rate-of-the-first-step",
            "the learning rate is read once, at the first step",
            "read the rate at each step",
            (u, d) => u.Before.Parameter - u.Step.FirstLearningRate * d),
        Parameter("rate-of-the-next-step",
            "the learning rate changes one step early: the schedule steps before the optimiser",
            "step the schedule after the optimiser",
            (u, d) => u.Before.Parameter - u.Step.NextLearningRate * d),
        Parameter("rate-twice",
            "the step is multiplied by the rate twice",
            "multiply it once: p ← p − lr·d",
            (u, d) => u.Before.Parameter - u.Step.LearningRate * (u.Step.LearningRate * d)),
        Parameter("rate-missing",
            "the step is not multiplied by the rate",
            "p ← p − lr·d",
            (u, d) => u.Before.Parameter - d),
        Parameter("parameter-in-float16",
            "the parameter is kept in float16",
            "keep a float32 copy of it to update",
            (u, d) => (double)(Half)SgdTerms.Right.Parameter(u, d).Value),
        Parameter("parameter-not-updated",
            "the parameter stays as it is: the step goes into a copy",
            "write the step into the parameter itself",
            (u, _) => u.Before.Parameter),
    ];

    /// <summary>The rate inside the velocity; without momentum the step is right.</summary>
    private static TermDefect<SgdTerms> Velocity(string name, string mistake, Func<SgdUpdate, Rounded, Rounded> buffer, Func<SgdUpdate, Rounded, Rounded, Rounded> parameter) =>
        Change(name, mistake, "keep rate and sign out of the buffer: v ← μ·v + (1 − τ)·g, p ← p − lr·v", terms => terms with
        {
            Buffer = buffer,
            Direction = (u, g, v) => u.Momentum.Value == 0 ? g : u.Before.Parameter - parameter(u, g, v),
            Parameter = (u, d) => u.Before.Parameter - (u.Momentum.Value == 0 ? u.Step.LearningRate * d : d),
        });

    private static TermDefect<SgdTerms> Gradient(string name, string mistake, string mend, Func<SgdUpdate, Rounded> gradient) =>
        Change(name, mistake, mend, terms => terms with { Gradient = gradient });

    private static TermDefect<SgdTerms> Buffer(string name, string mistake, string mend, Func<SgdUpdate, Rounded, Rounded> buffer) =>
        Change(name, mistake, mend, terms => terms with { Buffer = buffer });

    private static TermDefect<SgdTerms> Direction(string name, string mistake, string mend, Func<SgdUpdate, Rounded, Rounded, Rounded> direction) =>
        Change(name, mistake, mend, terms => terms with { Direction = direction });

    private static TermDefect<SgdTerms> Parameter(string name, string mistake, string mend, Func<SgdUpdate, Rounded, Rounded> parameter) =>
        Change(name, mistake, mend, terms => terms with { Parameter = parameter });

    private static TermDefect<SgdTerms> Change(string name, string mistake, string mend, Func<SgdTerms, SgdTerms> change) =>
        new($"sgd.{name}", Passes.Forward, MistakeClass.Optimiser, mistake, mend, change);
}
