using static Conformance.Oracle.Operations.SoftmaxTerms;

namespace Conformance.Oracle.Operations;

/// <summary>
/// The base class of softmax and log_softmax: rows along one axis of an input of rank 2 or 4, each with its maximum subtracted before exp.
/// </summary>
public abstract class RowOperation : Operation
{
    private readonly SoftmaxTerms _right;

    private protected RowOperation(Func<SoftmaxElement, double> value, Func<double[], double[], double[]> gradient) =>
        _right = new(
            (dim, _) => dim, (row, _) => Max(row), Math.Exp, (row, shift, exp) => row.Sum(x => exp(x - shift)), (sums, row) => sums[row], value,
            gradient);

    public override OperationKind Kind => OperationKind.Softmax;

    public override SizeCrossing? Sizes => RowSizes.Crossing;

    /// <summary>
    /// An id such as <c>softmax/n5c7</c> or <c>n2c3h4w5-a2</c>: <c>a</c> is dim, by default 1. <c>large</c>: up to ±1000; <c>mixed</c>: rows around
    /// 0, 1000 and −1000 in turn; <c>equal</c>: all elements are equal; <c>masked</c>: every second element along dim is −∞.
    /// </summary>
    protected override LayerCase Draw(Spelling spelling, Func<string, Fill> fill)
    {
        var shape = Elementwise.Shape(spelling);
        var dim = spelling.Single('a', 1);
        if (dim >= shape.Length || shape[dim] == 0)
            throw spelling.Error($"a{dim} should be an axis of {Tensor64.Text(shape)} that is not empty");
        var word = spelling.OneOf("", "large", "mixed", "equal", "masked");
        var input = fill("input").Uniform(word == "large" ? 1000 : 4, shape).Data.ToArray();
        var row = 0;
        foreach (var places in Rows(shape, dim))
        {
            for (var i = 0; i < places.Length; i++)
                input[places[i]] = word switch
                {
                    "mixed" => (float)(input[places[i]] + 1000 * new[] { 0, 1, -1 }[row % 3]),
                    "equal" => 1.5,
                    "masked" when i % 2 == 1 => double.NegativeInfinity,
                    _ => input[places[i]],
                };
            row++;
        }
        return Case(
            Attributes.FromPairs(("dim", dim)), Tier.Bounded, new Dictionary<string, Tensor64> { ["input"] = new(shape, input) },
            fill("cotangent.output").Integers(-3, 3, shape));
    }

    protected override string RandomGeometry(Fill dice)
    {
        var geometry = dice.Pick($"n{dice.Pick(1, 35)}c{dice.Pick(1, 20)}-a{dice.Pick(0, 1)}",
            $"n{dice.Pick(1, 17)}c{dice.Pick(1, 5)}h{dice.Pick(1, 5)}w{dice.Pick(1, 5)}-a{dice.Pick(0, 3)}");
        return $"{geometry}{dice.Pick("", "-large", "-mixed", "-masked")}";
    }

    protected override LayerResult Answer(LayerCase layerCase, Defect? defect)
    {
        var (x, dy, terms) = (layerCase.Input("input"), layerCase.Cotangents["output"], Terms.Under(defect, _right));
        var rows = Rows(x.Shape, terms.Axis(Axis(layerCase), x.Rank)).ToArray();
        var whole = x.Data.ToArray();
        var own = rows.Select(row => terms.Shift([.. row.Select(i => x[i])], whole)).ToArray();
        var shifts = rows.Select((_, r) => terms.ShiftOf(own, r)).ToArray();
        var sums = rows.Select((row, r) => terms.Add([.. row.Select(i => x[i])], shifts[r], terms.Exp)).ToArray();
        var (y, dx) = (new double[x.Length], new double[x.Length]);
        for (var r = 0; r < rows.Length; r++)
        {
            var sum = terms.Sum(sums, r);
            double[] values = [.. rows[r].Select(i => terms.Value(new(x[i], x[i] - shifts[r], terms.Exp(x[i] - shifts[r]), sum, rows[r].Length)))];
            var gradient = terms.Gradient(values, [.. rows[r].Select(i => dy[i])]);
            for (var i = 0; i < rows[r].Length; i++)
                (y[rows[r][i]], dx[rows[r][i]]) = (values[i], gradient[i]);
        }
        return new(
            new Dictionary<string, Tensor64> { ["output"] = new(x.Shape, y) }, new Dictionary<string, Tensor64> { ["input"] = new(x.Shape, dx) });
    }

    /// <summary>The index of the axis; a negative dimension counts from the last axis.</summary>
    internal static int Axis(LayerCase layerCase) =>
        layerCase.Attributes.Int("dim") is var dim && dim < 0 ? dim + layerCase.Input("input").Rank : dim;

    /// <summary>The flat positions of each row along an axis, in order.</summary>
    private protected static IEnumerable<int[]> Rows(ReadOnlySpan<int> shape, int axis)
    {
        var (outer, length, inner) = (1, shape[axis], 1);
        foreach (var extent in shape[..axis])
            outer *= extent;
        foreach (var extent in shape[(axis + 1)..])
            inner *= extent;
        return Enumerable.Range(0, outer * inner).Select(row =>
            Enumerable.Range(0, length).Select(i => (row / inner * length + i) * inner + row % inner).ToArray());
    }

    /// <summary>The bounds of output and gradient in the tensors' own shape, each computed from a row's x, y and dy.</summary>
    private protected static ErrorBound BoundRows(LayerCase layerCase, LayerResult expected,
        Func<double[], double[], double[], (double[] Y, double[] Dx)> sensitivities)
    {
        var (x, dy, y) = (layerCase.Input("input"), layerCase.Cotangents["output"], expected.Outputs["output"]);
        var (ofY, ofDx) = (new double[x.Length], new double[x.Length]);
        foreach (var row in Rows(x.Shape, Axis(layerCase)))
        {
            var (forY, forDx) = sensitivities([.. row.Select(i => x[i])], [.. row.Select(i => y[i])], [.. row.Select(i => dy[i])]);
            for (var i = 0; i < row.Length; i++)
                (ofY[row[i]], ofDx[row[i]]) = (forY[i], forDx[i]);
        }
        return new(new Dictionary<string, Tensor64>
        {
            ["outputs.output"] = ErrorBound.NonLinear(y, _ => 4, i => ofY[i]),
            ["gradients.input"] = ErrorBound.NonLinear(expected.Gradients["input"], _ => 4, i => ofDx[i]),
        });
    }
}
