using static Conformance.Oracle.MistakeClass;

namespace Conformance.Oracle.Operations;

/// <summary>The known mistakes of cross entropy.</summary>
internal static class CrossEntropyDefects
{
    public static IReadOnlyList<Defect> All { get; } =
    [
        .. ClassDefects.For("cross_entropy"),
        .. ClassDefects.OfWeights("cross_entropy"),
        .. ValueDefects.NaNLost("cross_entropy", ("input", Passes.Forward | Passes.InputGradient), ValuePlace.Output, ValuePlace.Gradients),
        .. ValueDefects.InfinityLost("cross_entropy", ("input", Passes.Forward | Passes.InputGradient), ValuePlace.Output),
        .. ValueDefects.Clipped("cross_entropy", ("input", Passes.Forward | Passes.InputGradient), ValuePlace.Output, ValuePlace.Gradients),
        .. ValueDefects.Clipped("cross_entropy", ("weight", Passes.Forward | Passes.InputGradient)),
        ValueDefects.NaNLosesComparisons("cross_entropy", ("input", Passes.Forward | Passes.InputGradient)),
        .. ShiftDefects.For<CrossEntropyTerms>("cross_entropy", (terms, shift) => terms with { Shift = shift }),
        Gradient("gradient-sign", Derivative,
            "the gradient has the wrong sign: onehot − softmax",
            "the gradient of the loss is softmax − onehot",
            (softmax, c) => -CrossEntropyTerms.Right.Gradient(softmax, c)),
        Gradient("gradient-of-the-target-alone", Derivative,
            "only the target's logit gets a gradient",
            "every logit of the row gets its softmax; the target's has 1 taken off",
            (softmax, c) => softmax.Row.OneHot(c) * CrossEntropyTerms.Right.Gradient(softmax, c)),
        Gradient("softmax-derived-twice", Derivative,
            "softmax − onehot goes through the softmax's Jacobian once more",
            "softmax − onehot is the gradient of the logits already",
            (softmax, c) => softmax.P(c) * (CrossEntropyTerms.Right.Gradient(softmax, c)
                - softmax.Sum(k => softmax.P(k) * CrossEntropyTerms.Right.Gradient(softmax, k)))),
        Gradient("weights-not-in-gradient", Option,
            "the class weights are in the loss alone",
            "multiply the row's gradient by its target's weight",
            (softmax, c) => softmax.P(c) - (1 - softmax.Row.Smoothing) * softmax.Row.OneHot(c) - softmax.Row.Smoothing / softmax.Row.Classes),
        Gradient("smoothing-not-in-gradient", Option,
            "the labels are smoothed in the loss alone: the gradient is still softmax − onehot",
            "take the smoothed label off the softmax",
            (softmax, c) => softmax.Row.TargetWeight * (softmax.P(c) - softmax.Row.OneHot(c))),
        Epsilon(1e-7), Epsilon(1e-8), Epsilon(1e-12), Epsilon(1e-15),
        Loss("clipped", LossEdge,
            "the probability is clipped to 1e-7 and 1 − 1e-7, so that a hopeless row costs 16.1 at most and a sure one is never free",
            "take the logarithm of the softmax in one step: x − logsumexp(x)",
            softmax => -softmax.Sum(c => softmax.Wanted(c) * Math.Log(Math.Clamp(softmax.P(c), 1e-7, 1 - 1e-7))))
            .From(Seen.Convention("Keras: probabilities are clipped at 1e-7")),
        Loss("infinite-where-hopeless", LossEdge,
            "the logarithm is taken of a probability that has become 0",
            "take the logarithm of the softmax in one step: x − logsumexp(x)",
            softmax => -softmax.Sum(c => softmax.Wanted(c) == 0 ? 0 : softmax.Wanted(c) * Math.Log(softmax.P(c)))),
        Loss("zero-times-log-zero", LossEdge,
            "the onehot is multiplied by the logarithm of every probability: 0·log 0 is NaN where the prediction is right",
            "look the target's logarithm up instead of multiplying",
            softmax => -softmax.Sum(c => softmax.Wanted(c) * Math.Log(softmax.P(c)))),
        Loss("another-loss-is-reported", LossNotDifferentiated,
            "the loss that is reported is the squared error of the probabilities, not the one that is differentiated",
            "report −log p of the target",
            softmax => softmax.Sum(c => (softmax.P(c) - softmax.Wanted(c)) * (softmax.P(c) - softmax.Wanted(c)))),
        Wanted("weights-ignored", Option,
            "the class weights are not read, but for the divisor",
            "multiply each row's loss by its target's weight",
            (row, c) => (1 - row.Smoothing) * row.OneHot(c) + row.Smoothing / row.Classes),
        Wanted("smoothing-ignored", Option,
            "label_smoothing is not read",
            "give the target 1 − ε, and ε/C to every class",
            (row, c) => row.Weight(c) * row.OneHot(c)),
        Wanted("smoothing-over-the-others", Option,
            "ε is spread over the C − 1 other classes",
            "spread it over all C, the target among them: ε/C each",
            (row, c) => row.Weight(c) * (c == row.Target ? 1 - row.Smoothing : row.Smoothing / (row.Classes - 1))),
        Wanted("smoothing-on-top", Option,
            "ε/C is added to a label that keeps its 1",
            "multiply the label by 1 − ε first",
            (row, c) => row.Weight(c) * (row.OneHot(c) + row.Smoothing / row.Classes)),
        Wanted("smoothing-without-weights", Option,
            "what is spread over the classes is not weighted",
            "multiply ε/C by each class's own weight",
            (row, c) => row.TargetWeight * (1 - row.Smoothing) * row.OneHot(c) + row.Smoothing / row.Classes),
        Wanted("smoothing-by-the-target-s-weight", Option,
            "the whole smoothed row is multiplied by the weight of its target",
            "multiply ε/C by each class's own weight",
            (row, c) => row.TargetWeight * ((1 - row.Smoothing) * row.OneHot(c) + row.Smoothing / row.Classes)),
        Gradient("gradient-without-onehot", Derivative,
            "the gradient is the softmax: the 1 is not taken off at the target",
            "the gradient of the loss is softmax − onehot",
            (softmax, c) => softmax.P(c) * softmax.WantedInAll),
        Gradient("gradient-without-softmax", Derivative,
            "the gradient is −onehot: the softmax is missing",
            "the gradient of the loss is softmax − onehot",
            (softmax, c) => -softmax.Wanted(c)),
        Gradient("one-taken-off-everywhere", Derivative,
            "1 is taken off the softmax of every class",
            "take it off at the target alone",
            (softmax, c) => (softmax.P(c) - 1) * softmax.WantedInAll),
        Gradient("gradient-sign-at-the-target", Derivative,
            "the gradient is 1 − p at the target and p elsewhere",
            "it is p − 1 at the target",
            (softmax, c) => softmax.Row.OneHot(c) == 1 ? -CrossEntropyTerms.Right.Gradient(softmax, c)
                : CrossEntropyTerms.Right.Gradient(softmax, c)),
        Gradient("gradient-of-logits", Derivative,
            "the gradient is x − onehot: the logits are taken for their softmax",
            "the gradient of the loss is softmax − onehot",
            (softmax, c) => softmax.Row.X(c) * softmax.WantedInAll - softmax.Wanted(c)),
        Gradient("gradient-of-log-probabilities", Derivative,
            "the gradient is log p − onehot: the logarithm is taken for the softmax",
            "the gradient of the loss is softmax − onehot",
            (softmax, c) => softmax.LogP(c) * softmax.WantedInAll - softmax.Wanted(c)),
        Gradient("gradient-of-probabilities", Derivative,
            "the gradient stops at the probabilities: −onehot/p",
            "go on through the softmax: softmax − onehot",
            (softmax, c) => softmax.Wanted(c) == 0 ? 0 : -softmax.Wanted(c) / softmax.P(c)),
        Gradient("gradient-times-slope", Derivative,
            "softmax − onehot is multiplied by p·(1 − p), as if the output were a sigmoid",
            "softmax − onehot is the gradient of the logits already",
            (softmax, c) => CrossEntropyTerms.Right.Gradient(softmax, c) * softmax.P(c) * (1 - softmax.P(c))),
        Gradient("gradient-of-the-next-class", Derivative,
            "the 1 is taken off at the class after the target",
            "take it off at the target: p[y] − 1",
            (softmax, c) => softmax.P(c) * softmax.WantedInAll - softmax.Wanted((c + softmax.Row.Classes - 1) % softmax.Row.Classes)),
        Gradient("gradient-weighs-each-class", Option,
            "the gradient of each class is multiplied by that class's own weight",
            "multiply the whole row by its target's weight",
            (softmax, c) => softmax.Row.Weight(c)
                * (softmax.P(c) - (1 - softmax.Row.Smoothing) * softmax.Row.OneHot(c) - softmax.Row.Smoothing / softmax.Row.Classes)),
        Loss("logarithm-to-base-ten", Formula,
            "the logarithm is to base 10",
            "take the natural logarithm, whose derivative is softmax − onehot",
            softmax => CrossEntropyTerms.Right.Loss(softmax) / Math.Log(10)),
        Loss("logarithm-to-base-two", Formula,
            "the logarithm is to base 2: the loss is in bits",
            "take the natural logarithm, whose derivative is softmax − onehot",
            softmax => CrossEntropyTerms.Right.Loss(softmax) / Math.Log(2)),
        Loss("binary", Formula,
            "the loss adds the logarithms of 1 − p of the other classes: binary cross entropy",
            "add −log p of the target alone",
            softmax => CrossEntropyTerms.Right.Loss(softmax) - softmax.Sum(c => (1 - softmax.Row.OneHot(c)) * Math.Log(1 - softmax.P(c)))),
        Loss("logarithm-missing", LossNotDifferentiated,
            "the loss that is reported is −p of the target",
            "take the logarithm: −log p",
            softmax => -softmax.Sum(c => softmax.Wanted(c) * softmax.P(c))),
        Loss("logit-for-logarithm", Formula,
            "the loss is −x[y]: the logits are taken for log-probabilities",
            "take logsumexp(x) − x[y]",
            softmax => -softmax.Sum(c => softmax.Wanted(c) * softmax.Row.X(c))),
        Loss("weights-not-in-loss", Option,
            "the class weights are in the gradient alone",
            "multiply each row's loss by its target's weight",
            softmax => -softmax.Sum(c =>
                ((1 - softmax.Row.Smoothing) * softmax.Row.OneHot(c) + softmax.Row.Smoothing / softmax.Row.Classes) * softmax.LogP(c))),
        Loss("smoothing-not-in-loss", Option,
            "the labels are smoothed in the gradient alone",
            "smooth them in the loss too",
            softmax => -softmax.Row.TargetWeight * softmax.LogPOfTarget),
        Both("softmax-twice", Formula,
            "the logits go through a softmax before the loss, which takes theirs once more",
            "hand the logits over as they are",
            softmax => -softmax.Sum(c => softmax.Wanted(c) * (softmax.P(c) - softmax.LogSumExpOfP)),
            (softmax, c) => softmax.P(c) * (softmax.SlopeOfP(c) - softmax.MeanSlopeOfP)),
        Both("online-sum-not-rescaled", SoftmaxOverflow,
            "an online softmax does not rescale its running sum when it meets a new maximum",
            "multiply the sum by e^(old − new) when the maximum changes",
            softmax => -softmax.Sum(c => softmax.Wanted(c) * (softmax.Row.X(c) - Online(softmax))),
            (softmax, c) => Math.Exp(softmax.Row.X(c) - Online(softmax)) * softmax.WantedInAll - softmax.Wanted(c)),
        Wanted("classes-from-one", Formula,
            "classes are counted from 1: the class before the target is wanted",
            "count classes from 0",
            (row, c) => row.TargetWeight * row.OneHot((c + 1) % row.Classes)),
        Wanted("next-class", Formula,
            "the class after the target is wanted",
            "the target is the class itself",
            (row, c) => row.TargetWeight * row.OneHot((c + row.Classes - 1) % row.Classes)),
        Wanted("weights-squared", Option,
            "the class weights multiply twice: in the label and again in the loss",
            "multiply by each class's weight once",
            (row, c) => row.Weight(c) * CrossEntropyTerms.Right.Wanted(row, c)),
        Wanted("weight-by-row", Option,
            "the weights are indexed by the row: w[n]",
            "index them by the class: w[y]",
            (row, c) => row.Weight(row.Index % row.Classes) * ((1 - row.Smoothing) * row.OneHot(c) + row.Smoothing / row.Classes)),
        Wanted("weight-of-the-first-row", Option,
            "every row has the weight of the first row's target",
            "index the weights by the row's own target",
            (row, c) => row.First.TargetWeight * ((1 - row.Smoothing) * row.OneHot(c) + row.Smoothing / row.Classes)),
        Wanted("weight-of-the-likeliest-class", Option,
            "a row has the weight of the class that the logits prefer",
            "index the weights by the target",
            (row, c) => row.Weight(Enumerable.Range(0, row.Classes).MaxBy(row.X))
                * ((1 - row.Smoothing) * row.OneHot(c) + row.Smoothing / row.Classes)),
        Wanted("smoothing-for-confidence", Option,
            "label_smoothing is taken for the target's share: ε for the target, (1 − ε)/C for every class",
            "give the target 1 − ε, and ε/C to every class",
            (row, c) => row.Smoothing == 0 ? row.Weight(c) * row.OneHot(c)
                : row.Weight(c) * (row.Smoothing * row.OneHot(c) + (1 - row.Smoothing) / row.Classes)),
        Wanted("smoothing-whole", Option,
            "every class gets ε, not ε/C",
            "spread ε over the classes: ε/C each",
            (row, c) => row.Weight(c) * ((1 - row.Smoothing) * row.OneHot(c) + row.Smoothing)),
        Wanted("smoothing-over-the-others-whole", Option,
            "the target keeps 1 − ε, and each other class gets ε/C",
            "the target too gets its ε/C",
            (row, c) => row.Weight(c) * (c == row.Target ? 1 - row.Smoothing : row.Smoothing / row.Classes)),
        new AcceptDefect("cross_entropy.smoothing-unchecked",
            "a label smoothing above 1 is taken",
            "refuse what is not from 0 to 1",
            layerCase => layerCase.Refused!.Contains("label_smoothing", StringComparison.Ordinal)),
    ];

    private static TermDefect<CrossEntropyTerms> Epsilon(double epsilon)
    {
        var text = epsilon.ToString("0e-0", System.Globalization.CultureInfo.InvariantCulture);
        return Loss($"epsilon-{text}", LossEdge,
            $"{text} is added to the probability before the logarithm, or is the least that it is clipped to, "
                + $"so that a hopeless row costs {-Math.Log(epsilon):0.0} at most",
            "take the logarithm of the softmax in one step: x − logsumexp(x)",
            softmax => -softmax.Sum(c => softmax.Wanted(c) * Math.Log(softmax.P(c) + epsilon)));
    }

    private static TermDefect<CrossEntropyTerms> Loss(string name, MistakeClass kind, string mistake, string mend, Func<SoftmaxRow, double> loss) =>
        new($"cross_entropy.{name}", Passes.Forward, kind, mistake, mend, terms => terms with { Loss = loss });

    private static TermDefect<CrossEntropyTerms> Gradient(string name, MistakeClass kind, string mistake, string mend,
        Func<SoftmaxRow, int, double> gradient) =>
        new($"cross_entropy.{name}", Passes.InputGradient, kind, mistake, mend, terms => terms with { Gradient = gradient });

    private static TermDefect<CrossEntropyTerms> Both(
        string name, MistakeClass kind, string mistake, string mend, Func<SoftmaxRow, double> loss, Func<SoftmaxRow, int, double> gradient) =>
        new($"cross_entropy.{name}", Passes.Forward | Passes.InputGradient, kind, mistake, mend,
            terms => terms with { Loss = loss, Gradient = gradient });

    /// <summary>The logsumexp of an online sum that is not rescaled when the maximum changes.</summary>
    private static double Online(SoftmaxRow softmax)
    {
        var (max, sum) = (softmax.Row.X(0), 0.0);
        for (var c = 0; c < softmax.Row.Classes; c++)
        {
            max = Math.Max(max, softmax.Row.X(c));
            sum += Math.Exp(softmax.Row.X(c) - max);
        }
        return max + Math.Log(sum);
    }

    private static TermDefect<CrossEntropyTerms> Wanted(string name, MistakeClass kind, string mistake, string mend,
        Func<ClassRow, int, double> wanted) =>
        new($"cross_entropy.{name}", Passes.Forward | Passes.InputGradient, kind, mistake, mend, terms => terms with { Wanted = wanted });
}
