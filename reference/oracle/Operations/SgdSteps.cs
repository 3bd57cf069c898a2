namespace Conformance.Oracle.Operations;

/// <summary>An element's parameter and momentum buffer.</summary>
public readonly record struct SgdState(Rounded Parameter, Rounded Buffer);

/// <summary>One element's update: its state and gradient before, and the options.</summary>
public readonly record struct SgdUpdate(
    SgdState Before, Rounded Gradient, OptimizerStep Step, Rounded Momentum, Rounded Dampening, Rounded Decay, bool Nesterov);

/// <summary>What a step is made of.</summary>
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

/// <summary>
/// sgd as PyTorch defines it, with learning rate lr, momentum μ, dampening τ and weight decay λ:
/// <code>
/// g ← g + λ·p      v ← g at the first step, then μ·v + (1 − τ)·g      d = v (nesterov: g + μ·v; without momentum g)      p ← p − lr·d
/// </code>
/// The first step's buffer is the gradient itself, whatever the dampening. Without momentum there is no buffer to answer.
/// </summary>
public sealed class SgdSteps : OptimizerSteps<SgdState>
{
    public override string Name => "sgd";

    public override IReadOnlyList<Defect> Defects { get; } =
    [
        Change("rate-inside-the-buffer",
            "the learning rate is multiplied into the buffer: v ← μ·v + lr·g, p ← p − v",
            "keep the rate out of the buffer: v ← μ·v + g, p ← p − lr·v",
            terms => terms with
            {
                Buffer = (u, g) => u.Momentum * u.Before.Buffer + u.Step.LearningRate * g,
                Parameter = (u, d) => u.Before.Parameter - (u.Momentum.Value == 0 ? u.Step.LearningRate * d : d),
            })
            .From(Seen.Issues("pytorch#1099")),
        Buffer("buffer-is-a-mean",
            "the buffer is a running mean: v ← μ·v + (1 − μ)·g",
            "add the whole gradient: v ← μ·v + g",
            (u, g) => u.Momentum * u.Before.Buffer + (1 - u.Momentum) * g),
        Buffer("momentum-forgotten",
            "the buffer starts anew at each step",
            "keep the buffer from one step to the next",
            (_, g) => g),
        Buffer("dampened-at-the-first-step",
            "the first step's gradient is dampened too: v ← (1 − τ)·g",
            "the first step's buffer is the gradient itself",
            (u, g) => u.Momentum * u.Before.Buffer + (1 - u.Dampening) * g),
        Buffer("dampening-ignored",
            "dampening is not read",
            "multiply the gradient by 1 − τ, from the second step on",
            (u, g) => u.Momentum * u.Before.Buffer + g),
        Buffer("dampening-on-the-buffer",
            "the sum is dampened, the old buffer with it: v ← (1 − τ)·(μ·v + g)",
            "dampen the gradient alone",
            (u, g) => u.Step.Number == 1 ? g : (1 - u.Dampening) * (u.Momentum * u.Before.Buffer + g)),
        Direction("nesterov-ignored",
            "nesterov is not read",
            "step along g + μ·v",
            (u, g, v) => u.Momentum.Value == 0 ? g : v),
        Direction("nesterov-without-the-gradient",
            "the step looks ahead along the buffer alone: μ·v",
            "step along g + μ·v",
            (u, g, v) => u.Momentum.Value == 0 ? g : u.Nesterov ? u.Momentum * v : v),
        // g + μ·v with the buffer of the step before is the new buffer itself, since Nesterov's step takes no dampening: that is nesterov-ignored.
        Direction("buffer-one-step-late",
            "the parameter moves along the buffer of the step before",
            "update the buffer first, then the parameter",
            (u, g, v) => u.Momentum.Value == 0 ? g : u.Nesterov ? g + u.Momentum * v : u.Before.Buffer),
        Change("decay-ignored",
            "weight decay is not read",
            "add λ·p to the gradient",
            terms => terms with { Gradient = u => u.Gradient }),
        Change("decay-sign",
            "λ·p is taken off the gradient: weights grow",
            "add λ·p to the gradient",
            terms => terms with { Gradient = u => u.Gradient - u.Decay * u.Before.Parameter }),
        Change("decay-after-the-momentum",
            "λ·p is added to the step, not to the gradient: the buffer does not see it",
            "add λ·p to the gradient, before the buffer",
            terms => terms with
            {
                Gradient = u => u.Gradient,
                Parameter = (u, d) => u.Before.Parameter - u.Step.LearningRate * (d + u.Decay * u.Before.Parameter),
            }),
        Change("decay-without-the-rate",
            "the parameter is multiplied by 1 − λ, whatever the rate",
            "add λ·p to the gradient, which the rate multiplies",
            terms => terms with
            {
                Gradient = u => u.Gradient,
                Parameter = (u, d) => u.Before.Parameter - u.Decay * u.Before.Parameter - u.Step.LearningRate * d,
            }),
        Change("rate-of-the-step-before",
            "the learning rate changes one step late",
            "read the rate at each step",
            terms => terms with { Parameter = (u, d) => u.Before.Parameter - u.Step.PreviousLearningRate * d }),
        Change("ascends",
            "the step is added: p ← p + lr·d",
            "take the step off: p ← p − lr·d",
            terms => terms with { Parameter = (u, d) => u.Before.Parameter + u.Step.LearningRate * d }),
        .. SgdDefects.More,
        new AcceptDefect("sgd.nesterov-unchecked",
            "nesterov is taken without momentum, or with dampening",
            "refuse it: Nesterov's step is defined for a momentum above 0 and no dampening",
            layerCase => layerCase.Refused!.Contains("nesterov", StringComparison.Ordinal)),
    ];

    /// <summary>
    /// <c>sgd/t6-e37-m0.9-d0.1-w0.01-r0.1</c>: momentum (0.5 without <c>m</c>, 0 with <c>plain</c>), dampening, weight decay, rate (0.5 without <c>r</c>);
    /// <c>nesterov</c>. Integers; exact where every number stays so.
    /// </summary>
    protected override LayerCase Draw(Spelling spelling, Func<string, Fill> fill)
    {
        var momentum = spelling.Word("plain") ? 0 : spelling.Decimal('m', 0.5);
        var (dampening, decay, nesterov) = (spelling.Decimal('d', 0), spelling.Decimal('w', 0), spelling.Word("nesterov"));
        return Draw(
            spelling, spelling.Decimal('r', 0.5), elements => fill("parameter").Integers(-9, 9, elements),
            (steps, elements) => fill("gradients").Integers(-5, 5, steps, elements),
            [("momentum", momentum), ("dampening", dampening), ("weight_decay", decay), ("nesterov", nesterov)],
            nesterov && (momentum == 0 || dampening != 0) ? $"nesterov with momentum {momentum} and dampening {dampening}" : null);
    }

    protected override string RandomGeometry(Fill dice)
    {
        var options = dice.Pick("-plain", "-nesterov", "-m0.9-nesterov", "-m0.9", "-m0.75-d0.25", "");
        return $"t{dice.Pick(1, 9)}-e{dice.Pick(1, 40)}{options}{dice.Pick("", "-w0.125", "-w0.01")}{dice.Pick("", "-r0.1")}{dice.Pick("", "-zeros", "-coast", "-turn")}";
    }

    protected override IEnumerable<(string Name, Func<SgdState, Rounded> Value)> Outputs(LayerCase layerCase)
    {
        yield return ("parameter", state => state.Parameter);
        if (layerCase.Attributes.Number("momentum") != 0)
            yield return ("momentum_buffer", state => state.Buffer);
    }

    protected override SgdState Start(double parameter) => new(parameter, 0);

    protected override Func<SgdState, double, OptimizerStep, SgdState> Rule(LayerCase layerCase, Defect? defect)
    {
        var (terms, attributes) = (Terms.Of(defect, SgdTerms.Right), layerCase.Attributes);
        Rounded momentum = attributes.Number("momentum"), dampening = attributes.Number("dampening"), decay = attributes.Number("weight_decay");
        var nesterov = attributes.Flag("nesterov");
        return (before, gradient, step) =>
        {
            var update = new SgdUpdate(before, gradient, step, momentum, dampening, decay, nesterov);
            var g = terms.Gradient(update);
            var v = terms.Buffer(update, g);
            return new(terms.Parameter(update, terms.Direction(update, g, v)), v);
        };
    }

    private static TermDefect<SgdTerms> Buffer(string name, string mistake, string mend, Func<SgdUpdate, Rounded, Rounded> buffer) =>
        Change(name, mistake, mend, terms => terms with { Buffer = buffer });

    private static TermDefect<SgdTerms> Direction(string name, string mistake, string mend, Func<SgdUpdate, Rounded, Rounded, Rounded> direction) =>
        Change(name, mistake, mend, terms => terms with { Direction = direction });

    private static TermDefect<SgdTerms> Change(string name, string mistake, string mend, Func<SgdTerms, SgdTerms> change) =>
        new($"sgd.{name}", Passes.Forward, MistakeClass.Optimiser, mistake, mend, change);
}
