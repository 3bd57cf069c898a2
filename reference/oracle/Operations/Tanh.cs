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
    ];

    protected override double SlopeByValue(double y) => 2 * Math.Abs(y);
}
