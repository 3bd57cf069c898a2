namespace Conformance.Oracle.Operations;

/// <summary>
/// adam (Kingma and Ba 2015, algorithm 1) and adamw (Loshchilov and Hutter 2019) as PyTorch defines them. They differ in the place of the weight
/// decay λ:
/// <code>
/// adam  g ← g + λ·p      adamw  p ← p·(1 − lr·λ)
/// m ← β₁·m + (1 − β₁)·g      v ← β₂·v + (1 − β₂)·g²
/// p ← p − lr·(m/(1 − β₁ᵗ)) / (√(v/(1 − β₂ᵗ)) + ε)
/// </code>
/// with t from 1. The outputs are the parameter, m and v (exp_avg and exp_avg_sq) after each step.
/// </summary>
public sealed class AdamOperation : OptimizerOperation<AdamState>
{
    private readonly bool _decoupled;

    public AdamOperation(bool decoupled)
    {
        _decoupled = decoupled;
        Defects = AdamDefects.For(Name, decoupled);
    }

    public override string Name => _decoupled ? "adamw" : "adam";

    public override IReadOnlyList<Defect> Defects { get; }

    /// <summary>
    /// An id such as <c>adam/t7-e17-w0.25</c>. <c>w</c> is the weight decay, <c>r</c> the rate (0.125), <c>b</c> and <c>c</c> the betas (0.9, 0.999).
    /// ε is 10⁻³, or 10⁻⁸ with <c>p8</c>. Parameter and gradients are ±1. With <c>small</c> the gradients are ±1/128, so that an ε of
    /// 10⁻³ matters.
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
        var options = $"{dice.Pick("", "-b0.5", "-b0")}{dice.Pick("", "-c0.9", "-c0.5")}{dice.Pick("", "-p8")}"
            + $"{dice.Pick("", "-w0.25", "-w0.01")}{dice.Pick("", "-r0.001")}";
        return $"t{dice.Pick(1, 12)}-e{dice.Pick(1, 40)}{options}{dice.Pick("", "-small")}{dice.Pick("", "-zeros", "-coast", "-turn")}";
    }

    protected override IEnumerable<(string Name, Func<AdamState, Rounded> Value)> Outputs(LayerCase layerCase) =>
        [("parameter", state => state.Parameter), ("exp_avg", state => state.First), ("exp_avg_sq", state => state.Second)];

    protected override AdamState Start(double parameter) => new(parameter, 0, 0, 0);

    protected override Func<AdamState, double, OptimizerStep, AdamState> Rule(LayerCase layerCase, Defect? defect)
    {
        var (terms, attributes) = (Terms.Under(defect, AdamTerms.Right(_decoupled)), layerCase.Attributes);
        var betas = attributes.Numbers("betas", 2);
        return (before, gradient, step) =>
        {
            var update = new AdamUpdate(before, gradient, step, betas[0], betas[1], attributes.Number("eps"), attributes.Number("weight_decay"));
            var g = terms.Gradient(update);
            var (m, v) = (terms.First(update, g), terms.Second(update, g));
            var denominator = terms.Denominator(update, v, terms.SecondCorrection(update));
            return new(terms.Step(update, terms.Parameter(update), m / terms.FirstCorrection(update), denominator), m, v,
                v.Value > before.Largest.Value ? v : before.Largest);
        };
    }

    /// <summary>The double nearest to 10 to the power of minus <paramref name="exponent"/>.</summary>
    private static double Epsilon(int exponent) => double.Parse($"1e-{exponent}", System.Globalization.CultureInfo.InvariantCulture);

    protected override LayerResult AnswerInFloat32(LayerCase layerCase, Summation order) => PlainOptimizers.Adam(layerCase, _decoupled);
}
