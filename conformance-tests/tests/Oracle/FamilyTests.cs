using System.IO.Enumeration;
using System.Text.RegularExpressions;
using Conformance.Oracle;

namespace Conformance.Tests.Oracle;

/// <summary>
/// Operations that are alike have the same mistakes. A mistake that is known of one member of a family is known of every other, or a reason says why
/// it can't be: <c>mistake = own-name</c> where a member knows it by another name.
/// </summary>
internal sealed partial class FamilyTests
{
    private const string Otherwise = " = ";

    private static readonly Dictionary<string, string[]> Members = new()
    {
        ["optimisers"] = ["sgd", "adam", "adamw"],
        ["softmaxes"] = ["softmax", "log_softmax"],
        ["pools"] = ["max_pool2d", "avg_pool2d", "adaptive_avg_pool2d"],
        ["batch norms"] = ["batch_norm1d", "batch_norm2d"],
        ["losses"] = ["cross_entropy", "nll_loss", "generalized_cross_entropy", "mse_loss"],
        ["activations"] = ["relu", "leaky_relu", "tanh", "sigmoid"],
        ["layers"] =
        [
            "conv2d", "linear", "max_pool2d", "avg_pool2d", "adaptive_avg_pool2d", "batch_norm1d", "batch_norm2d", "relu", "leaky_relu", "tanh",
            "sigmoid", "softmax", "log_softmax", "flatten", "dropout",
        ],
    };

    /// <summary>The empty cells of the table. A star stands for any part of a name.</summary>
    private static readonly (string[] Operations, string Reason, string[] Mistakes)[] Reasons =
    [
        (["sgd"],
            "sgd has one state, the buffer, and no moments: nothing is squared, rooted or corrected",
            ["*moment*", "*correct*", "*root*", "square-*", "steps-from-*", "counter-counts-elements", "largest-gradient",
                "rate-corrected-without-root"]),
        (["sgd"],
            "sgd has no betas and no eps",
            ["*beta*", "*epsilon*"]),
        (["sgd"],
            "the momentum buffer has it by its own name",
            ["state-reset = momentum-forgotten", "moments-one-step-late = buffer-one-step-late", "betas-unread = momentum-unread",
                "betas-for-one-minus-betas = momentum-reversed", "first-moment-never-fades = buffer-never-fades",
                "beta-on-the-gradient-too = momentum-on-the-gradient-too", "first-moment-in-float16 = buffer-in-float16",
                "first-moment-adds-the-whole-gradient = buffer-is-a-mean", "nesterov = nesterov-always",
                "moments-start-at-the-gradient = first-gradient-twice"]),
        (["sgd"],
            "without a division by the moments, and with a rate that multiplies the step, it is decay-after-the-momentum",
            ["decay-decoupled = decay-after-the-momentum", "decay-coupled", "decay-at-the-*"]),
        (["sgd"],
            "its gradients are whole numbers: clipped to ±1 they are their signs, and their norm is never below 1",
            ["gradient-normalised", "gradient-sign-alone = gradient-clipped"]),
        (["adam", "adamw"],
            "there is no momentum buffer, whose place the moments have: no dampening, no velocity, no look ahead",
            ["*buffer*", "*dampen*", "*velocity*", "momentum-*", "nesterov-*", "dampened-*", "first-gradient-twice", "gradient-twice",
                "decay-after-the-momentum"]),
        (["adam", "adamw"],
            "it has the clip by the name that all operations have",
            ["gradient-clipped = gradients-clipped-at-1"]),
        (["adam"],
            "its own decay is coupled, and has no rate",
            ["decay-coupled", "decay-at-the-*"]),
        (["adamw"],
            "its own decay is decoupled",
            ["decay-decoupled"]),
        (["softmax"],
            "softmax takes no logarithm",
            ["*logarithm*", "log-of-softmax", "negative", "exp-missing", "softmax", "minus-infinity-kept-beside-nan"]),
        (["softmax"],
            "its own gradient has it by its own name",
            ["softmax-missing = sum-of-dy", "weighted-sum = factor-missing", "cotangent-by-one-minus-softmax = cotangent-ignored",
                "sum-taken-for-one = as-with-cross-entropy", "gradient-of-softmax = gradient-of-log-softmax",
                "multiplied-by-softmax = square-of-the-output", "sum-without-logarithm = not-normalised", "logarithm-of-one-more = sum-and-one",
                "logarithm-of-the-mean = divided-by-the-length", "maximum-not-in-the-logarithm = maximum-in-the-sum-alone"]),
        (["softmax"],
            "the gradient has no division",
            ["divided-by-softmax"]),
        (["softmax"],
            "with ones from above its gradient is zero",
            ["output-gradient-left-out = gradient-missing"]),
        (["log_softmax"],
            "its own gradient has it by its own name",
            ["off-diagonal-sign = sum-added", "gradient-passes = sum-missing", "sum-of-dy = softmax-missing",
                "cotangent-ignored = cotangent-by-one-minus-softmax", "factor-missing = weighted-sum",
                "gradient-of-log-softmax = gradient-of-softmax", "square-of-the-output = multiplied-by-softmax", "log-softmax = softmax",
                "maximum-in-the-sum-alone = maximum-not-in-the-logarithm", "sum-and-one = logarithm-of-one-more"]),
        (["log_softmax"],
            "its Jacobian is a projection: applied twice it is the same",
            ["jacobian-twice"]),
        (["log_softmax"],
            "the softmax of a log-softmax is the softmax",
            ["softmax-of-the-output"]),
        (["log_softmax"],
            "its Jacobian's diagonal is 1 − e^y already",
            ["diagonal-without-square"]),
        (["log_softmax"],
            "a maximum that is added overflows where none is taken off",
            ["shift-added = no-shift"]),
        (["log_softmax"],
            "the logarithm of a hard maximum is −∞ but for one element",
            ["hard-maximum"]),
        (["max_pool2d"],
            "a maximum has no divisor",
            ["*divided*", "*counted*", "whole-kernel-*", "sum-for-mean", "mean-cut-to-an-integer"]),
        (["max_pool2d", "avg_pool2d"],
            "the windows follow from kernel and stride, not from the output's size",
            ["end-*", "start-rounded-up", "windows-of-one-size", "last-window-takes-the-remainder", "fixed-stride-*",
                "*-kernel-from-each-start", "bounds-rounded-to-nearest", "whole-plane", "output-size-swapped", "output-*-for-both-throughout",
                "empty-input-accepted"]),
        (["max_pool2d"],
            "a maximum has it by its own name",
            ["first-element-alone = first-element"]),
        (["avg_pool2d"],
            "the mean has it by the gradient's name",
            ["first-element-alone = backward-to-first-element"]),
        (["avg_pool2d"],
            "it has no windows of unequal size",
            ["divided-by-the-average-window", "divided-by-height-alone = divided-by-one-side",
                "divided-by-width-alone = divided-by-other-side", "backward-divided-by-the-first-window = divided-by-the-first-window"]),
        (["avg_pool2d", "adaptive_avg_pool2d"],
            "a mean has no winner, and so no ties and no place to keep",
            ["ties-*", "scanned-by-columns", "*-is-zero", "maximum-*", "*nan-ignored", "first-nan-wins", "*index-*", "gradient-averaged",
                "minimum", "largest-magnitude", "first-element", "last-element-left-out", "compared-with-the-one-before",
                "gradient-to-the-whole-window", "gradient-spread", "minus-infinity-without-a-place"]),
        (["avg_pool2d", "adaptive_avg_pool2d"],
            "it has no dilation",
            ["*dilation*"]),
        (["avg_pool2d", "adaptive_avg_pool2d"],
            "its gradient does not depend on its input",
            ["first-image-kept", "last-image-kept"]),
        (["adaptive_avg_pool2d"],
            "it has no kernel, stride, padding or ceil_mode: its windows follow from the output's size",
            ["*kernel*", "*stride*", "*padding*", "ceil-*", "gradient-cropped-to-nothing", "columns-unchecked", "output-one-short",
                "padding-replicated"]),
        (["adaptive_avg_pool2d"],
            "its windows have the sides of no kernel",
            ["divided-by-height-squared", "divided-by-width-squared", "divided-by-one-side = divided-by-height-alone",
                "divided-by-other-side = divided-by-width-alone"]),
        (["adaptive_avg_pool2d"],
            "a window's number gives its place by its own formula, where a swap is output-size-swapped",
            ["output-decoded-by-height = output-size-swapped"]),
        (["nll_loss", "mse_loss"],
            "it has no softmax: nothing is exponentiated, shifted or clipped",
            ["*shift*", "*softmax*", "epsilon-*", "clipped", "*vanish*", "infinite-*", "zero-times-log-zero", "gradient-of-logits",
                "gradient-of-log-probabilities", "gradient-times-slope", "online-sum-not-rescaled", "logarithm-*", "binary",
                "logit-for-logarithm", "one-taken-off-everywhere", "gradient-sign-at-the-target", "gradient-without-onehot",
                "another-loss-is-reported"]),
        (["nll_loss", "mse_loss"],
            "it has no q",
            ["*q", "*q-*", "*power*", "gradient-without-one-minus-p", "loss-of-cross-entropy", "gradient-stops-at-the-probability",
                "gradient-weighs-by-one-minus-p", "one-missing", "truncated"]),
        (["nll_loss", "generalized_cross_entropy", "mse_loss"],
            "it has no label smoothing",
            ["smoothing-*"]),
        (["nll_loss"],
            "the target's gradient is the only one",
            ["gradient-of-the-target-alone"]),
        (["nll_loss"],
            "a row has one class in it, the target's",
            ["gradient-weighs-each-class"]),
        (["cross_entropy", "generalized_cross_entropy"],
            "it takes logits, not log-probabilities",
            ["sign = loss-sign", "takes-logits", "takes-probabilities", "gradient-in-every-class", "likeliest-for-target", "sum-of-the-row",
                "magnitude", "gradient-times-input", "onehot-times-infinity"]),
        (["cross_entropy"],
            "it has no q",
            ["*q", "*q-*", "*power*", "gradient-without-one-minus-p", "loss-of-cross-entropy", "gradient-stops-at-the-probability",
                "gradient-weighs-by-one-minus-p", "one-missing", "truncated", "gradient-of-cross-entropy"]),
        (["cross_entropy"],
            "its weights multiply the gradient in the label",
            ["weights-squared-in-gradient = weights-squared"]),
        (["cross_entropy", "nll_loss", "generalized_cross_entropy"],
            "a class has no difference from its target: the mistakes are those of a square",
            ["mean-over-*", "gradient-mean-over-*", "half*", "gradient-without-two", "gradient-is-the-sign", "absolute*", "root", "smooth",
                "difference-of-squares", "square-missing", "gradient-without-target", "gradient-is-the-loss",
                "gradient-twice-two = gradient-doubled", "gradient-clipped = gradients-clipped-at-1", "gradient-of-magnitude"]),
        (["generalized_cross_entropy", "mse_loss"],
            "it has no class weights, and ignores no class",
            ["*weight*", "gradient-weighs-each-class", "ignore*", "zero-always-ignored"]),
        (["generalized_cross_entropy"],
            "a probability near 0 or 1 costs nothing to hold: its power hardly changes",
            ["epsilon-1e-8", "epsilon-1e-12", "epsilon-1e-15", "clipped = epsilon-1e-7",
                "infinite-where-hopeless = power-of-a-vanished-probability", "zero-times-log-zero = infinite-power-times-zero"]),
        (["generalized_cross_entropy"],
            "it takes a power where cross entropy takes a logarithm",
            ["logarithm-*", "binary", "logit-for-logarithm", "another-loss-is-reported = loss-of-cross-entropy",
                "gradient-without-softmax = gradient-without-one-minus-p", "gradient-of-probabilities = gradient-stops-at-the-probability",
                "softmax-twice", "online-sum-not-rescaled"]),
        (["mse_loss"],
            "it has no classes and no probabilities",
            ["*class*", "*target-alone", "*of-probabilities", "target-unchecked", "sign = loss-sign", "takes-*", "likeliest-for-target",
                "sum-of-the-row", "magnitude", "gradient-times-input", "onehot-times-infinity", "gradient-of-cross-entropy"]),
        (["mse_loss"],
            "it has it by its own name",
            ["gradient-doubled = gradient-twice-two"]),
        (["relu"],
            "it has no slope to misread",
            ["*slope*", "sides-swapped", "gradient-sides-swapped", "closed-at-zero", "greater-of-both"]),
        (["relu"],
            "the forward mask of the first image has its own name",
            ["first-image-kept = mask-of-the-first-image"]),
        (["relu", "leaky_relu"],
            "it is no curve, and its derivative has no formula",
            ["derivative-*", "*-derivative", "square-*", "exp-*", "clipped", "cotangent-ignored", "cotangent-sign-alone",
                "divided-by-the-slope", "quotient-of-exponentials", "argument-*", "not-centred", "sigmoid", "tanh", "exponent-sign",
                "rational-approximation", "nan-saturates", "factor-*", "output-clipped", "one-missing", "denominator-minus", "hard*",
                "of-the-softsign"]),
        (["leaky_relu"],
            "the negative side passes, by a slope: a mask has the name of a slope",
            ["mask-missing = gradient-slope-of-one", "mask-inverted = gradient-sides-swapped", "mask-of-the-first-image = first-image-kept",
                "multiplied-by-the-output", "negative-side-kept", "absolute-value = slope-sign", "negative-side-leaks", "closed-above-six",
                "*product-with-the-mask", "clipped-at-the-largest", "open-at-positive-zero", "nan-becomes-zero"]),
        (["tanh", "sigmoid"],
            "it has no mask, no threshold and no slope of its own",
            ["open-*", "mask-*", "*half-at-zero", "negative-side-*", "absolute-value", "multiplied-by-the-output", "closed-*",
                "*product-with-the-mask", "clipped-at-*", "nan-becomes-zero", "slope-*", "*-slope-of-one", "gradient-sides-swapped",
                "sides-swapped", "greater-of-both"]),
        (["tanh", "sigmoid"],
            "its derivative has it by its own name",
            ["gradient-negated = derivative-sign", "output-gradient-left-out = cotangent-ignored"]),
        (["tanh"],
            "it is no sigmoid: its formulas are others",
            ["factor-*", "tanh-derivative", "output-clipped", "tanh", "one-missing", "denominator-minus", "hard*",
                "of-the-softsign = rational-approximation", "derivative-sum = square-added", "derivative-square = square-missing",
                "derivative-of-square = derivative-is-the-square", "derivative-overflows"]),
        (["sigmoid"],
            "it is no tanh: its formulas are others",
            ["square-*", "sigmoid-derivative = tanh-derivative", "quotient-of-exponentials", "exp-overflows-below", "argument-not-doubled",
                "not-centred", "sigmoid = tanh", "rational-approximation = of-the-softsign",
                "derivative-is-the-output = factor-one-minus-y-missing", "derivative-is-the-square = derivative-of-square",
                "derivative-of-absolute"]),
        (["conv2d", "linear"],
            "the input gradient has it by its own name",
            ["gradient-negated = backward-input-negated", "gradient-missing = backward-input-missing",
                "gradient-averaged-over-images = backward-input-mean"]),
        (["conv2d"],
            "without a constant factor it is the first image's dy",
            ["gradient-of-the-first-image = backward-input-first-image"]),
        (["linear"],
            "the input gradient has it by its own name",
            ["gradient-times-images = backward-input-times-rows", "gradient-of-the-first-image = backward-input-first-row"]),
        (["batch_norm1d", "batch_norm2d"],
            "the input gradient has it by its own name",
            ["gradient-negated = backward-input-sign", "gradient-missing = backward-input-missing"]),
        (["softmax", "log_softmax"],
            "the input gradient has it by its own name",
            ["gradient-negated = gradient-sign"]),
    ];

    /// <summary>The mistakes of any layer in its input gradient, which <c>GradientDefects</c> makes for all of them.</summary>
    private static readonly string[] OfAnyLayer =
    [
        "gradient-negated", "gradient-missing", "output-gradient-left-out", "gradient-averaged-over-images", "gradient-times-images",
        "gradient-doubled", "gradient-of-the-first-image", "gradient-of-the-first-image-alone", "gradient-of-the-last-image-lost",
        "gradient-missing-in-large-batches",
    ];

    private static IEnumerable<string> Families => Members.Keys;

    [TestCaseSource(nameof(Families))]
    public void EachMistakeIsKnownOfEachMember(string family) => Assert.That(
        Open(family).Where(cell => !Array.Exists(Reasons, reason => reason.Mistakes.Any(pattern => IsFor(reason.Operations, pattern, cell))))
            .Select(cell => $"{cell.Operation}.{cell.Mistake}"),
        Is.Empty);

    [Test]
    public void EachReasonIsNeeded()
    {
        var open = Families.SelectMany(Open).ToHashSet();
        Assert.That(
            Reasons.SelectMany(reason => reason.Mistakes.Where(pattern => !open.Any(cell => IsFor(reason.Operations, pattern, cell)))
                .Select(pattern => $"{string.Join(", ", reason.Operations)}: {pattern}")),
            Is.Empty);
    }

    [Test]
    public void AnOwnNameIsKnown() => Assert.That(
        Reasons.SelectMany(reason => reason.Mistakes.Where(pattern => pattern.Contains(Otherwise, StringComparison.Ordinal)).SelectMany(pattern =>
            reason.Operations.Where(op => !All(op).Contains(pattern.Split(Otherwise)[1])).Select(op => $"{op}: {pattern}"))),
        Is.Empty);

    /// <summary>The mistakes of a family that a member does not have.</summary>
    private static IEnumerable<(string Operation, string Mistake)> Open(string family)
    {
        var known = Members[family].ToDictionary(op => op, Names);
        var mistakes = family == "layers" ? OfAnyLayer : known.Values.SelectMany(names => names).Distinct().ToArray();
        return Members[family].SelectMany(op => mistakes.Where(mistake => !known[op].Contains(mistake)).Select(mistake => (op, mistake)));
    }

    private static bool IsFor(string[] operations, string pattern, (string Operation, string Mistake) cell) =>
        operations.Contains(cell.Operation) && FileSystemName.MatchesSimpleExpression(pattern.Split(Otherwise)[0], cell.Mistake);

    private static HashSet<string> Names(string op) => [.. All(op).Where(name => !OfValues.IsMatch(name))];

    private static IEnumerable<string> All(string op) => AllOperations.Named(op).Defects.Select(defect => defect.Id[(op.Length + 1)..]);

    /// <summary>What is done to NaN, infinity and large numbers: each operation lists the places in which that gives an answer of its own.</summary>
    [GeneratedRegex("^nan-in-|-made-finite$|-clipped-at-")]
    private static partial Regex OfValues { get; }
}
