using static Conformance.Oracle.MistakeClass;
using static Conformance.Oracle.Operations.LinearDefect;

namespace Conformance.Oracle.Operations;

/// <summary>Known mistakes of a linear layer in the strides of its matrices, in blocks of a few elements, and in the index of the bias.</summary>
internal static class LinearIndexDefects
{
    public static IEnumerable<Defect> All { get; } = [.. Steps(), .. Blocks(), .. Biases()];

    private static IEnumerable<Defect> Steps() =>
    [
        Change("input-stepped-by-outputs", Everywhere, BatchIndex,
            "the input's rows are stepped by the number of outputs",
            "step them by the number of inputs: n·in + i",
            (g, tap) => (tap.Row * g.O + tap.I) switch { var flat when flat < g.N * g.I => tap with { Row = flat / g.I, I = flat % g.I },
                _ => Lost(tap) })
            .Index("x[n·out + i]", "x[n·in + i]"),
        Change("output-stepped-by-inputs", Everywhere, BatchIndex,
            "the output's rows are stepped by the number of inputs",
            "step them by the number of outputs: n·out + o",
            (g, tap) => (tap.N * g.I + tap.O) switch { var flat when flat < g.N * g.O => tap with { N = flat / g.O, O = flat % g.O },
                _ => Lost(tap) })
            .Index("y[n·in + o]", "y[n·out + o]"),
        Change("weight-stepped-by-outputs", Everywhere, KernelIndex,
            "the weight's rows are stepped by the number of outputs",
            "step them by the number of inputs: o·in + i",
            (g, tap) => (tap.O * g.O + tap.I) switch { var flat when flat < g.O * g.I => tap with { Weight = flat }, _ => Lost(tap) })
            .Index("w[o·out + i]", "w[o·in + i]"),
        Change("input-transposed", Everywhere, Layout,
            "the input is read as [in, N]",
            "the input is [N, in]: x[n,i] at n·in + i",
            (g, tap) => (tap.I * g.N + tap.Row) switch { var flat => tap with { Row = flat / g.I, I = flat % g.I } })
            .Index("x[i·N + n]", "x[n·in + i]")
            .From(Seen.Convention("MATLAB: a batch's columns are its examples")),
        Change("first-input-lost", Everywhere, KernelIndex,
            "the sum over the inputs starts at 1",
            "let i run from 0",
            (_, tap) => tap.I > 0 ? tap : Lost(tap)),
        Change("last-output-lost", Everywhere, OddInput,
            "the loop over the outputs ends one early: the last has its bias alone",
            "let o run to out − 1 included",
            (g, tap) => tap.O < g.O - 1 ? tap : Lost(tap)),
        Change("last-row-lost", Everywhere, BatchIndex,
            "the loop over the rows ends one early",
            "let n run to N − 1 included",
            (g, tap) => tap.N < g.N - 1 ? tap : Lost(tap)),
        Change("first-row-alone", Everywhere, BatchIndex,
            "the loop over the rows is missing: only the first is computed",
            "let n run over all rows",
            (_, tap) => tap.N == 0 ? tap : Lost(tap)),
        Change("backward-input-first-row", Passes.InputGradient, BatchIndex,
            "every row's input gradient is computed from the first row's dy",
            "index dy by n",
            (_, tap) => tap with { N = 0 })
            .Index("dy[0, o]", "dy[n, o]"),
        Change("first-weight-row-for-all", Everywhere, ChannelIndex,
            "every output uses the weight's first row",
            "index the weight by the output too",
            (_, tap) => tap with { Weight = tap.I })
            .Index("w[i]", "w[o·in + i]"),
        Change("inputs-rotated", Everywhere, KernelIndex,
            "each weight meets the next input",
            "multiply x[n, i] by the w[o, i] of the same i",
            (g, tap) => tap with { I = (tap.I + 1) % g.I })
            .Index("x[n, (i + 1) mod in]", "x[n, i]"),
        Change("last-input-alone", Everywhere, Assignment,
            "each product overwrites the sum of those before: the last input's remains",
            "sum over the inputs: y[n,o] += x·w",
            (g, tap) => tap.I == g.I - 1 ? tap : Lost(tap)),
        Change("first-input-alone", Everywhere, KernelIndex,
            "the loop over the inputs is missing: only the first counts",
            "sum over every input",
            (_, tap) => tap.I == 0 ? tap : Lost(tap)),
        new MisreadDefect("linear.weight-not-transposed-throughout", KernelIndex,
            "y is x·W where it must be x·Wᵀ, which fits only where there are as many outputs as inputs",
            "PyTorch's weight is [out, in]: y = x·Wᵀ + b",
            of => of.Input("weight") is var w && w.Shape[0] == w.Shape[1]
                ? of with { Inputs = new Dictionary<string, Tensor64>(of.Inputs) { ["weight"] = Transposed(w) } } : null)
            .From(Seen.Convention("Keras: the weight is [in, out]")),
        Change("diagonal-alone", Everywhere, Formula,
            "input and weight are multiplied element by element: only i = o contributes",
            "multiply matrices: sum over every i",
            (_, tap) => tap.I == tap.O ? tap : Lost(tap)),
    ];

    private static IEnumerable<Defect> Blocks()
    {
        foreach (var (lanes, word) in new[] { (2, "two"), (4, "four"), (16, "sixteen") })
        {
            yield return Change($"input-tail-of-{lanes}-lost", Everywhere, OddInput,
                $"the inputs behind the last whole vector of {word} are left out of the sum",
                "add a loop for the inputs that remain",
                (g, tap) => Vectors.Hold(tap.I, g.I, lanes) ? tap : Lost(tap));
            yield return Change($"output-tail-of-{lanes}-lost", Everywhere, OddInput,
                $"the outputs behind the last whole block of {word} are not computed",
                "add a loop for the outputs that remain",
                (g, tap) => Vectors.Hold(tap.O, g.O, lanes) ? tap : Lost(tap));
            yield return Change($"row-tail-of-{lanes}-lost", Everywhere, OddInput,
                $"the rows behind the last whole block of {word} are not computed",
                "add a loop for the rows that remain",
                (g, tap) => Vectors.Hold(tap.N, g.N, lanes) ? tap : Lost(tap));
        }
        foreach (var (lanes, word) in new[] { (4, "four"), (8, "eight") })
            yield return Change($"last-block-of-{lanes}-inputs-twice", Everywhere, OddInput,
                $"the last block of {word} inputs is moved back to the last input, and counts some twice",
                "compute only the inputs that are left",
                (g, tap) => Vectors.Overlap(tap.I, g.I, lanes) ? tap with { Times = 2 } : tap);
        yield return Change("output-tail-stale", Everywhere, OddInput,
            "the outputs behind the last whole vector of eight use the weights of the vector before",
            "load the weights that remain",
            (g, tap) => Vectors.Hold(tap.O, g.O) ? tap : tap with { Weight = tap.Weight - 8 * g.I })
            .Index("w[(o − 8)·in + i]", "w[o·in + i]");
    }

    private static Tensor64 Transposed(Tensor64 square)
    {
        var size = square.Shape[0];
        return new(square.Shape, [.. Enumerable.Range(0, square.Length).Select(flat => square[flat % size * size + flat / size])]);
    }

    private static IEnumerable<Defect> Biases() =>
    [
        new OperandDefect("linear.bias-subtracted", Passes.Forward, Formula, "the bias is subtracted", "add b[o]", "bias",
            (_, b) => b.Select(value => -value)),
        new OperandDefect("linear.next-bias", Passes.Forward, ChannelIndex,
            "each output gets the next one's bias",
            "index the bias by the output",
            "bias", (_, b) => new(b.Shape, [.. Enumerable.Range(0, b.Length).Select(o => b[(o + 1) % b.Length])]))
            .Index("b[(o + 1) mod out]", "b[o]"),
        new OperandDefect("linear.bias-added-per-input", Passes.Forward, Scale,
            "the bias is added in the loop over the inputs, once for each",
            "add b[o] once, outside the sum",
            "bias", (layerCase, b) => b.Select(value => value * layerCase.Input("input").Shape[1])),
        new ResultDefect("linear.bias-by-row", Passes.Forward, BatchIndex,
            "the bias is indexed by the row of the batch",
            "index the bias by the output",
            (layerCase, y) => layerCase.Inputs.GetValueOrDefault("bias") is not { } b ? y
                : new(y.Shape, [.. Enumerable.Range(0, y.Length).Select(flat => y[flat] - b[flat % b.Length] + b[flat / b.Length % b.Length])]))
            .Index("b[n]", "b[o]"),
        new OperandDefect("linear.bias-gradient-last-row", Passes.BiasGradient, Assignment,
            "each row overwrites the bias gradient of those before",
            "sum dy over n",
            "cotangent", (_, dy) => new(dy.Shape, [.. dy.Data.ToArray().Select((value, flat) => flat >= dy.Length - dy.Shape[1] ? value : 0)])),
        new ResultDefect("linear.bias-gradient-by-row", Passes.BiasGradient, BatchIndex,
            "the bias gradient is summed along the wrong axis: one number for each row",
            "sum dy over n: one number for each output",
            (layerCase, _) => layerCase.Cotangents["output"] is var dy && dy.Shape[1] is var outputs
                ? new([dy.Shape[0]], [.. dy.Data.ToArray().Chunk(outputs).Select(row => row.Sum())]) : dy),
    ];
}
