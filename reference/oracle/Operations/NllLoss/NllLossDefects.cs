using static Conformance.Oracle.MistakeClass;

namespace Conformance.Oracle.Operations;

/// <summary>The known mistakes of negative log likelihood.</summary>
internal static class NllLossDefects
{
    public static IReadOnlyList<Defect> All { get; } =
    [
        .. ClassDefects.For("nll_loss"),
        .. ClassDefects.OfWeights("nll_loss"),
        // The gradient is −w at the target, whatever x is.
        .. ValueDefects.NaNLost("nll_loss", ("input", Passes.Forward), ValuePlace.Output),
        .. ValueDefects.InfinityLost("nll_loss", ("input", Passes.Forward), ValuePlace.Output),
        .. ValueDefects.Clipped("nll_loss", ("input", Passes.Forward), ValuePlace.Output, ValuePlace.Gradients),
        .. ValueDefects.Clipped("nll_loss", ("weight", Passes.Forward | Passes.InputGradient)),
        Change("onehot-times-infinity", Passes.Forward, NonFinite,
            "the onehot is multiplied by every log-probability: 0·∞ is NaN where a class beside the target is impossible",
            "read the target's alone: −w·x[n, y]",
            terms => terms with { Loss = row => -row.TargetWeight * Enumerable.Range(0, row.Classes).Sum(c => row.OneHot(c) * row.X(c)) }),
        Change("sign", Passes.Forward, Formula,
            "the loss is the log-probability itself",
            "take the negative: −x[n, y]",
            terms => terms with { Loss = row => -NllLossTerms.Right.Loss(row) }),
        Change("gradient-sign", Passes.InputGradient, Derivative,
            "the gradient has the wrong sign",
            "the loss is −w·x: its gradient is −w at the target",
            terms => terms with { Gradient = (row, c) => -NllLossTerms.Right.Gradient(row, c) }),
        Change("takes-logits", Passes.Forward | Passes.InputGradient, Formula,
            "the input goes through log-softmax once more",
            "nll_loss takes log-probabilities; cross_entropy takes logits",
            _ => new(
                row => row.TargetWeight * (LogSumExp(row) - row.X(row.Target)),
                (row, c) => row.TargetWeight * (Math.Exp(row.X(c) - LogSumExp(row)) - row.OneHot(c)))),
        Change("takes-probabilities", Passes.Forward | Passes.InputGradient, Formula,
            "the logarithm of the input is taken, as if it were a probability",
            "nll_loss takes log-probabilities: pick x[n, y] as it is",
            _ => new(row => -row.TargetWeight * Math.Log(row.X(row.Target)), (row, c) => -row.TargetWeight * row.OneHot(c) / row.X(c))),
        Change("classes-from-one", Passes.Forward | Passes.InputGradient, Formula,
            "classes are counted from 1: x[n, y − 1]",
            "count classes from 0",
            _ => new(
                row => -row.TargetWeight * row.X((row.Target + row.Classes - 1) % row.Classes),
                (row, c) => -row.TargetWeight * row.OneHot((c + 1) % row.Classes))),
        Change("weights-ignored", Passes.Forward | Passes.InputGradient, Option,
            "the class weights are not read, but for the divisor",
            "multiply each row by the weight of its target",
            _ => new(row => -row.X(row.Target), (row, c) => -row.OneHot(c))),
        Change("weights-not-in-gradient", Passes.InputGradient, Option,
            "the class weights are in the loss alone",
            "multiply the gradient by the target's weight too",
            terms => terms with { Gradient = (row, c) => -row.OneHot(c) }),
        Change("weight-by-row", Passes.Forward | Passes.InputGradient, Option,
            "the weights are indexed by the row: w[n]",
            "index them by the class: w[y]",
            _ => new(row => -WeightOfRow(row) * row.X(row.Target), (row, c) => -WeightOfRow(row) * row.OneHot(c))),
        Change("gradient-in-every-class", Passes.InputGradient, Derivative,
            "every class of a row gets the target's gradient",
            "only x[n, y] enters the loss",
            terms => terms with { Gradient = (row, _) => -row.TargetWeight }),
        Change("next-class", Passes.Forward | Passes.InputGradient, Formula,
            "the class after the target is picked: x[n, y + 1]",
            "pick the target itself: x[n, y]",
            _ => new(row => -row.TargetWeight * row.X((row.Target + 1) % row.Classes),
                (row, c) => -row.TargetWeight * row.OneHot((c + row.Classes - 1) % row.Classes))),
        Change("weights-squared", Passes.Forward | Passes.InputGradient, Option,
            "the class weights multiply twice: in the loss and again in the reduction",
            "multiply each row by the weight of its target once",
            _ => new(row => -row.TargetWeight * row.TargetWeight * row.X(row.Target),
                (row, c) => -row.TargetWeight * row.TargetWeight * row.OneHot(c))),
        Change("weights-squared-in-gradient", Passes.InputGradient, Option,
            "the class weights multiply the gradient twice",
            "multiply it by the weight of its target once",
            terms => terms with { Gradient = (row, c) => -row.TargetWeight * row.TargetWeight * row.OneHot(c) }),
        Change("weights-not-in-loss", Passes.Forward, Option,
            "the class weights are in the gradient alone",
            "multiply each row's loss by the weight of its target",
            terms => terms with { Loss = row => -row.X(row.Target) }),
        Change("weight-of-the-likeliest-class", Passes.Forward | Passes.InputGradient, Option,
            "a row has the weight of the class that the input prefers",
            "index the weights by the target",
            _ => new(row => -row.Weight(Likeliest(row)) * row.X(row.Target), (row, c) => -row.Weight(Likeliest(row)) * row.OneHot(c))),
        Change("likeliest-for-target", Passes.Forward, Formula,
            "the loss is that of the class that the input prefers",
            "pick the target's: −x[n, y]",
            terms => terms with { Loss = row => -row.TargetWeight * row.Max }),
        Change("sum-of-the-row", Passes.Forward, Formula,
            "the loss adds up the log-probabilities of all classes",
            "pick the target's: −x[n, y]",
            terms => terms with { Loss = row => -row.TargetWeight * Enumerable.Range(0, row.Classes).Sum(row.X) }),
        Change("magnitude", Passes.Forward, Formula,
            "the loss is |x[n, y]|, which a positive input betrays",
            "take the negative: −x[n, y]",
            terms => terms with { Loss = row => row.TargetWeight * Math.Abs(row.X(row.Target)) }),
        Change("gradient-times-input", Passes.InputGradient, Derivative,
            "the gradient at the target is the loss itself: −w·x",
            "the loss is linear: its gradient is −w at the target",
            terms => terms with { Gradient = (row, c) => -row.TargetWeight * row.OneHot(c) * row.X(c) }),
        Change("gradient-of-cross-entropy", Passes.InputGradient, Derivative,
            "the gradient is e^x − onehot, which belongs to the logits",
            "log-softmax's backward pass adds the softmax: here it is −w at the target alone",
            terms => terms with { Gradient = (row, c) => row.TargetWeight * (Math.Exp(row.X(c)) - row.OneHot(c)) }),
        Change("gradient-of-probabilities", Passes.InputGradient, Derivative,
            "the gradient is −w/e^x at the target, that of the probability",
            "the input is the logarithm: its gradient is −w",
            terms => terms with { Gradient = (row, c) => row.OneHot(c) == 0 ? 0 : -row.TargetWeight / Math.Exp(row.X(c)) }),
    ];

    private static double LogSumExp(ClassRow row) => new SoftmaxRow(row, row.Max, (_, _) => 0).LogSumExp;

    private static int Likeliest(ClassRow row) => Enumerable.Range(0, row.Classes).MaxBy(row.X);

    private static double WeightOfRow(ClassRow row) => row.Weight(row.Index % row.Classes);

    private static TermDefect<NllLossTerms> Change(string name, Passes passes, MistakeClass kind, string mistake, string mend,
        Func<NllLossTerms, NllLossTerms> change) =>
        new($"nll_loss.{name}", passes, kind, mistake, mend, change);
}
