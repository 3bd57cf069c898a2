using static Conformance.Oracle.MistakeClass;
using static Conformance.Oracle.Operations.ReductionDefects;

namespace Conformance.Oracle.Operations;

/// <summary>Known mistakes in the reduction of a loss of class numbers.</summary>
internal static class ClassDefects
{
    /// <summary>Mistakes that come from class numbers.</summary>
    public static IEnumerable<Defect> For(string op) =>
    [
        .. ReductionDefects.For(op),
        Reduced(op, "averaged-over-classes", Passes.Forward | Passes.InputGradient, Scale,
            "the mean is taken over all N·C elements",
            "divide by the number of rows alone: each row has one loss",
            terms => terms with { Divisor = totals => totals.Shares * totals.Classes, GradientDivisor = totals => totals.Shares * totals.Classes }),
        Reduced(op, "gradient-averaged-over-classes", Passes.InputGradient, Scale,
            "the gradient is divided by the number of classes too: a mean over all N·C elements",
            "divide by the number of rows alone, as the loss is",
            terms => terms with { GradientDivisor = totals => totals.Shares * totals.Classes }),
        new ResultDefect($"{op}.gradient-doubled", Passes.InputGradient, Scale,
            "the gradient is twice what it should be: it is added to itself",
            "clear it before the backward pass, or assign it",
            (_, dx) => dx.Select(value => 2 * value)),
        new AcceptDefect($"{op}.target-unchecked",
            "a target that is no class is answered with numbers, or rows without a target are",
            "refuse a target below 0 or from C on, unless it is the one to ignore, and another number of targets than rows",
            layerCase => layerCase.Refused!.Contains("target", StringComparison.Ordinal)),
    ];

    /// <summary>Mistakes that come from class weights and an ignored class.</summary>
    public static IEnumerable<Defect> OfWeights(string op) =>
    [
        Reduced(op, "weights-not-in-divisor", Passes.Forward | Passes.InputGradient, Option,
            "the mean of weighted losses is divided by the number of rows",
            "divide by the sum of the targets' weights",
            terms => terms with { Share = item => item.Ignored ? 0 : 1 }),
        Reduced(op, "ignored-in-divisor", Passes.Forward | Passes.InputGradient, Option,
            "rows that are ignored still count in the divisor of the mean",
            "divide by the weights of the rows that count",
            terms => terms with { Share = item => item.Weight }),
        Reduced(op, "ignored-learns", Passes.InputGradient, Option,
            "rows that are ignored have a gradient: the mask is on the loss alone",
            "set the gradient of an ignored row to 0",
            terms => terms with { Learns = _ => true }),
        Reduced(op, "ignore-index-unread", Passes.Forward | Passes.InputGradient, Option,
            "−100 alone is ignored, whatever ignore_index says",
            "compare the target with ignore_index",
            terms => terms with
            {
                Counts = item => item.Target != LossItem.DefaultIgnoreIndex,
                Learns = item => item.Target != LossItem.DefaultIgnoreIndex,
                Share = item => item.Target == LossItem.DefaultIgnoreIndex ? 0 : item.Weight,
            }),
        Reduced(op, "ignored-costs", Passes.Forward, Option,
            "rows of the class that is ignored still cost: the mask is on the gradient alone",
            "leave the loss of an ignored row out",
            terms => terms with { Counts = item => item.Target >= 0 }),
        // An engine that ignores targets below 0 and not those of ignore_index has ignore-index-unread, because PyTorch refuses the other classes
        // below 0.
        Reduced(op, "zero-always-ignored", Passes.Forward | Passes.InputGradient, Option,
            "class 0 is ignored, as if it were padding, whatever ignore_index says",
            "compare the target with ignore_index",
            terms => terms with
            {
                Counts = item => item.Target != 0 && !item.Ignored,
                Learns = item => item.Target != 0 && !item.Ignored,
                Share = item => item.Target == 0 || item.Ignored ? 0 : item.Weight,
            }),
        Reduced(op, "weights-not-in-gradient-divisor", Passes.InputGradient, Option,
            "the gradient of the weighted mean is divided by the number of rows, the loss by their weights",
            "divide both by the sum of the targets' weights",
            terms => terms with { GradientDivisor = totals => totals.Items }),
    ];
}
