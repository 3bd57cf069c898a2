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

/// <summary>
/// adam (Kingma and Ba 2015, algorithm 1) and adamw (Loshchilov and Hutter 2019) as PyTorch defines them, which differ in where the weight decay λ goes:
/// <code>
/// adam  g ← g + λ·p      adamw  p ← p·(1 − lr·λ)
/// m ← β₁·m + (1 − β₁)·g      v ← β₂·v + (1 − β₂)·g²      p ← p − lr·(m/(1 − β₁ᵗ)) / (√(v/(1 − β₂ᵗ)) + ε)
/// </code>
/// with t from 1. Answers parameter, m and v (exp_avg and exp_avg_sq) after each step.
/// </summary>
public sealed class AdamSteps : OptimizerSteps<AdamState>
{
    private readonly bool _decoupled;

    public AdamSteps(bool decoupled)
    {
        _decoupled = decoupled;
        Defects = [.. Mistakes()];
    }

    public override string Name => _decoupled ? "adamw" : "adam";

    public override IReadOnlyList<Defect> Defects { get; }

    /// <summary>
    /// <c>adam/t7-e17-w0.25</c>: weight decay; rate <c>r</c> (0.125), betas <c>b</c> and <c>c</c> (0.9, 0.999), ε 10⁻³, with <c>p8</c> 10⁻⁸. Parameter and gradients ±1;
    /// <c>small</c>: gradients ±1/128, beside which an ε of 10⁻³ shows.
    /// </summary>
    protected override LayerCase Draw(Spelling spelling, Func<string, Fill> fill)
    {
        var (betas, epsilon) = (new[] { spelling.Decimal('b', 0.9), spelling.Decimal('c', 0.999) }, spelling.Single('p', 3));
        var scale = spelling.Word("small") ? 1.0 / 128 : 1;
        return Draw(
            spelling, spelling.Decimal('r', 0.125), elements => fill("parameter").Uniform(1, elements),
            (steps, elements) => fill("gradients").Uniform(scale, steps, elements),
            [("betas", betas), ("eps", Epsilon(epsilon)), ("weight_decay", spelling.Decimal('w', 0))],
            Array.Find(betas, beta => beta >= 1) is not 0 and var beta ? $"a beta of {beta} is not below 1" : null);
    }

    protected override string RandomGeometry(Fill dice)
    {
        var options = $"{dice.Pick("", "-b0.5", "-b0")}{dice.Pick("", "-c0.9", "-c0.5")}{dice.Pick("", "-p8")}{dice.Pick("", "-w0.25", "-w0.01")}{dice.Pick("", "-r0.001")}";
        return $"t{dice.Pick(1, 12)}-e{dice.Pick(1, 40)}{options}{dice.Pick("", "-small")}{dice.Pick("", "-zeros", "-coast", "-turn")}";
    }

    protected override IEnumerable<(string Name, Func<AdamState, Rounded> Value)> Outputs(LayerCase layerCase) =>
        [("parameter", state => state.Parameter), ("exp_avg", state => state.First), ("exp_avg_sq", state => state.Second)];

    protected override AdamState Start(double parameter) => new(parameter, 0, 0, 0);

    protected override Func<AdamState, double, OptimizerStep, AdamState> Rule(LayerCase layerCase, Defect? defect)
    {
        var (terms, attributes) = (Terms.Of(defect, AdamTerms.Right(_decoupled)), layerCase.Attributes);
        var betas = attributes.Numbers("betas", 2);
        return (before, gradient, step) =>
        {
            var update = new AdamUpdate(before, gradient, step, betas[0], betas[1], attributes.Number("eps"), attributes.Number("weight_decay"));
            var g = terms.Gradient(update);
            var (m, v) = (terms.First(update, g), terms.Second(update, g));
            var denominator = terms.Denominator(update, v, terms.SecondCorrection(update));
            return new(terms.Step(update, terms.Parameter(update), m / terms.FirstCorrection(update), denominator), m, v, v.Value > before.Largest.Value ? v : before.Largest);
        };
    }

    /// <summary>10 to the minus <paramref name="exponent"/>, the double nearest to it.</summary>
    private static double Epsilon(int exponent) => double.Parse($"1e-{exponent}", System.Globalization.CultureInfo.InvariantCulture);

    private IEnumerable<Defect> Mistakes() =>
    [
        Change("no-first-correction",
            "the first moment is not corrected: the first steps are too short",
            "divide m by 1 − β₁ᵗ",
            terms => terms with { FirstCorrection = _ => 1 }),
        Change("no-second-correction",
            "the second moment is not corrected: the first steps are too long",
            "divide v by 1 − β₂ᵗ",
            terms => terms with { SecondCorrection = _ => 1 }),
        Change("no-correction",
            "neither moment is corrected",
            "divide m by 1 − β₁ᵗ and v by 1 − β₂ᵗ",
            terms => terms with { FirstCorrection = _ => 1, SecondCorrection = _ => 1 }),
        Change("steps-from-zero",
            "t is counted from 0: the first correction is 1 − β⁰ = 0",
            "count the step before the correction: t is 1 at the first",
            terms => terms with
            {
                FirstCorrection = u => 1 - Rounded.Power(u.Beta1, u.Step.Number - 1),
                SecondCorrection = u => 1 - Rounded.Power(u.Beta2, u.Step.Number - 1),
            }),
        Change("corrected-as-at-the-first-step",
            "the corrections are 1 − β at every step",
            "take β to the power of the step",
            terms => terms with { FirstCorrection = u => 1 - u.Beta1, SecondCorrection = u => 1 - u.Beta2 }),
        Change("epsilon-inside-the-root",
            "ε is added to v before the root",
            "add ε to the root: √v̂ + ε",
            terms => terms with { Denominator = (u, v, correction) => Rounded.Sqrt(v / correction + u.Epsilon) }),
        Change("epsilon-before-the-correction",
            "ε is added to √v, and the correction divides both",
            "correct v first: √(v/(1 − β₂ᵗ)) + ε",
            terms => terms with { Denominator = (u, v, correction) => (Rounded.Sqrt(v) + u.Epsilon) / Rounded.Sqrt(correction) })
            .From(Seen.Convention("TensorFlow: ε is the paper's ε̂, added before the correction")),
        Change("epsilon-missing",
            "ε is not read: an element that has seen no gradient becomes NaN",
            "add ε to the root",
            terms => terms with { Denominator = (_, v, correction) => Rounded.Sqrt(v / correction) }),
        Change("root-missing",
            "the step is divided by v, not by its root",
            "take the root of the corrected v",
            terms => terms with { Denominator = (u, v, correction) => v / correction + u.Epsilon }),
        Change("betas-swapped",
            "β₁ is used for the squares and β₂ for the gradients",
            "betas[0] is the first moment's, betas[1] the second's",
            terms => terms with
            {
                First = (u, g) => terms.First(Swapped(u), g),
                Second = (u, g) => terms.Second(Swapped(u), g),
                FirstCorrection = u => terms.FirstCorrection(Swapped(u)),
                SecondCorrection = u => terms.SecondCorrection(Swapped(u)),
            }),
        Change("state-reset",
            "the moments start anew at each step, as where an optimiser is made for each batch",
            "keep the state from one step to the next",
            terms => terms with { First = (u, g) => (1 - u.Beta1) * g, Second = (u, g) => (1 - u.Beta2) * (g * g) }),
        Change("first-moment-adds-the-whole-gradient",
            "the first moment is a momentum buffer: m ← β₁·m + g",
            "weigh the gradient with 1 − β₁",
            terms => terms with { First = (u, g) => u.Beta1 * u.Before.First + g }),
        Change("second-moment-of-the-gradient",
            "the second moment averages |g|, not its square",
            "average g²",
            terms => terms with { Second = (u, g) => u.Beta2 * u.Before.Second + (1 - u.Beta2) * Rounded.Sqrt(g * g) }),
        Change("moments-one-step-late",
            "the parameter moves along the moment of the step before",
            "update the moments first",
            terms => terms with { Step = (u, p, _, denominator) => p - u.Step.LearningRate * (u.Before.First / terms.FirstCorrection(u)) / denominator }),
        Change("rate-of-the-step-before",
            "the learning rate changes one step late",
            "read the rate at each step",
            terms => terms with { Step = (u, p, m, denominator) => p - u.Step.PreviousLearningRate * m / denominator }),
        Change("ascends",
            "the step is added",
            "take the step off",
            terms => terms with { Step = (u, p, m, denominator) => p + u.Step.LearningRate * m / denominator }),
        Change("decay-ignored",
            "weight decay is not read",
            _decoupled ? "multiply the parameter by 1 − lr·λ" : "add λ·p to the gradient",
            terms => terms with { Parameter = AdamTerms.Untouched, Gradient = AdamTerms.Plain }),
        _decoupled
            ? Change("decay-coupled",
                "λ·p is added to the gradient, as adam does: the moments see it",
                "multiply the parameter by 1 − lr·λ, and leave the gradient alone",
                terms => terms with { Parameter = AdamTerms.Untouched, Gradient = AdamTerms.Coupled })
            : Change("decay-decoupled",
                "the parameter is multiplied by 1 − lr·λ, as adamw does",
                "add λ·p to the gradient, so that the moments see it",
                terms => terms with { Parameter = AdamTerms.Decoupled, Gradient = AdamTerms.Plain }),
        Change("decay-without-the-rate",
            "the parameter is multiplied by 1 − λ, whatever the rate",
            _decoupled ? "multiply it by 1 − lr·λ" : "add λ·p to the gradient",
            terms => terms with { Parameter = u => u.Before.Parameter * (1 - u.Decay), Gradient = AdamTerms.Plain }),
        Change("decay-after-the-step",
            "the parameter decays after the step, and the step with it",
            _decoupled ? "multiply the parameter by 1 − lr·λ first" : "add λ·p to the gradient",
            terms => terms with
            {
                Parameter = AdamTerms.Untouched,
                Gradient = AdamTerms.Plain,
                Step = (u, p, m, denominator) => (p - u.Step.LearningRate * m / denominator) * (1 - u.Step.LearningRate * u.Decay),
            }),
        .. AdamDefects.Of(Name, _decoupled),
        new AcceptDefect($"{Name}.betas-unchecked",
            "a beta of 1 is taken, with which nothing is ever averaged",
            "refuse betas that are not from 0 to below 1",
            layerCase => layerCase.Refused!.Contains("beta", StringComparison.Ordinal)),
    ];

    private static AdamUpdate Swapped(AdamUpdate u) => u with { Beta1 = u.Beta2, Beta2 = u.Beta1 };

    private TermDefect<AdamTerms> Change(string name, string mistake, string mend, Func<AdamTerms, AdamTerms> change) =>
        new($"{Name}.{name}", Passes.Forward, MistakeClass.Optimiser, mistake, mend, change);
}
