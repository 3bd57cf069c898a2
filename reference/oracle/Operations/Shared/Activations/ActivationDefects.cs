namespace Conformance.Oracle.Operations;

/// <summary>Constructors for the known mistakes of tanh and sigmoid, and the mistakes that both can have.</summary>
internal static class ActivationDefects
{
    private static readonly ValuePlace Input = ("input", Passes.Forward | Passes.InputGradient);

    /// <summary>The mistakes that both tanh and sigmoid can have.</summary>
    public static IEnumerable<Defect> For(string op, string slope) =>
    [
        new TermDefect<ActivationTerms>($"{op}.cotangent-ignored", Passes.InputGradient, MistakeClass.Derivative,
            "the gradient is the slope itself: what arrives from above is taken for ones",
            $"multiply dy by {slope}", terms => terms with { Gradient = (_, slopeHere) => slopeHere }),
        new TermDefect<ActivationTerms>($"{op}.divided-by-the-slope", Passes.InputGradient, MistakeClass.Derivative,
            "dy is divided by the slope",
            $"multiply dy by {slope}", terms => terms with { Gradient = (dy, slopeHere) => dy / slopeHere }),
        new TermDefect<ActivationTerms>($"{op}.cotangent-sign-alone", Passes.InputGradient, MistakeClass.Derivative,
            "the sign of what arrives from above alone is multiplied by the slope",
            $"multiply dy by {slope}", terms => terms with { Gradient = (dy, slopeHere) => PlainNumbers.Sign(dy) * slopeHere }),
        // ±∞ saturates as the largest number does, and the output is at most 1.
        .. ValueDefects.NaNLost(op, Input, ValuePlace.Output, ValuePlace.Gradients),
        .. ValueDefects.InfinityLost(op, ValuePlace.Gradients),
        .. ValueDefects.Clipped(op, ValuePlace.Gradients),
        ValueDefects.ClippedAt(1, op, Input), ValueDefects.ClippedAt(5, op, Input),
        .. ElementwiseDefects.Loops(op), ElementwiseDefects.TailCopied(op),
        // Their derivatives have names of their own for the other sign, for none, and for what is left out.
        .. GradientDefects.For(op, "gradient-negated", "gradient-missing", "output-gradient-left-out"), .. GradientDefects.OfKept(op),
        Value($"{op}.identity", MistakeClass.Formula, "nothing is applied: the input is answered",
            $"apply {op} to each element", x => x),
    ];

    public static TermDefect<ActivationTerms> Slope(string id, string mistake, string mend, Func<double, double, double> slope) =>
        new(id, Passes.InputGradient, MistakeClass.Derivative, mistake, mend, terms => terms with { Slope = slope });

    public static TermDefect<ActivationTerms> Value(string id, MistakeClass kind, string mistake, string mend, Func<double, double> value) =>
        new(id, Passes.Forward | Passes.InputGradient, kind, mistake, mend, terms => terms with { Value = value });
}
