using static Conformance.Oracle.MistakeClass;

namespace Conformance.Oracle.Operations;

/// <summary>Known mistakes of layers with a weight and a bias: in the order of update and gradients, in what is kept, in factors and tails.</summary>
internal static class WeightedDefects
{
    /// <param name="known">The ends of ids that are left out.</param>
    public static IEnumerable<Defect> For(string op, params string[] known) =>
    [
        // The input gradient has names of its own for the other sign, for none, and for a mean; dx does not depend on x.
        .. GradientDefects.For(op, [
            "gradient-negated", "gradient-missing", "gradient-averaged-over-images", "gradient-of-the-first-image", .. known,
        ]),
        .. GradientDefects.OfAnEarlyUpdate(op), .. Weights(op), .. Biases(op),
    ];

    private static IEnumerable<Defect> Weights(string op) =>
    [
        new OperandDefect($"{op}.backward-weight-last-image-kept", Passes.WeightGradient, BatchIndex,
            "each image overwrites the input that the forward pass keeps: the weight gradient pairs every dy with the last one",
            "keep the whole batch in the forward pass",
            "input", (_, x) => GradientDefects.OfImage(x, n => n - 1)),
        new OperandDefect($"{op}.backward-weight-output-gradient-left-out", Passes.WeightGradient, Derivative,
            "the weight gradient is the sum of the inputs, without the output gradient",
            "multiply each input by its dy",
            OperandDefect.Cotangent, (_, dy) => dy.Select(_ => 1)),
        new ScaleDefect($"{op}.backward-weight-doubled", Passes.WeightGradient, Scale,
            "the weight gradient is twice what it should be: it is added to itself",
            "clear dw before the backward pass, or assign it", _ => 2),
        new ScaleDefect($"{op}.backward-weight-missing-in-large-batches", Passes.WeightGradient, MissingGradient,
            "the weight gradient is zero where there are more than two images",
            "compute it for any number of images", of => of.Input("input").Shape[0] > 2 ? 0 : 1),
        new ResultDefect($"{op}.backward-weight-of-the-last-output-lost", Passes.WeightGradient, OddInput,
            "the weight gradient of the last output stays zero: its loop ends one early",
            "let o run to the last output",
            (_, dw) => new(dw.Shape, [.. dw.Data.ToArray().Select((value, flat) => flat < dw.Length - dw.Length / dw.Shape[0] ? value : 0)])),
        new ResultDefect($"{op}.backward-weight-tail-lost", Passes.WeightGradient, OddInput,
            "the weight gradient behind the last whole vector of eight stays zero",
            "add a loop for the elements that remain",
            (_, dw) => Vectors.WithoutTail(dw)),
    ];

    private static IEnumerable<Defect> Biases(string op)
    {
        yield return new ScaleDefect($"{op}.bias-gradient-doubled", Passes.BiasGradient, Scale,
            "the bias gradient is twice what it should be: it is added to itself",
            "clear db before the backward pass, or assign it", _ => 2);
        yield return new ScaleDefect($"{op}.bias-gradient-times-images", Passes.BiasGradient, Scale,
            "the bias gradient is multiplied by the number of images, to undo a mean that the loss took",
            "leave db as it is: the loss's mean belongs in it", of => of.Input("input").Shape[0]);
        yield return new OperandDefect($"{op}.bias-gradient-output-gradient-left-out", Passes.BiasGradient, Derivative,
            "the bias gradient counts the outputs, without the output gradient",
            "sum dy",
            OperandDefect.Cotangent, (_, dy) => dy.Select(_ => 1));
        yield return new ResultDefect($"{op}.bias-gradient-tail-lost", Passes.BiasGradient, OddInput,
            "the bias gradient behind the last whole vector of eight stays zero",
            "add a loop for the outputs that remain", (_, db) => Vectors.WithoutTail(db));
        yield return new ResultDefect($"{op}.bias-gradient-last-lost", Passes.BiasGradient, OddInput,
            "the bias gradient of the last output stays zero: its loop ends one early",
            "let o run to the last output",
            (_, db) => new(db.Shape, [.. db.Data.ToArray().Select((value, o) => o < db.Length - 1 ? value : 0)]));
        foreach (var (lanes, word) in new[] { (4, "four"), (8, "eight") })
            yield return new OperandDefect($"{op}.bias-tail-of-{lanes}-missing", Passes.Forward, OddInput,
                $"the outputs behind the last whole vector of {word} get no bias",
                "add the bias in the loop for the outputs that remain too",
                "bias", (_, b) => new(b.Shape, [.. b.Data.ToArray().Select((value, o) => Vectors.Hold(o, b.Length, lanes) ? value : 0)]));
        yield return new OperandDefect($"{op}.bias-averaged-over-images", Passes.Forward, Scale,
            "the bias is divided by the number of images",
            "add the bias itself to each output",
            "bias", (of, b) => b.Select(value => value / Math.Max(1, of.Input("input").Shape[0])));
    }
}
