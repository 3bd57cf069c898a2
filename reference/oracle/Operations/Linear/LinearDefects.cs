using static Conformance.Oracle.MistakeClass;
using static Conformance.Oracle.Operations.LinearDefect;

namespace Conformance.Oracle.Operations;

/// <summary>Known mistakes of a linear layer in its matrices, its factors, its bias, and in accumulation.</summary>
internal static class LinearDefects
{
    public static IEnumerable<Defect> All { get; } =
    [
        Change("weight-transposed", Everywhere, KernelIndex,
            "the weight is read as [in, out]",
            "PyTorch's weight is [out, in]: w[o,i] at o·in + i",
            Transposed)
            .Index("w[i·out + o]", "w[o·in + i]")
            .From(Seen.Convention("Keras: the weight is [in, out]")),
        Change("backward-input-weight-not-transposed", Passes.InputGradient, KernelIndex,
            "the input gradient is dy·Wᵀ where it must be dy·W",
            "add to dx[n,i] the sum over o of dy[n,o]·w[o,i]",
            Transposed)
            .Index("dy[n, o]·w[i·out + o]", "dy[n, o]·w[o·in + i]"),
        Change("backward-weight-transposed", Passes.WeightGradient, KernelIndex,
            "the weight gradient is xᵀ·dy, [in, out], where the weight is [out, in]",
            "dw[o,i] at o·in + i: dyᵀ·x",
            Transposed)
            .Index("dw[i·out + o]", "dw[o·in + i]"),
        Change("first-row-for-all", Passes.WeightGradient, BatchIndex,
            "the weight gradient pairs every row's output gradient with the first row's input",
            "sum dy[n,o]·x[n,i] with the same n in both",
            (_, tap) => tap with { Row = 0 })
            .Index("x[0, i]", "x[n, i]"),
        Change("forward-first-row-for-all", Passes.Forward, BatchIndex,
            "every row's output is computed from the first row",
            "index the input by n",
            (_, tap) => tap with { Row = 0 })
            .Index("x[0, i]", "x[n, i]"),
        Change("backward-outputs-rotated", Passes.InputGradient | Passes.WeightGradient, ChannelIndex,
            "the output gradient is read at the next output",
            "read dy[n,o] with the o of w[o,i]",
            (g, tap) => tap with { O = (tap.O + 1) % g.O })
            .Index("dy[n, (o + 1) mod out]", "dy[n, o]"),
        Change("last-input-lost", Everywhere, KernelIndex,
            "the sum over the inputs ends one early: i < in − 1",
            "let i run to in − 1 included",
            (g, tap) => tap.I < g.I - 1 ? tap : Lost(tap)),
        Change("input-tail-lost", Everywhere, OddInput,
            "the inputs behind the last whole vector of eight are left out of the sum",
            "add a loop for the inputs that remain",
            (g, tap) => Vectors.Hold(tap.I, g.I) ? tap : Lost(tap)),
        Change("output-tail-lost", Everywhere, OddInput,
            "the outputs behind the last whole vector of eight are not computed",
            "add a loop for the outputs that remain",
            (g, tap) => Vectors.Hold(tap.O, g.O) ? tap : Lost(tap)),
        Change("row-tail-lost", Everywhere, OddInput,
            "the rows behind the last whole vector of eight are not computed",
            "add a loop for the rows that remain",
            (g, tap) => Vectors.Hold(tap.N, g.N) ? tap : Lost(tap)),
        new OperandDefect("linear.bias-missing", Passes.Forward, MissingGradient, "the bias is never added", "start each output's sum at b[o]",
            "bias", (_, b) => b.Select(_ => 0)),
        new OperandDefect("linear.bias-added-for-each-row", Passes.Forward, Scale,
            "the bias is added once for each row of the batch to every row",
            "add b[o] once to each output",
            "bias", (layerCase, b) => b.Select(value => value * Rows(layerCase))),
        new OperandDefect("linear.one-bias-for-all", Passes.Forward, ChannelIndex,
            "the first bias is added to every output", "index the bias by the output", "bias", (_, b) => b.Select(_ => b[0]))
            .Index("b[0]", "b[o]"),
        new ScaleDefect("linear.bias-gradient-mean", Passes.BiasGradient, Scale,
            "the bias gradient is a mean over the rows",
            "sum dy over n; the loss has divided by N already", layerCase => 1.0 / Rows(layerCase)),
        new OperandDefect("linear.bias-gradient-first-row", Passes.BiasGradient, BatchIndex,
            "the bias gradient is the first row's output gradient",
            "sum dy over n",
            "cotangent", (_, dy) => new(dy.Shape, [.. dy.Data.ToArray().Select((value, flat) => flat < dy.Shape[1] ? value : 0)])),
        new ResultDefect("linear.bias-gradient-over-outputs", Passes.BiasGradient, ChannelIndex,
            "the bias gradient is summed over the outputs too, and the same for all",
            "sum dy over n, not over o",
            (_, db) => db.Select(_ => db.Data.ToArray().Sum())),
        new ScaleDefect("linear.bias-gradient-divided-by-outputs", Passes.BiasGradient, Scale,
            "the bias gradient is divided by the number of outputs (of classes)",
            "sum dy over n, don't average over o", layerCase => 1 / Outputs(layerCase)),
        new ScaleDefect("linear.bias-gradient-negated", Passes.BiasGradient, Derivative, "the bias gradient has the other sign",
            "add dy to db, don't subtract it", _ => -1),
        new ScaleDefect("linear.bias-gradient-missing", Passes.BiasGradient, MissingGradient, "the bias gradient stays zero", "sum dy over n",
            _ => 0),
        new ScaleDefect("linear.backward-weight-mean", Passes.WeightGradient, Scale,
            "the weight gradient is divided by the number of rows once more",
            "sum dy·x over n; the loss has divided by N already", layerCase => 1.0 / Rows(layerCase)),
        new ScaleDefect("linear.backward-weight-mean-twice", Passes.WeightGradient, Scale,
            "the weight gradient is divided by the number of rows twice more",
            "sum dy·x over n; the loss has divided by N already", layerCase => 1.0 / Rows(layerCase) / Rows(layerCase)),
        new ScaleDefect("linear.backward-weight-divided-by-outputs", Passes.WeightGradient, Scale,
            "the weight gradient is divided by the number of outputs (of classes)",
            "sum dy·x over n, don't average over o", layerCase => 1 / Outputs(layerCase)),
        new ScaleDefect("linear.backward-weight-times-rows", Passes.WeightGradient, Scale,
            "the weight gradient is multiplied by the number of rows, to undo a mean that the loss took",
            "leave dw as it is: the loss's mean belongs in it", layerCase => Rows(layerCase)),
        new ScaleDefect("linear.backward-input-times-rows", Passes.InputGradient, Scale,
            "the input gradient is multiplied by the number of rows",
            "leave dx as it is: each row has its own", layerCase => Rows(layerCase)),
        new OperandDefect("linear.forward-mean-over-inputs", Passes.Forward, Scale,
            "the products are averaged over the inputs",
            "sum them",
            "weight", (_, w) => w.Select(value => value / w.Shape[1])),
        new ScaleDefect("linear.backward-input-mean", Passes.InputGradient, Scale,
            "the input gradient is divided by the number of rows",
            "leave dx as it is: each row has its own", layerCase => 1.0 / Rows(layerCase)),
        new ScaleDefect("linear.backward-input-divided-by-outputs", Passes.InputGradient, Scale,
            "the input gradient is divided by the number of outputs (of classes)",
            "sum over the outputs, don't average", layerCase => 1 / Outputs(layerCase)),
        new ScaleDefect("linear.backward-input-negated", Passes.InputGradient, Derivative, "the input gradient has the other sign",
            "add dy·w, don't subtract it", _ => -1),
        new ScaleDefect("linear.backward-weight-negated", Passes.WeightGradient, Derivative, "the weight gradient has the other sign",
            "add dy·x, don't subtract it", _ => -1),
        new ScaleDefect("linear.backward-input-missing", Passes.InputGradient, MissingGradient,
            "the input gradient stays zero: layers before it learn nothing", "dx = dy·W", _ => 0),
        new ScaleDefect("linear.backward-weight-missing", Passes.WeightGradient, MissingGradient,
            "the weight gradient stays zero: the layer learns nothing", "dw = dyᵀ·x", _ => 0),
        new AssignDefect("linear.backward-input-assigned", Passes.InputGradient,
            "the input gradient keeps the last output's contribution alone: = for +=",
            "add each contribution: dx[n,i] += dy[n,o]·w[o,i]"),
        new AssignDefect("linear.backward-weight-assigned", Passes.WeightGradient,
            "the weight gradient keeps the last row's contribution alone: = for +=",
            "add each contribution: dw[o,i] += dy[n,o]·x[n,i]"),
    ];

    private static LinearTap Transposed(LinearGeometry g, LinearTap tap) => tap with { Weight = tap.I * g.O + tap.O };

    private static double Outputs(LayerCase layerCase) => layerCase.Input("weight").Shape[0];

    private static int Rows(LayerCase layerCase) => layerCase.Input("input").Shape[0];
}
