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
        .. SmoothDefects("sigmoid", "y·(1 − y)"),
        // Exponents held within ±88 and more can't be told from right: what they change is below 2⁻¹²⁶.
        Value("sigmoid.clipped", LossEdge,
            "x is clipped to ±20 first, so that no output is below 2e-9",
            "leave x as it is: 1/(1 + e⁻ˣ) goes to 0 without harm",
            x => 1 / (1 + Math.Exp(-Math.Clamp(x, -20, 20)))),
        Value("sigmoid.output-clipped", LossEdge,
            "y is held within 1e-7 and 1 − 1e-7, for a logarithm to come",
            "answer the sigmoid itself",
            x => Math.Clamp(1 / (1 + Math.Exp(-x)), 1e-7, 1 - 1e-7)),
        Value("sigmoid.tanh", Formula,
            "y is tanh x",
            "the sigmoid is 1/(1 + e⁻ˣ), from 0 to 1",
            Math.Tanh),
        Value("sigmoid.argument-doubled", Formula,
            "y is (1 + tanh x)/2, which is the sigmoid of 2x",
            "halve the argument: (1 + tanh(x/2))/2",
            x => 1 / (1 + Math.Exp(-2 * x))),
        Value("sigmoid.one-missing", Formula,
            "y is 1/e⁻ˣ: the 1 in the denominator is missing",
            "y = 1/(1 + e⁻ˣ)",
            Math.Exp),
        Value("sigmoid.denominator-minus", Formula,
            "y is 1/(1 − e⁻ˣ)",
            "y = 1/(1 + e⁻ˣ)",
            x => 1 / (1 - Math.Exp(-x))),
        Value("sigmoid.hard", Formula,
            "y is 0.2·x + 0.5 held within 0 and 1: a hard sigmoid",
            "y = 1/(1 + e⁻ˣ)",
            x => Math.Clamp(0.2 * x + 0.5, 0, 1))
            .From(Seen.Convention("Keras: the hard sigmoid of its recurrent layers")),
        Value("sigmoid.hard-of-six", Formula,
            "y is (x + 3)/6 held within 0 and 1: another hard sigmoid",
            "y = 1/(1 + e⁻ˣ)",
            x => Math.Clamp((x + 3) / 6, 0, 1)),
        Value("sigmoid.of-the-softsign", Formula,
            "y is ½·(1 + x/(1 + |x|)), which needs no exponential",
            "y = 1/(1 + e⁻ˣ)",
            x => (1 + x / (1 + Math.Abs(x))) / 2),
        Value("sigmoid.nan-saturates", NonFinite,
            "a NaN falls through the comparisons that saturate, to 0",
            "compare so that a NaN reaches the formula",
            x => x > -104 ? x < 104 ? 1 / (1 + Math.Exp(-x)) : 1 : 0),
        Slope("sigmoid.derivative-sum", "the derivative is y·(1 + y)",
            "it is y·(1 − y)", (_, y) => y * (1 + y)),
        Slope("sigmoid.derivative-square", "the derivative is (1 − y)²",
            "it is y·(1 − y)", (_, y) => (1 - y) * (1 - y)),
        Slope("sigmoid.derivative-of-square", "the derivative is y²",
            "it is y·(1 − y)", (_, y) => y * y),
        new TermDefect<ActivationTerms>("sigmoid.derivative-overflows", Passes.InputGradient, Precision,
            "the derivative is e⁻ˣ/(1 + e⁻ˣ)² as it stands: the square overflows below x = −44",
            "use the output: y·(1 − y)",
            terms => terms with { Slope = (x, _) => SingleExp(-x) / (float)Math.Pow(1 + SingleExp(-x), 2) }),
    ];

    protected override double SlopeByValue(double y) => y;
}
