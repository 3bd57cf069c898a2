using static Conformance.Oracle.MistakeClass;

namespace Conformance.Oracle.Operations;

/// <summary>The known mistakes of generalized cross entropy.</summary>
internal static class GeneralizedCrossEntropyDefects
{
    private static readonly ValuePlace Input = ("input", Passes.Forward | Passes.InputGradient);

    public static IReadOnlyList<Defect> All { get; } =
    [
        .. ClassDefects.For("generalized_cross_entropy"),
        .. ValueDefects.NaNLost("generalized_cross_entropy", Input, ValuePlace.Output, ValuePlace.Gradients),
        .. ValueDefects.Clipped("generalized_cross_entropy", Input, ValuePlace.Output, ValuePlace.Gradients),
        .. ShiftDefects.For<GeneralizedCrossEntropyTerms>("generalized_cross_entropy", (terms, shift) => terms with { Shift = shift }),
        Change("not-divided-by-q", Passes.Forward | Passes.InputGradient, Formula,
            "the loss is 1 − p^q",
            "divide by q: (1 − p^q)/q",
            terms => terms with
            {
                Loss = (softmax, q) => q * GeneralizedCrossEntropyTerms.Right.Loss(softmax, q),
                Gradient = (softmax, q, c) => q * GeneralizedCrossEntropyTerms.Right.Gradient(softmax, q, c),
            }),
        Gradient("gradient-times-q", Derivative,
            "the q of the power's derivative is kept: it and the loss's 1/q cancel",
            "the gradient is p^q·(p[c] − [c = y])",
            (softmax, q, c) => q * GeneralizedCrossEntropyTerms.Right.Gradient(softmax, q, c)),
        Gradient("gradient-sign", Derivative,
            "the gradient has the wrong sign",
            "the gradient is p^q·(p[c] − [c = y])",
            (softmax, q, c) => -GeneralizedCrossEntropyTerms.Right.Gradient(softmax, q, c)),
        Gradient("gradient-without-one-minus-p", Derivative,
            "the target's gradient is −p^q: the derivative of the softmax is missing its 1 − p",
            "multiply by 1 − p at the target",
            (softmax, q, c) => -softmax.Row.OneHot(c) * GeneralizedCrossEntropyTerms.Power(softmax, q)),
        Gradient("gradient-of-the-target-alone", Derivative,
            "only the target's logit gets a gradient: the diagonal of the softmax's Jacobian",
            "every other logit gets p^q·p[c]",
            (softmax, q, c) => softmax.Row.OneHot(c) * GeneralizedCrossEntropyTerms.Right.Gradient(softmax, q, c)),
        Gradient("gradient-power-one-less", Derivative,
            "the gradient stops at the probability: p^(q−1) without the p of the softmax's own derivative",
            "multiply by the softmax's derivative, p·([c = y] − p[c]): the power is then q",
            (softmax, q, c) => Math.Pow(Math.Exp(softmax.LogPOfTarget), q - 1) * (softmax.P(c) - softmax.Row.OneHot(c))),
        Gradient("gradient-of-cross-entropy", Derivative,
            "the gradient is softmax − onehot",
            "weigh it with p^q, which is what makes the loss robust",
            (softmax, _, c) => softmax.P(c) - softmax.Row.OneHot(c)),
        Gradient("infinite-power-times-zero", LossEdge,
            "the gradient is computed as p^(q−1)·p·…: where p has become 0 that is ∞·0, NaN",
            "keep the power together: p^q = exp(q·log p)",
            (softmax, q, c) => Math.Pow(Math.Exp(softmax.LogPOfTarget), q - 1)
                * (Math.Exp(softmax.LogPOfTarget) * (softmax.P(c) - softmax.Row.OneHot(c)))),
        Loss("power-of-a-vanished-probability", LossEdge,
            "the power is taken of a probability that has become 0, where its q-th power is not",
            "take it of the logarithm: p^q = exp(q·log p)",
            (softmax, q) => (1 - Math.Pow(Math.Exp(softmax.LogPOfTarget), q)) / q),
        Loss("loss-of-cross-entropy", LossNotDifferentiated,
            "the loss that is reported is −log p",
            "report (1 − p^q)/q",
            (softmax, _) => -softmax.LogPOfTarget),
        Loss("power-of-one-minus-p", Formula,
            "the loss is (1 − p)^q/q",
            "take the power of p, then the difference",
            (softmax, q) => Math.Pow(1 - Math.Exp(softmax.LogPOfTarget), q) / q),
        Change("q-for-one-minus-q", Passes.Forward | Passes.InputGradient, Formula,
            "the exponent is 1 − q",
            "q is the exponent itself",
            terms => terms with
            {
                Loss = (softmax, q) => GeneralizedCrossEntropyTerms.Right.Loss(softmax, 1 - q),
                Gradient = (softmax, q, c) => GeneralizedCrossEntropyTerms.Right.Gradient(softmax, 1 - q, c),
            }),
        Gradient("gradient-stops-at-the-probability", Derivative,
            "the gradient is −p^(q−1) at the target: that of the probability, without the softmax's own derivative",
            "multiply by the softmax's derivative, p·([c = y] − p[c])",
            (softmax, q, c) => softmax.Row.OneHot(c) == 0 ? 0 : -Math.Exp((q - 1) * softmax.LogPOfTarget)),
        Gradient("gradient-power-one-more", Derivative,
            "the gradient has one p too many: p^(q+1)",
            "the power is q: p^q·(p[c] − [c = y])",
            (softmax, q, c) => Math.Exp((q + 1) * softmax.LogPOfTarget) * (softmax.P(c) - softmax.Row.OneHot(c))),
        Gradient("gradient-power-one-less-times-q", Derivative,
            "the gradient is q·p^(q−1)·(p[c] − [c = y])",
            "the power is q, and its factor q cancels: p^q·(p[c] − [c = y])",
            (softmax, q, c) => q * Math.Exp((q - 1) * softmax.LogPOfTarget) * (softmax.P(c) - softmax.Row.OneHot(c))),
        Gradient("gradient-power-of-a-clipped-probability", LossEdge,
            "the gradient is p^(q−1)·(p[c] − [c = y]) with p held above 1e-7",
            "the power is q, which goes to 0 without harm",
            (softmax, q, c) => Math.Pow(Math.Max(Math.Exp(softmax.LogPOfTarget), 1e-7), q - 1) * (softmax.P(c) - softmax.Row.OneHot(c))),
        Gradient("gradient-power-of-each-class", Derivative,
            "each class has its own power: p[c]^q·(p[c] − [c = y])",
            "the power is the target's in the whole row",
            (softmax, q, c) => Math.Exp(q * softmax.LogP(c)) * (softmax.P(c) - softmax.Row.OneHot(c))),
        Gradient("gradient-weighs-by-one-minus-p", Derivative,
            "the gradient is weighed with (1 − p)^q, as a focal loss does for hard rows",
            "weigh it with p^q: hard rows may be mislabelled",
            (softmax, q, c) => Math.Pow(1 - Math.Exp(softmax.LogPOfTarget), q) * (softmax.P(c) - softmax.Row.OneHot(c))),
        Gradient("gradient-without-onehot", Derivative,
            "the 1 is not taken off at the target: p^q·p[c]",
            "the gradient is p^q·(p[c] − [c = y])",
            (softmax, q, c) => GeneralizedCrossEntropyTerms.Power(softmax, q) * softmax.P(c)),
        Loss("power-divided-alone", Formula,
            "the loss is 1 − p^q/q: the division binds to the power",
            "divide the difference: (1 − p^q)/q",
            (softmax, q) => 1 - GeneralizedCrossEntropyTerms.Power(softmax, q) / q),
        Loss("one-missing", Formula,
            "the loss is −p^q/q: the 1 is missing, and the gradient still right",
            "the loss is (1 − p^q)/q, which is 0 where p is 1",
            (softmax, q) => -GeneralizedCrossEntropyTerms.Power(softmax, q) / q),
        Loss("multiplied-by-q", Formula,
            "the loss is q·(1 − p^q)",
            "divide by q: (1 − p^q)/q",
            (softmax, q) => q * q * GeneralizedCrossEntropyTerms.Right.Loss(softmax, q)),
        Loss("epsilon-1e-7", LossEdge,
            "1e-7 is added to the probability before the power",
            "take the power of the logarithm: p^q = exp(q·log p)",
            (softmax, q) => (1 - Math.Pow(Math.Exp(softmax.LogPOfTarget) + 1e-7, q)) / q),
        Change("q-unread", Passes.Forward | Passes.InputGradient, Option,
            "q is always 0.7",
            "read q",
            terms => terms with
            {
                Loss = (softmax, _) => GeneralizedCrossEntropyTerms.Right.Loss(softmax, 0.7),
                Gradient = (softmax, _, c) => GeneralizedCrossEntropyTerms.Right.Gradient(softmax, 0.7, c),
            }),
        Change("truncated", Passes.Forward | Passes.InputGradient, Formula,
            "rows with p below ½ cost a constant and learn nothing: the paper's truncated loss",
            "every row costs (1 − p^q)/q",
            terms => terms with
            {
                Loss = (softmax, q) => -double.ExpM1(q * Math.Max(softmax.LogPOfTarget, Math.Log(0.5))) / q,
                Gradient = (softmax, q, c) => softmax.LogPOfTarget < Math.Log(0.5) ? 0 : GeneralizedCrossEntropyTerms.Right.Gradient(softmax, q, c),
            })
            .From(Seen.Convention("Zhang and Sabuncu 2018: equation 8 truncates the loss")),
        Change("classes-from-one", Passes.Forward | Passes.InputGradient, Formula,
            "classes are counted from 1: the class before the target is wanted",
            "count classes from 0",
            _ => new(
                GeneralizedCrossEntropyTerms.Right.Shift,
                (softmax, q) => -double.ExpM1(q * softmax.LogP(Before(softmax))) / q,
                (softmax, q, c) => Math.Exp(q * softmax.LogP(Before(softmax))) * (softmax.P(c) - (c == Before(softmax) ? 1 : 0)))),
    ];

    private static int Before(SoftmaxRow softmax) => (softmax.Row.Target + softmax.Row.Classes - 1) % softmax.Row.Classes;

    private static TermDefect<GeneralizedCrossEntropyTerms> Loss(string name, MistakeClass kind, string mistake, string mend,
        Func<SoftmaxRow, double, double> loss) =>
        Change(name, Passes.Forward, kind, mistake, mend, terms => terms with { Loss = loss });

    private static TermDefect<GeneralizedCrossEntropyTerms> Gradient(string name, MistakeClass kind, string mistake, string mend,
        Func<SoftmaxRow, double, int, double> gradient) =>
        Change(name, Passes.InputGradient, kind, mistake, mend, terms => terms with { Gradient = gradient });

    private static TermDefect<GeneralizedCrossEntropyTerms> Change(
        string name, Passes passes, MistakeClass kind, string mistake, string mend,
        Func<GeneralizedCrossEntropyTerms, GeneralizedCrossEntropyTerms> change) =>
        new($"generalized_cross_entropy.{name}", passes, kind, mistake, mend, change);
}
