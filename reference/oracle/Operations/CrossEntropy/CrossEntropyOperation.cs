namespace Conformance.Oracle.Operations;

/// <summary>
/// cross_entropy as PyTorch defines it, over logits x [N, C] and class numbers y [N]: with p = softmax(x[n]), weights w of the classes and label
/// smoothing ε,
/// <code>
/// q[c] = w[c]·((1 − ε)·[c = y] + ε/C)      ℓ = −Σ q[c]·log p[c]      ∂ℓ/∂x[c] = p[c]·Σ q − q[c]
/// </code>
/// reduced by mean (divided by the sum of w[y], smoothed or not), sum or none.
/// </summary>
public sealed class CrossEntropyOperation : ClassLossOperation
{
    public override string Name => "cross_entropy";

    public override IReadOnlyList<Defect> Defects => CrossEntropyDefects.All;

    /// <summary>
    /// An id such as <c>cross_entropy/n5c7-mean-weighted-ignored-l0.1</c>: <c>l</c> is the label smoothing, and <c>i2</c> ignores class 2. Targets,
    /// weights and logits are described at <see cref="ClassLossOperation"/> and <see cref="SoftmaxRow"/>.
    /// </summary>
    protected override LayerCase Draw(Spelling spelling, Func<string, Fill> fill)
    {
        var extents = spelling.Extents("nc");
        var (n, classes) = (extents[0], extents[1]);
        var (reduction, ignoreIndex) = (spelling.OneOf("mean", "sum", "none"), spelling.Single('i', LossItem.DefaultIgnoreIndex));
        var smoothing = spelling.Decimal('l', 0);
        var (target, refused) = Target(spelling, fill("target"), n, classes, ignoreIndex);
        var inputs = new Dictionary<string, Tensor64>
        {
            ["input"] = SoftmaxRow.Logits(spelling, fill("input"), target, n, classes),
            ["target"] = target
        };
        DrawWeight(spelling, fill, inputs, classes);
        if (smoothing > 1)
            refused ??= $"label_smoothing {smoothing} is not from 0 to 1";
        var attributes = Attributes.FromPairs(("reduction", reduction), ("ignore_index", ignoreIndex), ("label_smoothing", smoothing));
        var cotangent = reduction == "none" && refused is null ? fill("cotangent.output").Integers(-3, 3, n) : null;
        return Case(attributes, Tier.Bounded, inputs, cotangent) with { Refused = refused };
    }

    protected override string RandomGeometry(Fill dice)
    {
        var (n, classes, reduction) = (dice.Pick(1, 35), dice.Pick(1, 20), dice.Pick("mean", "sum", "none"));
        var logits = dice.Pick("", "-large", "-mixed", "-low", "-sure", "-hopeless", "-sure-g9", "-hopeless-g20");
        return $"n{n}c{classes}-{reduction}{logits}{dice.Pick("", "-weighted")}"
            + $"{dice.Pick("", "-ignored", $"-i{dice.Pick(0, classes - 1)}")}{dice.Pick("", "-l0.1", "-l0.75")}";
    }

    protected override Losses Unreduced(LayerCase layerCase, Defect? defect)
    {
        var terms = Terms.Under(defect, CrossEntropyTerms.Right);
        var rows = Softmaxes(layerCase, terms);
        return new([rows.Length], row => rows[row].Row.Item, row => terms.Loss(rows[row]), (row, c) => terms.Gradient(rows[row], c));
    }

    /// <summary>
    /// u·(c·|r| + S). Loss: c covers the sum over rows (with smoothing over C classes too), and S is the <see cref="SoftmaxRow.LogSensitivity"/> of
    /// each log p, weighted by q. Gradient: the error of a softmax element is a multiple of itself (<see cref="SoftmaxRow.RelativeError"/>), and
    /// subtracting the label keeps that error. With smoothing, q is three roundings, and Σ q a sum over C. Calibrated by <c>CalibrationTests</c>: a
    /// naive float32 loop reaches 0.15 of the tolerance over 400 random geometries and 8×1000; libtorch 1.13.1's float32 0.20 over 300 and the
    /// stored cases.
    /// </summary>
    public override ErrorBound Bound(LayerCase layerCase, LayerResult expected)
    {
        var (rows, divisor) = (Softmaxes(layerCase, CrossEntropyTerms.Right), Divisor(layerCase));
        var sensitivity = Array.ConvertAll(rows, row => row.Row.Item.Ignored ? 0 : row.Sum(c => row.Wanted(c) == 0 ? 0
            : row.Wanted(c) * (row.LogSensitivity(c) - (row.Row.Smoothing > 0 ? ErrorBound.Roundings(row.Row.Classes) * row.LogP(c) : 0))));
        var smoothed = rows.Any(row => row.Row.Smoothing > 0) ? ErrorBound.Roundings(rows[0].Row.Classes) + 8 : 0;
        var gradient = ErrorBound.NonLinear(expected.Gradients["input"], _ => 2, i =>
        {
            var (row, c) = (rows[i / rows[0].Row.Classes], i % rows[0].Row.Classes);
            return Upstream(layerCase, row.Row, divisor) * (row.RelativeError(c) + smoothed) * (row.P(c) * row.WantedInAll + row.Wanted(c));
        });
        return new(new Dictionary<string, Tensor64>
        {
            ["outputs.output"] = LossBound(layerCase, expected.Outputs["output"], 8, rows.Length, sensitivity, divisor),
            ["gradients.input"] = gradient,
        });
    }

    private static SoftmaxRow[] Softmaxes(LayerCase layerCase, CrossEntropyTerms terms) =>
        Array.ConvertAll(ClassRow.FromCase(layerCase), row => new SoftmaxRow(row, terms.Shift(row), terms.Wanted));

    protected override LayerResult AnswerInFloat32(LayerCase layerCase, Summation order) => PlainLosses.CrossEntropy(layerCase, order);
}
