namespace Conformance.Oracle.Operations;

/// <summary>An activation of each element by itself: y = Value(x), dx = dy · Slope(x, y).</summary>
public abstract class ActivationOperation : Operation
{
    private readonly string _name;
    private readonly ActivationTerms _right;
    private readonly double _relative;
    private readonly double _absolute;

    /// <param name="relative">What a float32 value may be off by, in units of u·|y|.</param>
    /// <param name="absolute">And in units of u.</param>
    protected ActivationOperation(string name, ActivationTerms right, double relative, double absolute) =>
        (_name, _right, _relative, _absolute) = (name, right, relative, absolute);

    public override string Name => _name;

    public override OperationKind Kind => OperationKind.Activation;

    /// <summary>How the slope, as it is computed from y, changes with y.</summary>
    protected abstract double SlopeByValue(double y);

    /// <summary>
    /// Value: u·(c·|y| + S). Gradient: that, and three or four roundings more of |dx|, and |dy| times the slope's change with what y is off by,
    /// which is 2⁻¹²⁶ where y underflows.
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
