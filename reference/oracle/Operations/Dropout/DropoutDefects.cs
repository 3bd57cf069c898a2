using static Conformance.Oracle.MistakeClass;

namespace Conformance.Oracle.Operations;

/// <summary>The known mistakes of dropout.</summary>
internal static class DropoutDefects
{
    private const Passes Both = Passes.Forward | Passes.InputGradient;

    public static IReadOnlyList<Defect> All { get; } =
    [
        Change("not-scaled", Both, Scale,
            "what is kept is not scaled",
            "divide by 1 − p in training, and do nothing in evaluation",
            terms => terms with { Divisor = _ => 1 }),
        Change("scaled-by-p", Both, Scale,
            "what is kept is divided by p, the share that is dropped",
            "divide by 1 − p, the share that is kept",
            terms => terms with { Divisor = p => p }),
        Change("multiplied-by-the-kept-share", Both, Scale,
            "what is kept is multiplied by 1 − p",
            "divide by 1 − p",
            terms => terms with { Divisor = p => 1 / (1 - p) }),
        Change("scaled-in-forward-only", Passes.InputGradient, Scale,
            "the gradient is masked but not scaled",
            "divide the gradient by 1 − p as well",
            terms => terms with { Divisor = _ => 1 }),
        Change("scaled-twice-in-backward", Passes.InputGradient, Scale,
            "the gradient is scaled twice",
            "divide the gradient by 1 − p once",
            terms => terms with { Divisor = p => (1 - p) * (1 - p) }),
        Change("mask-not-applied-in-backward", Passes.InputGradient, Derivative,
            "the gradient passes where the input was dropped",
            "multiply the gradient by the forward pass's mask",
            terms => terms with { Kept = _ => 1 }),
        Change("mask-inverted", Both, Option,
            "the mask is taken for what is dropped",
            "a mask of 1 keeps the element",
            terms => terms with { Kept = mask => 1 - mask }),
        Change("mask-inverted-in-backward", Passes.InputGradient, Derivative,
            "the gradient passes exactly where the input was dropped",
            "multiply the gradient by the forward pass's mask",
            terms => terms with { Kept = mask => 1 - mask }),
        Change("as-in-evaluation", Both, Option,
            "nothing is dropped or scaled, as in evaluation",
            "in training multiply by the mask and divide by 1 − p",
            _ => new(_ => 1, _ => 1)),
        Change("scaled-but-not-dropped", Both, Option,
            "everything is scaled, and nothing dropped",
            "multiply by the mask",
            terms => terms with { Kept = _ => 1 }),
        Change("multiplied-by-p", Both, Scale,
            "what is kept is multiplied by p",
            "divide by 1 − p",
            terms => terms with { Divisor = p => 1 / p }),
        Change("scaled-twice", Both, Scale,
            "what is kept is divided by 1 − p twice",
            "divide by 1 − p once: in the mask or in the product",
            terms => terms with { Divisor = p => (1 - p) * (1 - p) }),
        Change("divided-by-the-root", Both, Scale,
            "what is kept is divided by √(1 − p), which keeps the variance and not the mean",
            "divide by 1 − p",
            terms => terms with { Divisor = p => Math.Sqrt(1 - p) }),
        Change("mask-of-the-first-image", Both, BatchIndex,
            "the first image's mask is used for every image",
            "each element of the batch has its own mask",
            terms => terms with { At = (shape, i) => i % (shape[1..].Aggregate(1, (a, b) => a * b)) })
            .Index("mask[0, c, …]", "mask[n, c, …]"),
        Change("mask-of-the-plane", Both, ChannelIndex,
            "each plane is kept or dropped as a whole, by the mask of its first element",
            "each element has its own mask",
            terms => terms with { At = (shape, i) => shape[2..].Aggregate(1, (a, b) => a * b) is var plane ? i / plane * plane : i })
            .From(Seen.Convention("PyTorch: Dropout2d drops whole channels")),
        new ScaleDefect("dropout.scaled-by-what-was-kept", Both, Scale,
            "what is kept is divided by the share that the mask happens to keep",
            "divide by 1 − p",
            layerCase => (1 - layerCase.Attributes.Number("p")) / layerCase.Input("mask").Data.ToArray().DefaultIfEmpty(1).Average()),
        new ResultDefect("dropout.mask-of-the-output", Passes.InputGradient, Derivative,
            "the gradient is masked by y ≠ 0, so that a kept element that is 0 gets none",
            "multiply the gradient by the forward pass's mask",
            (layerCase, dx) => new(dx.Shape, [.. Enumerable.Range(0, dx.Length).Select(i => layerCase.Input("input")[i] == 0 ? 0 : dx[i])])),
        .. ElementwiseDefects.For("dropout"), ElementwiseDefects.TailCopied("dropout"),
        new ScaleDefect("dropout.gradient-missing", Passes.InputGradient, MissingGradient,
            "the gradient stays zero: layers before it learn nothing",
            "multiply dy by the mask, and divide by 1 − p", _ => 0),
    ];

    private static TermDefect<DropoutTerms> Change(string name, Passes passes, MistakeClass kind, string mistake, string mend,
        Func<DropoutTerms, DropoutTerms> change) =>
        new($"dropout.{name}", passes, kind, mistake, mend, change);
}
