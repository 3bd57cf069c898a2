using static Conformance.Oracle.MistakeClass;

namespace Conformance.Oracle.Operations;

/// <summary>What a softmax's element is made of: x, x shifted, the exponential of that, and what the row's exponentials come to; the row has so many elements.</summary>
public readonly record struct SoftmaxElement(double X, double Shifted, double Exp, double Sum, int Length);

/// <summary>softmax and log_softmax in named terms.</summary>
/// <param name="Axis">From dim and the input's rank to the axis that rows lie along.</param>
/// <param name="Shift">What is taken off x, from its row and the whole tensor.</param>
/// <param name="Exp">e to the power of the shifted x.</param>
/// <param name="Add">The sum of a row's exponentials, from its x, its shift and Exp.</param>
/// <param name="Sum">What the exponentials are divided by, from their sum over the row and over the whole tensor.</param>
/// <param name="Value">y of an element.</param>
/// <param name="Gradient">dx of a row from its y and dy.</param>
public sealed record SoftmaxTerms(
    Func<int, int, int> Axis,
    Func<double[], double[], double> Shift,
    Func<double, double> Exp,
    Func<double[], double, Func<double, double>, double> Add,
    Func<double, double, double> Sum,
    Func<SoftmaxElement, double> Value,
    Func<double[], double[], double[]> Gradient);

/// <summary>What softmax and log_softmax share: rows along one axis of an input of rank 2 or 4, each shifted by its maximum before anything is exponentiated.</summary>
public abstract class SoftmaxOperation : Operation
{
    private const Passes Both = Passes.Forward | Passes.InputGradient;

    private readonly SoftmaxTerms _right;

    private protected SoftmaxOperation(Func<SoftmaxElement, double> value, Func<double[], double[], double[]> gradient) =>
        _right = new((dim, _) => dim, (row, _) => Max(row), Math.Exp, (row, shift, exp) => row.Sum(x => exp(x - shift)), (row, _) => row, value, gradient);

    /// <summary>The mistakes that both can have.</summary>
    private protected static IEnumerable<Defect> RowDefects(string op)
    {
        yield return Change("wrong-axis", Option, "another axis is normalised: the one before dim, or the last",
            "normalise along dim",
            terms => terms with { Axis = (dim, rank) => dim == 0 ? rank - 1 : dim - 1 });
        yield return Change("no-shift", SoftmaxOverflow, "nothing is taken off before exp, which overflows above 88 and underflows below −103",
            "take the row's maximum off first",
            terms => terms with { Shift = (_, _) => 0, Exp = SingleExp });
        yield return Change("one-maximum-for-all-rows", SoftmaxOverflow, "one maximum for the whole tensor: a row far below it underflows",
            "take each row's own maximum off",
            terms => terms with { Shift = (_, whole) => Max(whole), Exp = SingleExp });
        // One that starts at 0 can be told from it only where a row's maximum is between −104 and −103.
        yield return Change("maximum-starts-at-minus-one", SoftmaxOverflow, "the search for the maximum starts at −1: a row far below it underflows",
            "start with the row's first element",
            terms => terms with { Shift = (row, _) => Math.Max(Max(row), -1), Exp = SingleExp });
        yield return Change("one-sum-for-all-rows", Formula, "the exponentials of all rows are summed together",
            "sum each row by itself",
            terms => terms with { Sum = (_, whole) => whole });
        yield return Change("last-axis", Option, "the last axis is normalised, whatever dim says",
            "normalise along dim",
            terms => terms with { Axis = (_, rank) => rank - 1 });
        yield return Change("first-axis", Option, "the batch is normalised, whatever dim says",
            "normalise along dim",
            terms => terms with { Axis = (_, _) => 0 });
        yield return Change("axis-of-classes", Option, "the second axis is normalised, whatever dim says",
            "normalise along dim",
            terms => terms with { Axis = (_, _) => 1 });
        yield return Change("axis-after", Option, "the axis after dim is normalised: axes are counted from 1",
            "normalise along dim, which counts from 0",
            terms => terms with { Axis = (dim, rank) => Math.Min(dim + 1, rank - 1) });
        yield return Change("online-sum-not-rescaled", SoftmaxOverflow, "an online softmax does not rescale its running sum when it meets a new maximum",
            "multiply the sum by e^(old − new) when the maximum changes",
            terms => terms with { Add = (row, _, exp) => Online(row, exp, (_, _) => 1, keepsNewest: true) });
        yield return Change("online-sum-rescaled-backwards", SoftmaxOverflow, "an online softmax multiplies its running sum by e^(new − old) when it meets a new maximum",
            "multiply it by e^(old − new)",
            terms => terms with { Add = (row, _, exp) => Online(row, exp, (old, max) => exp(max - old), keepsNewest: true) });
        yield return Change("online-sum-loses-the-maximum", SoftmaxOverflow, "an online softmax rescales its sum at a new maximum, and does not add that maximum's own 1",
            "rescale the sum, then add e^(x − max) of the element",
            terms => terms with { Add = (row, _, exp) => Online(row, exp, (old, max) => exp(old - max), keepsNewest: false) });
        yield return Change("base-two", Formula, "the exponentials are powers of 2, as where exp2 is used without log₂e",
            "multiply the shifted x by log₂e before exp2",
            terms => terms with { Exp = x => Math.Pow(2, x) });
        yield return Change("shifted-by-the-mean", SoftmaxOverflow, "the row's mean is taken off, not its maximum: what is far above it overflows",
            "take the row's maximum off",
            terms => terms with { Shift = (row, _) => row.Average(), Exp = SingleExp });
        yield return Change("shifted-by-the-first", SoftmaxOverflow, "the row's first element is taken off, not its maximum: what is far above it overflows",
            "take the row's maximum off",
            terms => terms with { Shift = (row, _) => row[0], Exp = SingleExp });
        yield return Change("shifted-by-the-largest-magnitude", SoftmaxOverflow, "the largest magnitude of the row is taken off: a row of negative numbers vanishes",
            "take the row's maximum off, with its sign",
            terms => terms with { Shift = (row, _) => row.Max(Math.Abs), Exp = SingleExp });
        yield return Change("maximum-of-all-but-the-last", SoftmaxOverflow, "the search for the maximum leaves the row's last element out",
            "look at every element of the row",
            terms => terms with { Shift = (row, _) => Max(row[..Math.Max(1, row.Length - 1)]), Exp = SingleExp });
        yield return Change("sum-of-all-but-the-last", OddInput, "the sum leaves the row's last element out",
            "sum the whole row",
            terms => terms with { Add = (row, shift, exp) => terms.Add(row[..Math.Max(1, row.Length - 1)], shift, exp) });
        yield return new TermDefect<SoftmaxTerms>($"{op}.gradient-missing", Passes.InputGradient, MissingGradient,
            "the gradient stays zero: layers before it learn nothing",
            "multiply dy by the row's Jacobian",
            terms => terms with { Gradient = (_, dy) => [.. dy.Select(_ => 0.0)] });

        TermDefect<SoftmaxTerms> Change(string name, MistakeClass kind, string mistake, string mend, Func<SoftmaxTerms, SoftmaxTerms> change) =>
            new($"{op}.{name}", Both, kind, mistake, mend, change);
    }

    private protected static TermDefect<SoftmaxTerms> Gradient(string id, string mistake, string mend, Func<double[], double[], double[]> gradient) =>
        new(id, Passes.InputGradient, Derivative, mistake, mend, terms => terms with { Gradient = gradient });

    /// <summary>
    /// <c>softmax/n5c7</c> or <c>n2c3h4w5-a2</c>: dim after <c>a</c>, else 1. <c>large</c>: up to ±1000; <c>mixed</c>: rows around 0, 1000 and −1000, the row's number
    /// modulo 3; <c>equal</c>: all the same; <c>masked</c>: every second element along dim is −∞.
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
            Attributes.Of(("dim", dim)), Tier.Bounded, new Dictionary<string, Tensor64> { ["input"] = new(shape, input) },
            fill("cotangent.output").Integers(-3, 3, shape));
    }

    protected override string RandomGeometry(Fill dice)
    {
        var geometry = dice.Pick($"n{dice.Pick(1, 35)}c{dice.Pick(1, 20)}-a{dice.Pick(0, 1)}", $"n{dice.Pick(1, 17)}c{dice.Pick(1, 5)}h{dice.Pick(1, 5)}w{dice.Pick(1, 5)}-a{dice.Pick(0, 3)}");
        return $"{geometry}{dice.Pick("", "-large", "-mixed", "-masked")}";
    }

    protected override LayerResult Answer(LayerCase layerCase, Defect? defect)
    {
        var (x, dy, terms) = (layerCase.Input("input"), layerCase.Cotangents["output"], Terms.Of(defect, _right));
        var rows = Rows(x.Shape, terms.Axis(layerCase.Attributes.Int("dim"), x.Rank)).ToArray();
        var whole = x.Data.ToArray();
        var shifts = rows.Select(row => terms.Shift([.. row.Select(i => x[i])], whole)).ToArray();
        var sums = rows.Select((row, r) => terms.Add([.. row.Select(i => x[i])], shifts[r], terms.Exp)).ToArray();
        var (y, dx) = (new double[x.Length], new double[x.Length]);
        for (var r = 0; r < rows.Length; r++)
        {
            var sum = terms.Sum(sums[r], sums.Sum());
            double[] values = [.. rows[r].Select(i => terms.Value(new(x[i], x[i] - shifts[r], terms.Exp(x[i] - shifts[r]), sum, rows[r].Length)))];
            var gradient = terms.Gradient(values, [.. rows[r].Select(i => dy[i])]);
            for (var i = 0; i < rows[r].Length; i++)
                (y[rows[r][i]], dx[rows[r][i]]) = (values[i], gradient[i]);
        }
        return new(
            new Dictionary<string, Tensor64> { ["output"] = new(x.Shape, y) }, new Dictionary<string, Tensor64> { ["input"] = new(x.Shape, dx) });
    }

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

    /// <summary>Bounds of output and gradient in the tensors' own shape, each from a row's x, y and dy.</summary>
    private protected static ErrorBound BoundRows(LayerCase layerCase, LayerResult expected, Func<double[], double[], double[], (double[] Y, double[] Dx)> sensitivities)
    {
        var (x, dy, y) = (layerCase.Input("input"), layerCase.Cotangents["output"], expected.Outputs["output"]);
        var (ofY, ofDx) = (new double[x.Length], new double[x.Length]);
        foreach (var row in Rows(x.Shape, layerCase.Attributes.Int("dim")))
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

    /// <summary>The sum of a row's exponentials in one pass that meets the maxima one after the other.</summary>
    /// <param name="rescaled">What the sum is multiplied by where the maximum changes, from the old one and the new one.</param>
    /// <param name="keepsNewest">Whether the element that is the new maximum is added too.</param>
    private static double Online(double[] row, Func<double, double> exp, Func<double, double, double> rescaled, bool keepsNewest)
    {
        var (max, sum) = (row[0], 1.0);
        foreach (var value in row.Skip(1))
        {
            if (value > max)
                (sum, max) = (sum * rescaled(max, value) + (keepsNewest ? 1 : 0), value);
            else
                sum += exp(value - max);
        }
        return sum;
    }

    /// <summary>e^x with float32's range: 0 below −104, ∞ above 88.7.</summary>
    private protected static double SingleExp(double x) => (float)Math.Exp(x);

    private protected static double Max(IReadOnlyList<double> values)
    {
        var max = double.NegativeInfinity;
        foreach (var value in values)
            max = Math.Max(max, value);
        return max;
    }
}
