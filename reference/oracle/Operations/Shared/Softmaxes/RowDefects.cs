using static Conformance.Oracle.MistakeClass;
using static Conformance.Oracle.Operations.SoftmaxTerms;

namespace Conformance.Oracle.Operations;

/// <summary>Constructors for the known mistakes of softmax and log_softmax, and the mistakes that both can have.</summary>
internal static class RowDefects
{
    private const Passes Both = Passes.Forward | Passes.InputGradient;

    /// <summary>The mistakes that both can have.</summary>
    public static IEnumerable<Defect> For(string op)
    {
        yield return Change("wrong-axis", Option, "another axis is normalised: the one before dim, or the last",
            "normalise along dim",
            terms => terms with { Axis = (dim, rank) => dim == 0 ? rank - 1 : dim - 1 });
        yield return Ranges.Leaves(exp => Change("no-shift", SoftmaxOverflow,
            "nothing is taken off before exp, which overflows above 88 and underflows below −103",
            "take the row's maximum off first",
            terms => terms with { Shift = (_, _) => 0, Exp = exp }));
        yield return Ranges.Leaves(exp => Change("one-maximum-for-all-rows", SoftmaxOverflow,
            "one maximum for the whole tensor: a row far below it underflows",
            "take each row's own maximum off",
            terms => terms with { Shift = (_, whole) => Max(whole), Exp = exp }));
        // One that starts at 0 can be told from it only where a row's maximum is between −104 and −103.
        yield return Ranges.Leaves(exp => Change("maximum-starts-at-minus-one", SoftmaxOverflow,
            "the search for the maximum starts at 0 or −1: a row far below it underflows",
            "start with the row's first element",
            terms => terms with { Shift = (row, _) => Math.Max(Max(row), -1), Exp = exp }));
        yield return Change("one-sum-for-all-rows", Formula, "the exponentials of all rows are summed together",
            "sum each row by itself",
            terms => terms with { Sum = (sums, _) => sums.Sum() });
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
        yield return Change("online-sum-not-rescaled", SoftmaxOverflow,
            "an online softmax does not rescale its running sum when it meets a new maximum",
            "multiply the sum by e^(old − new) when the maximum changes",
            terms => terms with { Add = (row, _, exp) => Online(row, exp, (_, _) => 1, keepsNewest: true) });
        yield return Change("online-sum-rescaled-backwards", SoftmaxOverflow,
            "an online softmax multiplies its running sum by e^(new − old) when it meets a new maximum",
            "multiply it by e^(old − new)",
            terms => terms with { Add = (row, _, exp) => Online(row, exp, (old, max) => exp(max - old), keepsNewest: true) });
        yield return Change("online-sum-loses-the-maximum", SoftmaxOverflow,
            "an online softmax rescales its sum at a new maximum, and does not add that maximum's own 1",
            "rescale the sum, then add e^(x − max) of the element",
            terms => terms with { Add = (row, _, exp) => Online(row, exp, (old, max) => exp(old - max), keepsNewest: false) });
        yield return Change("base-two", Formula, "the exponentials are powers of 2, as where exp2 is used without log₂e",
            "multiply the shifted x by log₂e before exp2",
            terms => terms with { Exp = x => Math.Pow(2, x) });
        yield return Ranges.Leaves(exp => Change("shifted-by-the-mean", SoftmaxOverflow,
            "the row's mean is taken off, not its maximum: what is far above it overflows",
            "take the row's maximum off",
            terms => terms with { Shift = (row, _) => row.Average(), Exp = exp }));
        yield return Ranges.Leaves(exp => Change("shifted-by-the-first", SoftmaxOverflow,
            "the row's first element is taken off, not its maximum: what is far above it overflows",
            "take the row's maximum off",
            terms => terms with { Shift = (row, _) => row[0], Exp = exp }));
        yield return Ranges.Leaves(exp => Change("shifted-by-the-largest-magnitude", SoftmaxOverflow,
            "the largest magnitude of the row is taken off: a row of negative numbers vanishes",
            "take the row's maximum off, with its sign",
            terms => terms with { Shift = (row, _) => row.Max(Math.Abs), Exp = exp }));
        yield return Ranges.Leaves(exp => Change("maximum-of-all-but-the-last", SoftmaxOverflow,
            "the search for the maximum leaves the row's last element out",
            "look at every element of the row",
            terms => terms with { Shift = (row, _) => Max(row[..Math.Max(1, row.Length - 1)]), Exp = exp }));
        yield return Change("sum-of-all-but-the-last", OddInput, "the sum leaves the row's last element out",
            "sum the whole row",
            terms => terms with { Add = (row, shift, exp) => terms.Add(row[..Math.Max(1, row.Length - 1)], shift, exp) });
        yield return new TermDefect<SoftmaxTerms>($"{op}.gradient-missing", Passes.InputGradient, MissingGradient,
            "the gradient stays zero: layers before it learn nothing",
            "multiply dy by the row's Jacobian",
            terms => terms with { Gradient = (_, dy) => [.. dy.Select(_ => 0.0)] });
        foreach (var defect in Values(op).Concat(Loops(op))
            // With dy = 1 the gradient of softmax is zero.
            .Concat(GradientDefects.For(op, op == "softmax" ? ["gradient-negated", "gradient-missing", "output-gradient-left-out"]
                : ["gradient-negated", "gradient-missing"])).Concat(GradientDefects.OfKept(op)))
            yield return defect;

        TermDefect<SoftmaxTerms> Change(string name, MistakeClass kind, string mistake, string mend, Func<SoftmaxTerms, SoftmaxTerms> change) =>
        new($"{op}.{name}", Both, kind, mistake, mend, change);
    }

    /// <summary>Elements and rows that the loops don't reach, and numbers that are those of another row.</summary>
    private static IEnumerable<Defect> Loops(string op)
    {
        yield return Of("sum-of-the-first-row", BatchIndex, "the first row's sum divides every row", "divide each row by its own sum",
            terms => terms with { Sum = (sums, _) => sums[0] });
        yield return Of("sum-of-the-row-before", BatchIndex, "each row is divided by the sum of the row before it", "divide each row by its own sum",
            terms => terms with { Sum = (sums, row) => sums[Math.Max(0, row - 1)] });
        yield return Ranges.Leaves(exp => Of("maximum-of-the-first-row", SoftmaxOverflow,
            "the first row's maximum is taken off every row: what is far above it overflows", "take each row's own maximum off",
            terms => terms with { ShiftOf = (shifts, _) => shifts[0], Exp = exp }));
        foreach (var (lanes, word) in new[] { (4, "four"), (8, "eight"), (16, "sixteen") })
        {
            yield return Of($"sum-tail-of-{lanes}-lost", OddInput, $"the sum leaves out what is behind the row's last whole vector of {word}",
                "add a loop for the elements that remain",
                terms => terms with
                {
                    Add = (row, shift, exp) => terms.Add([.. row.Where((_, i) => Vectors.Hold(i, row.Length, lanes))], shift, exp),
                });
            yield return Lost(op, $"row-tail-of-{lanes}-lost", OddInput, $"the elements behind a row's last whole vector of {word} stay zero",
                "add a loop for the elements that remain", (place, length, _, _) => Vectors.Hold(place, length, lanes));
        }
        yield return Lost(op, "last-element-lost", OddInput, "the last element of each row stays zero", "let the loop run to the row's end",
            (place, length, _, _) => place < length - 1);
        yield return Lost(op, "last-row-lost", BatchIndex, "the last row stays zero", "let the loop run over all rows",
            (_, _, row, rows) => row < rows - 1);
        yield return Lost(op, "first-row-alone", BatchIndex, "only the first row is computed", "let the loop run over all rows",
            (_, _, row, _) => row == 0);

        TermDefect<SoftmaxTerms> Of(string name, MistakeClass kind, string mistake, string mend, Func<SoftmaxTerms, SoftmaxTerms> change) =>
            new($"{op}.{name}", Both, kind, mistake, mend, change);
    }

    /// <param name="computed">Whether an element is computed, from its place in its row, the row's length, the row, and the number of rows.</param>
    private static ResultDefect Lost(
        string op, string name, MistakeClass kind, string mistake, string mend, Func<int, int, int, int, bool> computed) =>
        new($"{op}.{name}", Both, kind, mistake, mend, (of, result) =>
        {
            var (axis, inner) = (RowOperation.Axis(of), 1);
            foreach (var extent in result.Shape[(axis + 1)..])
                inner *= extent;
            var length = result.Shape[axis];
            return new(result.Shape, [.. Enumerable.Range(0, result.Length).Select(flat => computed(
                flat / inner % length, length, flat / inner / length * inner + flat % inner, result.Length / length) ? result[flat] : 0)]);
        });

    private static IEnumerable<Defect> Values(string op)
    {
        ValuePlace[] all = [("input", Both), (OperandDefect.Cotangent, Passes.InputGradient), ValuePlace.Gradients];
        return
        [
            .. ValueDefects.NaNLost(op, [.. all, ValuePlace.Output]), .. ValueDefects.InfinityLost(op, all), .. ValueDefects.Clipped(op, all),
            ValueDefects.NaNLosesComparisons(op, ("input", Both)),
        ];
    }

    public static TermDefect<SoftmaxTerms> Gradient(string id, string mistake, string mend, Func<double[], double[], double[]> gradient) =>
        new(id, Passes.InputGradient, Derivative, mistake, mend, terms => terms with { Gradient = gradient });

    public static TermDefect<SoftmaxTerms> Forward(string id, string mistake, string mend, Func<SoftmaxElement, double> value) =>
        new(id, Both, Formula, mistake, mend, terms => terms with { Value = value });

    /// <summary>The sum of a row's exponentials in a single pass, in which the maximum grows.</summary>
    /// <param name="rescaled">The factor of the sum when the maximum changes, from the old maximum and the new one.</param>
    /// <param name="keepsNewest">Whether the element that becomes the new maximum is added too.</param>
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
}
