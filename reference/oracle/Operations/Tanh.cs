using static Conformance.Oracle.MistakeClass;

namespace Conformance.Oracle.Operations;

/// <summary>
/// tanh: y = tanh x, dx = dy·(1 − y²). Bounds: c = 12 and S = 12, since an engine may form it from exponentials, (eˣ − e⁻ˣ)/(eˣ + e⁻ˣ), whose difference
/// cancels around 0. Calibrated over 100 draws of each of four shapes, up to ±120: MathF.Tanh reaches 0.08 of the tolerance, the exponentials 0.10 (two shapes, up to ±4: they overflow).
/// </summary>
public sealed class Tanh() : Activation("tanh", new(Math.Tanh, (_, y) => 1 - y * y), relative: 12, absolute: 12)
{
    public override IReadOnlyList<Defect> Defects { get; } =
    [
        Slope("tanh.derivative-of-the-output", "the derivative is taken at y instead of x: 1 − tanh²(y)",
            "y is tanh(x) already: 1 − y²", (_, y) => 1 - Math.Pow(Math.Tanh(y), 2)),
        Slope("tanh.square-missing", "the derivative is 1 − y",
            "it is 1 − y²", (_, y) => 1 - y),
        Slope("tanh.derivative-from-the-input", "the derivative is 1 − x²",
            "square the output: 1 − y²", (x, _) => 1 - x * x),
        Slope("tanh.sigmoid-derivative", "the derivative is y·(1 − y), which is sigmoid's",
            "tanh's is 1 − y²", (_, y) => y * (1 - y)),
        Slope("tanh.derivative-missing", "the gradient passes unchanged",
            "multiply dy by 1 − y²", (_, _) => 1),
        new TermDefect<ActivationTerms>("tanh.gradient-missing", Passes.InputGradient, MissingGradient,
            "the gradient stays zero: layers before it learn nothing", "multiply dy by 1 − y²", terms => terms with { Slope = (_, _) => 0 }),
        Slope("tanh.derivative-twice", "the derivative is applied twice",
            "multiply dy by 1 − y² once", (_, y) => Math.Pow(1 - y * y, 2)),
        Slope("tanh.derivative-sign", "the derivative is y² − 1",
            "it is 1 − y²", (_, y) => y * y - 1),
        new TermDefect<ActivationTerms>("tanh.exp-overflows", Passes.Forward | Passes.InputGradient, Precision,
            "(e²ˣ − 1)/(e²ˣ + 1) as it stands: ∞/∞ is NaN above x = 44",
            "use MathF.Tanh, or the formula of −|x| with x's sign",
            terms => terms with { Value = x => (SingleExp(2 * x) - 1) / (SingleExp(2 * x) + 1) }),
        new TermDefect<ActivationTerms>("tanh.clipped", Passes.Forward | Passes.InputGradient, Formula,
            "x is clipped to ±1 first: a hard tanh",
            "leave x as it is",
            terms => terms with { Value = x => Math.Clamp(x, -1, 1) }),
        .. SmoothDefects("tanh", "1 − y²"),
        // 1 − 2/(e²ˣ + 1) and sech² from cosh(x) go to the right limits where their exponentials overflow, and near 0 err by what the bound allows: right.
        Value("tanh.quotient-of-exponentials", Precision,
            "(eˣ − e⁻ˣ)/(eˣ + e⁻ˣ) as it stands: ∞/∞ is NaN beyond ±88",
            "use MathF.Tanh, or the formula of −|x| with x's sign",
            x => (SingleExp(x) - SingleExp(-x)) / (SingleExp(x) + SingleExp(-x))),
        Value("tanh.exp-overflows-below", Precision,
            "(1 − e⁻²ˣ)/(1 + e⁻²ˣ) as it stands: ∞/∞ is NaN below x = −44",
            "use MathF.Tanh, or the formula of −|x| with x's sign",
            x => (1 - SingleExp(-2 * x)) / (1 + SingleExp(-2 * x))),
        Value("tanh.argument-not-doubled", Formula,
            "y is (1 − e⁻ˣ)/(1 + e⁻ˣ), which is tanh(x/2)",
            "double the exponent: 2·σ(2x) − 1",
            x => Math.Tanh(x / 2)),
        Value("tanh.argument-doubled", Formula,
            "y is tanh(2x)",
            "2·σ(2x) − 1 is tanh x already",
            x => Math.Tanh(2 * x)),
        Value("tanh.not-centred", Formula,
            "y is σ(2x), without its 2·… − 1",
            "tanh x is 2·σ(2x) − 1",
            x => 1 / (1 + Math.Exp(-2 * x))),
        Value("tanh.sigmoid", Formula,
            "y is the sigmoid",
            "tanh is (eˣ − e⁻ˣ)/(eˣ + e⁻ˣ)",
            x => 1 / (1 + Math.Exp(-x))),
        Value("tanh.exponent-sign", Formula,
            "the exponents' signs are swapped: y is −tanh x",
            "tanh is (eˣ − e⁻ˣ)/(eˣ + e⁻ˣ)",
            x => Math.Tanh(-x)),
        Value("tanh.rational-approximation", Precision,
            "y is x·(27 + x²)/(27 + 9x²), held within ±1: a curve that comes near tanh and is off by 0.02",
            "use MathF.Tanh",
            x => Math.Clamp(x * (27 + x * x) / (27 + 9 * x * x), -1, 1)),
        Value("tanh.nan-saturates", NonFinite,
            "a NaN falls through the comparisons that saturate, to −1",
            "compare so that a NaN reaches the formula",
            x => x > -20 ? x < 20 ? Math.Tanh(x) : 1 : -1),
        Slope("tanh.square-added", "the derivative is 1 + y²",
            "it is 1 − y²", (_, y) => 1 + y * y),
        Slope("tanh.derivative-half", "the derivative is ½·(1 − y²), that of (1 − e⁻ˣ)/(1 + e⁻ˣ)",
            "tanh's is 1 − y²", (_, y) => (1 - y * y) / 2),
        Slope("tanh.derivative-is-the-output", "dy is multiplied by y",
            "multiply it by 1 − y²", (_, y) => y),
        Slope("tanh.derivative-is-the-square", "the derivative is y²",
            "it is 1 − y²", (_, y) => y * y),
        Slope("tanh.derivative-of-absolute", "the derivative is 1 − |y|",
            "it is 1 − y²", (_, y) => 1 - Math.Abs(y)),
    ];

    protected override double SlopeByValue(double y) => 2 * Math.Abs(y);
}
