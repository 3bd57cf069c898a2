using static Conformance.Oracle.MistakeClass;

namespace Conformance.Oracle.Operations;

/// <summary>
/// sigmoid: y = 1/(1 + e⁻ˣ), dx = dy·y·(1 − y). Bounds: c = 12, S = 0. The slope (1 − y)·y changes by 1 − 2y with y, but near y = 0 in proportion to
/// y, which c·|dx| covers. Calibrated over 100 draws of each of four shapes, up to ±120: a naive float32 loop reaches 0.25 of the tolerance, where
/// e⁻ˣ overflows and its reciprocal is 0 in place of up to 2⁻¹²⁸.
/// </summary>
public sealed class Sigmoid() : Activation("sigmoid", new(x => 1 / (1 + Math.Exp(-x)), (_, y) => (1 - y) * y), relative: 12, absolute: 0)
{
    public override IReadOnlyList<Defect> Defects { get; } =
    [
        Slope("sigmoid.derivative-of-the-output", "the derivative is taken at y instead of x: σ(y)·(1 − σ(y))",
            "y is σ(x) already: y·(1 − y)", (_, y) => 1 / (1 + Math.Exp(-y)) * (1 - 1 / (1 + Math.Exp(-y)))),
        Slope("sigmoid.factor-y-missing", "the derivative is 1 − y",
            "it is y·(1 − y)", (_, y) => 1 - y),
        Slope("sigmoid.factor-one-minus-y-missing", "the derivative is y",
            "it is y·(1 − y)", (_, y) => y),
        Slope("sigmoid.derivative-from-the-input", "the derivative is x·(1 − x)",
            "use the output: y·(1 − y)", (x, _) => x * (1 - x)),
        Slope("sigmoid.tanh-derivative", "the derivative is 1 − y², which is tanh's",
            "sigmoid's is y·(1 − y)", (_, y) => 1 - y * y),
        Slope("sigmoid.derivative-missing", "the gradient passes unchanged",
            "multiply dy by y·(1 − y)", (_, _) => 1),
        new TermDefect<ActivationTerms>("sigmoid.gradient-missing", Passes.InputGradient, MissingGradient,
            "the gradient stays zero: layers before it learn nothing", "multiply dy by y·(1 − y)", terms => terms with { Slope = (_, _) => 0 }),
        Slope("sigmoid.derivative-twice", "the derivative is applied twice",
            "multiply dy by y·(1 − y) once", (_, y) => Math.Pow(y * (1 - y), 2)),
        Slope("sigmoid.derivative-sign", "the derivative is y·(y − 1)",
            "it is y·(1 − y)", (_, y) => y * (y - 1)),
        new TermDefect<ActivationTerms>("sigmoid.exp-overflows", Passes.Forward | Passes.InputGradient, Precision,
            "eˣ/(1 + eˣ) as it stands: ∞/∞ is NaN above x = 88",
            "use 1/(1 + e⁻ˣ), or the formula of −|x|",
            terms => terms with { Value = x => SingleExp(x) / (1 + SingleExp(x)) }),
        new TermDefect<ActivationTerms>("sigmoid.exponent-sign", Passes.Forward | Passes.InputGradient, Formula,
            "1/(1 + eˣ): the exponent's sign is lost",
            "it is 1/(1 + e⁻ˣ)",
            terms => terms with { Value = x => 1 / (1 + Math.Exp(x)) }),
    ];

    protected override double SlopeByValue(double y) => y;
}
