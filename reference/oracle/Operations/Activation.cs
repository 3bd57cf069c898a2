namespace Conformance.Oracle.Operations;

/// <summary>An activation in named terms: y from x, the slope dy/dx from x and y, and dx from dy and the slope.</summary>
public sealed record ActivationTerms(Func<double, double> Value, Func<double, double, double> Slope)
{
    public Func<double, double, double> Gradient { get; init; } = (dy, slope) => dy * slope;
}

/// <summary>An activation of each element by itself: y = Value(x), dx = dy · Slope(x, y).</summary>
public abstract class Activation : Operation
{
    private readonly string _name;
    private readonly ActivationTerms _right;
    private readonly double _relative;
    private readonly double _absolute;

    /// <param name="relative">What a float32 value may be off by, in units of u·|y|.</param>
    /// <param name="absolute">And in units of u.</param>
    protected Activation(string name, ActivationTerms right, double relative, double absolute) =>
        (_name, _right, _relative, _absolute) = (name, right, relative, absolute);

    public override string Name => _name;

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
                expected.Gradients["input"], _ => _relative + 4, i => Math.Abs(dy[i]) * (SlopeByValue(y[i]) * (_relative * Math.Abs(y[i]) + _absolute) + ErrorBound.SmallestNormal / ErrorBound.U)),
        });
    }

    protected override LayerCase Draw(Spelling spelling, Func<string, Fill> fill)
    {
        var shape = Elementwise.Shape(spelling);
        var input = Elementwise.Input(spelling, shape, () => fill("input").Uniform(4, shape), () => fill("input").Uniform(120, shape));
        return Case(Attributes.None, Tier.Bounded, new Dictionary<string, Tensor64> { ["input"] = input }, fill("cotangent.output").Integers(-3, 3, shape));
    }

    protected override string RandomGeometry(Fill dice) => Elementwise.Geometry(dice);

    protected override LayerResult Answer(LayerCase layerCase, Defect? defect)
    {
        var (x, dy) = (layerCase.Input("input"), layerCase.Cotangents["output"]);
        var terms = Terms.Of(defect, _right);
        var y = x.Select(terms.Value);
        var i = -1;
        var dx = x.Select(value => terms.Gradient(dy[++i], terms.Slope(value, y[i])));
        return new(new Dictionary<string, Tensor64> { ["output"] = y }, new Dictionary<string, Tensor64> { ["input"] = dx });
    }

    protected static TermDefect<ActivationTerms> Slope(string id, string mistake, string mend, Func<double, double, double> slope) =>
        new(id, Passes.InputGradient, MistakeClass.Derivative, mistake, mend, terms => terms with { Slope = slope });

    /// <summary>The mistakes that both tanh and sigmoid can have.</summary>
    protected static IEnumerable<Defect> SmoothDefects(string op, string slope) =>
    [
        new TermDefect<ActivationTerms>($"{op}.cotangent-ignored", Passes.InputGradient, MistakeClass.Derivative,
            "the gradient is the slope itself: what arrives from above is taken for ones",
            $"multiply dy by {slope}", terms => terms with { Gradient = (_, slopeHere) => slopeHere }),
        new TermDefect<ActivationTerms>($"{op}.divided-by-the-slope", Passes.InputGradient, MistakeClass.Derivative,
            "dy is divided by the slope",
            $"multiply dy by {slope}", terms => terms with { Gradient = (dy, slopeHere) => dy / slopeHere }),
        new TermDefect<ActivationTerms>($"{op}.cotangent-sign-alone", Passes.InputGradient, MistakeClass.Derivative,
            "the sign of what arrives from above alone is multiplied by the slope",
            $"multiply dy by {slope}", terms => terms with { Gradient = (dy, slopeHere) => Math.Sign(dy) * slopeHere }),
    ];

    protected static TermDefect<ActivationTerms> Value(string id, MistakeClass kind, string mistake, string mend, Func<double, double> value) =>
        new(id, Passes.Forward | Passes.InputGradient, kind, mistake, mend, terms => terms with { Value = value });

    /// <summary>e^x with float32's range: 0 below −104, ∞ above 88.7.</summary>
    protected static double SingleExp(double x) => (float)Math.Exp(x);
}
