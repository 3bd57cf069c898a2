using static Conformance.Oracle.MistakeClass;

namespace Conformance.Oracle.Operations;

/// <summary>Known mistakes in the number that is subtracted from the logits before exp.</summary>
internal static class ShiftDefects
{
    /// <summary>The mistakes of the shift, for an operation whose terms have one.</summary>
    public static IEnumerable<Defect> For<TTerms>(string op, Func<TTerms, Func<ClassRow, double>, TTerms> shifted) =>
    [
        new TermDefect<TTerms>($"{op}.no-shift", Passes.Forward | Passes.InputGradient, SoftmaxOverflow,
            "the softmax exponentiates the logits as they are: large ones overflow",
            "take the row's largest logit off before exp",
            terms => shifted(terms, _ => 0)),
        new TermDefect<TTerms>($"{op}.shift-of-the-batch", Passes.Forward | Passes.InputGradient, SoftmaxOverflow,
            "one maximum for the whole batch: the exponentials of small rows vanish beside a large one",
            "take each row's own largest logit off",
            terms => shifted(terms, row => row.MaxOfBatch)),
        new TermDefect<TTerms>($"{op}.shift-starts-at-minus-one", Passes.Forward | Passes.InputGradient, SoftmaxOverflow,
            "the search for the largest logit starts at 0 or −1, so that rows below keep no exponential",
            "start at the first logit, or at −∞",
            terms => shifted(terms, row => Math.Max(-1, row.Max))),
    ];
}
