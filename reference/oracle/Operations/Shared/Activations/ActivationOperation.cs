namespace Conformance.Oracle.Operations;

/// <summary>An activation of each element: y = Value(x), dx = dy · Slope(x, y).</summary>
public abstract class ActivationOperation : Operation
{
    private readonly string _name;
    private readonly ActivationTerms _right;
    private readonly double _relative;
    private readonly double _absolute;

    /// <param name="relative">c, the error of a float32 value in units of u·|y|.</param>
    /// <param name="absolute">S, the additional error in units of u.</param>
    protected ActivationOperation(string name, ActivationTerms right, double relative, double absolute) =>
        (_name, _right, _relative, _absolute) = (name, right, relative, absolute);

    public override string Name => _name;

    public override OperationKind Kind => OperationKind.Activation;

    public override SizeCrossing? Sizes => ElementSizes.Crossing;

    /// <summary>The derivative of the slope with respect to y, if the slope is computed from y.</summary>
    protected abstract double SlopeByValue(double y);

    /// <summary>
    /// Value: u·(c·|y| + S). Gradient: the same relative error and three or four more roundings of |dx|, plus |dy| times the change of the slope by
    /// the error of y, which is 2⁻¹²⁶ if y underflows.
    /// </summary>
    public override ErrorBound Bound(LayerCase layerCase, LayerResult expected)
    {
        var (y, dy) = (expected.Outputs["output"], layerCase.Cotangents["output"]);
        return new(new Dictionary<string, Tensor64>
        {
            ["outputs.output"] = ErrorBound.NonLinear(y, _ => _relative, _ => _absolute),
            ["gradients.input"] = ErrorBound.NonLinear(
                expected.Gradients["input"], _ => _relative + 4, i =>
                    Math.Abs(dy[i]) * (SlopeByValue(y[i]) * (_relative * Math.Abs(y[i]) + _absolute) + ErrorBound.SmallestNormal / ErrorBound.U)),
        });
    }

    protected override LayerCase Draw(Spelling spelling, Func<string, Fill> fill)
    {
        var shape = Elementwise.Shape(spelling);
        var input = Elementwise.Input(spelling, shape, () => fill("input").Uniform(4, shape), () => fill("input").Uniform(120, shape));
        return Case(Attributes.None, Tier.Bounded, new Dictionary<string, Tensor64> { ["input"] = input },
            fill("cotangent.output").Integers(-3, 3, shape));
    }

    protected override string RandomGeometry(Fill dice) => Elementwise.Geometry(dice);

    protected override LayerResult Answer(LayerCase layerCase, Defect? defect)
    {
        var (x, dy) = (layerCase.Input("input"), layerCase.Cotangents["output"]);
        var terms = Terms.Under(defect, _right);
        var y = x.Select(terms.Value);
        var i = -1;
        var dx = x.Select(value => terms.Gradient(dy[++i], terms.Slope(value, y[i])));
        return new(new Dictionary<string, Tensor64> { ["output"] = y }, new Dictionary<string, Tensor64> { ["input"] = dx });
    }
}
