using static Conformance.Oracle.MistakeClass;

namespace Conformance.Oracle.Operations;

/// <summary>What an element is multiplied by, from its mask, and what it is divided by, from p.</summary>
public sealed record DropoutTerms(Func<double, double> Kept, Func<double, double> Divisor)
{
    /// <summary>Where an element's mask is read, from the shape; its own place without a word on that.</summary>
    public Func<int[], int, int>? At { get; init; }
}

/// <summary>
/// dropout in training with the mask given (Srivastava et al. 2014, inverted, as PyTorch has it): y = x · mask / (1 − p), dx = dy · mask / (1 − p).
/// </summary>
public sealed class DropoutTaps : TapOperation
{
    private const Passes Both = Passes.Forward | Passes.InputGradient;

    public override string Name => "dropout";

    public override IReadOnlyList<Defect> Defects { get; } =
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
        .. Elementwise.Defects("dropout"),
    ];

    /// <summary><c>dropout/n3c2h4w5-p0.75</c>: the share that is dropped after <c>p</c>, else 0.5; 0, 0.5 and 0.75 keep every number exact.</summary>
    protected override LayerCase Draw(Spelling spelling, Func<string, Fill> fill)
    {
        var shape = Elementwise.Shape(spelling);
        var p = spelling.Decimal('p', 0.5);
        if (p >= 1)
            throw spelling.Error("p must be below 1: nothing would be kept");
        var inputs = new Dictionary<string, Tensor64>
        {
            ["input"] = fill("input").Integers(-9, 9, shape),
            ["mask"] = fill("mask").Uniform(1, shape).Select(value => value >= 2 * p - 1 ? 1 : 0),
        };
        return Case(Attributes.Of(("p", p)), p is 0 or 0.5 or 0.75 ? Tier.Exact : Tier.Bounded, inputs, fill("cotangent.output").Integers(-9, 9, shape));
    }

    protected override string RandomGeometry(Fill dice) =>
        $"n{dice.Pick(1, 2, 3, 15, 16, 17, 33)}c{dice.Pick(1, 9)}{dice.Pick("", $"h{dice.Pick(1, 7)}w{dice.Pick(1, 9)}")}-p{dice.Pick("0", "0.1", "0.3", "0.5", "0.75", "0.9")}";

    /// <summary>
    /// Bounded, with q = 1 − p: float32 holds p up to u·p, so q up to u·(p + q), that is u·(p/q + 1) of itself; then the reciprocal and the product
    /// round by u each. One u is left for an engine that multiplies the mask by the reciprocal in another precision.
    /// </summary>
    public override ErrorBound Bound(LayerCase layerCase, LayerResult expected)
    {
        if (layerCase.Tier == Tier.Exact)
            return ErrorBound.Exact;
        var p = layerCase.Attributes.Number("p");
        return new(expected.Tensors.ToDictionary(
            pair => pair.Key, pair => ErrorBound.NonLinear(pair.Value, _ => p / (1 - p) + 4, _ => 0)));
    }

    protected override int[] OutputShape(LayerCase layerCase) => layerCase.Input("input").Shape.ToArray();

    protected override IEnumerable<Tap> Taps(LayerCase layerCase, Passes pass, Defect? defect)
    {
        var (mask, p, shape) = (layerCase.Input("mask"), layerCase.Attributes.Number("p"), OutputShape(layerCase));
        var terms = Terms.Of(defect, pass, new DropoutTerms(mask => mask, p => 1 - p));
        for (var i = 0; i < mask.Length; i++)
            yield return new(i, i, Factor: terms.Kept(mask[terms.At?.Invoke(shape, i) ?? i]), Divisor: terms.Divisor(p));
    }

    private static TermDefect<DropoutTerms> Change(string name, Passes passes, MistakeClass kind, string mistake, string mend, Func<DropoutTerms, DropoutTerms> change) =>
        new($"dropout.{name}", passes, kind, mistake, mend, change);
}
