namespace Conformance.Oracle.Operations;

/// <summary>
/// sgd as PyTorch defines it, with learning rate lr, momentum μ, dampening τ and weight decay λ:
/// <code>
/// g ← g + λ·p      v ← g at the first step, then μ·v + (1 − τ)·g
/// d = v (nesterov: g + μ·v; without momentum g)      p ← p − lr·d
/// </code>
/// The first buffer is the gradient itself, whatever the dampening. Without momentum there is no buffer in the answer.
/// </summary>
public sealed class SgdOperation : OptimizerOperation<SgdState>
{
    public override string Name => "sgd";

    public override IReadOnlyList<Defect> Defects => SgdDefects.All;


    /// <summary>
    /// An id such as <c>sgd/t6-e37-m0.9-d0.1-w0.01-r0.1</c>: momentum (0.5 without <c>m</c>, 0 with <c>plain</c>), dampening, weight decay, rate (0.5
    /// without <c>r</c>); <c>nesterov</c>. The fill is integers; the case is exact if every number of the run stays exact.
    /// </summary>
    protected override LayerCase Draw(Spelling spelling, Func<string, Fill> fill)
    {
        var momentum = spelling.Word("plain") ? 0 : spelling.Decimal('m', 0.5);
        var (dampening, decay, nesterov) = (spelling.Decimal('d', 0), spelling.Decimal('w', 0), spelling.Word("nesterov"));
        return Draw(
            spelling, spelling.Decimal('r', 0.5), elements => fill("parameter").Integers(-9, 9, elements),
            (steps, elements) => fill("gradients").Integers(-5, 5, steps, elements),
            [("momentum", momentum), ("dampening", dampening), ("weight_decay", decay), ("nesterov", nesterov)],
            nesterov && (momentum == 0 || dampening != 0) ? $"nesterov with momentum {momentum} and dampening {dampening}" : null);
    }

    protected override string RandomGeometry(Fill dice)
    {
        var options = dice.Pick("-plain", "-nesterov", "-m0.9-nesterov", "-m0.9", "-m0.75-d0.25", "");
        return $"t{dice.Pick(1, 9)}-e{dice.Pick(1, 40)}{options}{dice.Pick("", "-w0.125", "-w0.01")}"
            + $"{dice.Pick("", "-r0.1")}{dice.Pick("", "-zeros", "-coast", "-turn")}";
    }

    protected override IEnumerable<(string Name, Func<SgdState, Rounded> Value)> Outputs(LayerCase layerCase)
    {
        yield return ("parameter", state => state.Parameter);
        if (layerCase.Attributes.Number("momentum") != 0)
            yield return ("momentum_buffer", state => state.Buffer);
    }

    protected override SgdState Start(double parameter) => new(parameter, 0);

    protected override Func<SgdState, double, OptimizerStep, SgdState> Rule(LayerCase layerCase, Defect? defect)
    {
        var (terms, attributes) = (Terms.Under(defect, SgdTerms.Right), layerCase.Attributes);
        Rounded momentum = attributes.Number("momentum"), dampening = attributes.Number("dampening"), decay = attributes.Number("weight_decay");
        var nesterov = attributes.Flag("nesterov");
        return (before, gradient, step) =>
        {
            var update = new SgdUpdate(before, gradient, step, momentum, dampening, decay, nesterov);
            var g = terms.Gradient(update);
            var v = terms.Buffer(update, g);
            return new(terms.Parameter(update, terms.Direction(update, g, v)), v);
        };
    }

    protected override LayerResult AnswerInFloat32(LayerCase layerCase, Summation order) => PlainOptimizers.Sgd(layerCase);
}
