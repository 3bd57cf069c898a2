using System.Text.RegularExpressions;
using Conformance.Oracle;
using Conformance.Tests.Examples;

namespace Conformance.Tests.Suite.Protocol;

/// <summary>
/// What the tables of PROTOCOL.md can't say, sentence by sentence. Each sentence has a check of the oracle with numbers worked out by hand, and a
/// sentence without one fails.
/// </summary>
internal sealed partial class ProtocolRulesTests
{
    private static readonly double NaN = double.NaN;

    private static readonly double Infinity = double.PositiveInfinity;

    private static readonly Dictionary<string, Func<string?>> Rules = new()
    {
        // convolution
        ["OH = ⌊(H + top + bottom − dilation·(KH − 1) − 1) / stride⌋ + 1."] = () => Bad(
            [.. from h in (int[])[5, 6, 7] from top in (int[])[0, 2] from bottom in (int[])[0, 1]
                from dilation in (int[])[1, 2] from stride in (int[])[1, 2, 3]
                select (
                    Convolution(h, [top, bottom, 0, 0], dilation, stride).Outputs["output"].Shape[2],
                    (int)Math.Floor((h + top + bottom - dilation * 2 - 1) / (double)stride) + 1)]),
        ["Output channels are split in `groups` equal parts, in order."] = () => Got(Grouped().Outputs["output"], 1, 10, 200, 2000),
        ["Each part reads its own part of the input channels."] = () => Got(Grouped().Gradients["input"], 11, 22),
        // pools
        ["`padding` [height, width] applies to both ends of each axis."] = () => Bad(
            [.. from op in (string[])["max_pool2d", "avg_pool2d"] from axis in (int[])[0, 1]
                select (
                    Pool(op, Image(4, 4), [2, 2], [2, 2], axis == 0 ? [1, 0] : [0, 1]).Outputs["output"].Shape[2 + axis], 3)]),
        ["With `ceil_mode` the quotient is rounded up, but the last window must start inside the input or in the padding before the input."] =
            () => Bad(
                (Windows(6, kernel: 3, stride: 2, padding: 0), 3), // 1.5 steps of room
                (Windows(5, kernel: 2, stride: 3, padding: 1), 2), // the third would start at 5, behind the input
                (Windows(3, kernel: 4, stride: 2, padding: 2), 3),
                (Windows(1, kernel: 2, stride: 2, padding: 1), 1)), // the second would start at 1
        ["A window is scanned row by row from its first element inside the input."] =
            () => Got(Pool("max_pool2d", Image(2, 2, 0, 7, 7, 0), [2, 2], [1, 1]).Gradients["input"], 0, 1, 0, 0),
        ["A later element replaces the maximum when it is greater or NaN."] = () =>
            Got(Pool("max_pool2d", Image(1, 3, 1, 2, 2), [1, 3], [1, 1]).Gradients["input"], 0, 1, 0)
                ?? Got(Pool("max_pool2d", Image(1, 3, Infinity, NaN, 9), [1, 3], [1, 1]).Outputs["output"], NaN),
        ["So the gradient goes to the first of tied maxima, and to the last NaN."] = () =>
            Got(Pool("max_pool2d", Image(1, 3, 4, 4, 4), [1, 3], [1, 1]).Gradients["input"], 1, 0, 0)
                ?? Got(Pool("max_pool2d", Image(1, 3, NaN, NaN, 4), [1, 3], [1, 1]).Gradients["input"], 0, 1, 0),
        ["Padding is never the maximum."] = () =>
            Got(Pool("max_pool2d", Image(1, 1, -5), [2, 2], [2, 2], [1, 1]).Outputs["output"], -5)
                ?? Got(Pool("max_pool2d", Image(1, 1, double.NegativeInfinity), [2, 2], [2, 2], [1, 1]).Gradients["input"], 1),
        ["With `count_include_pad` the divisor is the size of the window, clipped to the padded input."] = () =>
            Got(Average(counted: true), 3, 9, 6), // (0 + 3 + 6)/3, (6 + 9 + 12)/3, and (12 + 0)/2: the last place is outside
        ["Otherwise it is the number of its elements inside the input."] = () => Got(Average(counted: false), 4.5, 9, 12),
        ["Output i of O is the mean of the elements ⌊i·H/O⌋ to ⌈(i + 1)·H/O⌉ − 1 along each axis."] = () =>
            Got(Asked("adaptive_avg_pool2d", Image(1, 5, 1, 2, 3, 4, 5), ("output_size", new[] { 1, 3 })).Outputs["output"], 1.5, 3, 4.5)
                ?? Got(Asked("adaptive_avg_pool2d", Image(3, 1, 1, 2, 3), ("output_size", new[] { 2, 1 })).Outputs["output"], 1.5, 2.5),
        // batch norm
        ["Training normalises with the batch's biased variance."] = () => Got(Norm(true, 0.5).Outputs["output"], -1, 1), // 1 around 2
        ["It moves the running statistics by `momentum` towards the batch's mean and *unbiased* variance."] = () =>
            Got(Norm(true, 0.25).Outputs["running_mean"], 0.75 * 8 + 0.25 * 2) ?? Got(Norm(true, 0.25).Outputs["running_var"], 0.75 * 4 + 0.25 * 2),
        ["Evaluation normalises with the running statistics and returns them unchanged."] = () =>
            Got(Norm(false, 0.25).Outputs["output"], -3.5, -2.5) // (1 − 8)/2, (3 − 8)/2
                ?? Got(Norm(false, 0.25).Outputs["running_mean"], 8) ?? Got(Norm(false, 0.25).Outputs["running_var"], 4),
        ["Where `momentum` is null there is `num_batches_tracked`, n, and the factor is 1/(n + 1)."] = () =>
            Got(Norm(true, null).Outputs["running_mean"], 0.75 * 8 + 0.25 * 2), // after three batches
        ["Without `weight` and `bias`, use 1 and 0."] = () => Same(
            Norm(true, 0.5).Outputs["output"], Norm(true, 0.5, ("weight", Row(1)), ("bias", Row(0))).Outputs["output"]),
        // activations
        ["The gradient at 0 is 0 (relu) or `negative_slope` (leaky_relu)."] = () =>
            Got(Asked("relu", Row(0)).Gradients["input"], 0) ?? Got(Asked("leaky_relu", Row(0), ("negative_slope", 0.25)).Gradients["input"], 0.25),
        ["A NaN stays NaN."] = () =>
            Got(Asked("relu", Row(NaN)).Outputs["output"], NaN)
                ?? Got(Asked("leaky_relu", Row(NaN), ("negative_slope", 0.25)).Outputs["output"], NaN),
        ["Its gradient goes through whole (relu) or times `negative_slope` (leaky_relu)."] = () =>
            Got(Asked("relu", Row(NaN)).Gradients["input"], 1)
                ?? Got(Asked("leaky_relu", Row(NaN), ("negative_slope", 0.25)).Gradients["input"], 0.25),
        ["They run along `dim`, which may count from the end (−1 is the last axis)."] = () =>
            Got(Asked("softmax", Table(0, 0, 0, Math.Log(3)), ("dim", 0)).Outputs["output"], 0.5, 0.25, 0.5, 0.75)
                ?? Got(Asked("softmax", Table(0, 0, 0, Math.Log(3)), ("dim", -1)).Outputs["output"], 0.5, 0.5, 0.25, 0.75)
                ?? Got(Asked("log_softmax", Table(0, 0, 0, 0), ("dim", -2)).Outputs["output"], [.. Enumerable.Repeat(-Math.Log(2), 4)]),
        ["The axes `start_dim` to `end_dim` become one."] = () => Bad(
            [.. from start in (int[])[0, 1, 2, 3] from end in (int[])[0, 1, 2, 3] where start <= end
                select (
                    string.Join(',', Asked("flatten", Zeros(2, 3, 4, 5), ("start_dim", start), ("end_dim", end)).Outputs["output"].Shape.ToArray()),
                    string.Join(',', Merged([2, 3, 4, 5], start, end)))]),
        ["`mask` holds zeros and ones."] = () => Repository.Vectors["dropout"].All(vector =>
            !vector.Case.Input("mask").Data.ContainsAnyExcept(0.0, 1.0)) ? null : "a mask has another number",
        ["The output is input · mask / (1 − `p`)."] = () =>
            Got(Asked("dropout", Row(3, 5), [("mask", Row(1, 0))], ("p", 0.75)).Outputs["output"], 12, 0),
        // losses
        ["`reduction` is `mean`, `sum` or `none`."] = () => Bad(
            [.. from op in (string[])["cross_entropy", "nll_loss", "generalized_cross_entropy", "mse_loss"]
                select (
                    string.Join(' ', Repository.Vectors[op].Select(vector => vector.Case.Attributes.Text("reduction")).Distinct().Order()),
                    "mean none sum")]),
        ["With `none` the output is a loss for each row (in mse_loss: for each element), and there is a `cotangent`."] = () =>
            Got(Nll("none", [0, 1]).Outputs["output"], 1, 4) ?? Got(Nll("none", [0, 1]).Gradients["input"], -1, 0, 0, -1)
                ?? Got(Asked("mse_loss", Table(1, 2, 3, 4), [("target", Table(0, 0, 0, 0))], ("reduction", "none")).Outputs["output"], 1, 4, 9, 16)
                ?? Repository.Vectors.SelectMany(op => op).Select(vector => vector.Case).Where(one => one.Attributes.Has("reduction"))
                    .Where(one => one.Refused is null && one.Cotangents.Count > 0 != (one.Attributes.Text("reduction") == "none"))
                    .Select(one => one.Id).FirstOrDefault(),
        ["`target` holds class numbers (in mse_loss: values)."] = () => Got(Nll("sum", [1, 0]).Outputs["output"], 2 + 3),
        ["A row whose target is `ignore_index` costs nothing and has gradient 0."] = () =>
            Got(Nll("none", [0, 7]).Outputs["output"], 1, 0) ?? Got(Nll("sum", [0, 7]).Gradients["input"], -1, 0, 0, 0),
        ["The mean divides by the sum of the `weight`s of the other targets (1 each where there are none)."] = () =>
            Got(Nll("mean", [0, 1]).Outputs["output"], 5 / 2.0) ?? Got(Nll("mean", [0, 7]).Outputs["output"], 1)
                ?? Got(Nll("mean", [0, 1], ("weight", Row(3, 5))).Outputs["output"], (3 * 1 + 5 * 4) / 8.0),
        ["In mse_loss it divides by the number of elements."] = () =>
            Got(Asked("mse_loss", Table(1, 2, 3, 4), [("target", Table(0, 0, 0, 0))], ("reduction", "mean")).Outputs["output"], 30 / 4.0),
        ["The mean over no rows is NaN."] = () =>
            Got(Nll("mean", [7, 7]).Outputs["output"], NaN)
                ?? Got(Asked("mse_loss", Zeros(0, 2), [("target", Zeros(0, 2))], ("reduction", "mean")).Outputs["output"], NaN),
        ["**cross_entropy** takes logits."] = () => Got(Entropy(0, Math.Log(3), smoothing: 0).Outputs["output"], Math.Log(4)),
        ["With p = softmax of the row, target y, K classes and ε = `label_smoothing`, "
            + "the loss is −Σ w[c]·((1 − ε)·[c = y] + ε/K)·log p[c]."] =
            () => Got(Entropy(0, Math.Log(3), 0.5, ("weight", Row(2, 8))).Outputs["output"],
                -2 * (0.5 + 0.25) * Math.Log(1 / 4.0) - 8 * 0.25 * Math.Log(3 / 4.0)),
        ["**nll_loss** takes log-probabilities: −w[y]·x[y]."] = () =>
            Got(Nll("none", [0, 1], ("weight", Row(3, 5))).Outputs["output"], 3 * 1, 5 * 4),
        ["**generalized_cross_entropy** takes logits: (1 − p[y]^q)/q."] = () =>
            Got(Asked(
                "generalized_cross_entropy", new([1, 2], [0, Math.Log(3)]), [("target", Row(0))], ("q", 0.5), ("reduction", "sum"))
                .Outputs["output"], (1 - Math.Sqrt(1 / 4.0)) / 0.5),
        // optimisers, on one element that starts at 2, with the gradients 3 and 5
        ["The first axis of `gradients` is the step."] = () => Got(Sgd().Outputs["parameter"], 2 - 3, 2 - 3 - 5 * 0.5),
        ["`lr` has one rate for each step."] = () => Got(Sgd(("weight_decay", 0.0)).Outputs["parameter"], -1, -3.5),
        ["Start from `parameter` with no state, apply the steps in order, and answer every output after each step: T rows."] = () =>
            Bad([.. Sgd(("momentum", 0.5)).Outputs.Values.Select(output => (output.Shape[0], 2))]),
        ["The reply has no gradients."] = () => Bad((Sgd().Gradients.Count, 0), (Adam("adam").Gradients.Count, 0)),
        ["The gradients of later steps are given and do not depend on your updates."] = () => Got(Sgd().Outputs["parameter"], -1, -3.5),
        ["First g += `weight_decay`·p."] = () =>
            Got(Sgd(("weight_decay", 0.5)).Outputs["parameter"], 2 - (3 + 1), -2 - 0.5 * (5 - 1))
                ?? Got(Adam("adam", 0.5).Outputs["exp_avg"], 0.5 * (3 + 0.5 * 2)),
        ["At the first step the buffer is g, whatever the `dampening`."] = () =>
            Bad((Sgd(("momentum", 0.5), ("dampening", 0.75)).Outputs["momentum_buffer"][0], 3.0)),
        ["Later it is `momentum`·buffer + (1 − `dampening`)·g."] = () =>
            Bad((Sgd(("momentum", 0.5), ("dampening", 0.75)).Outputs["momentum_buffer"][1], 0.5 * 3 + 0.25 * 5)),
        ["Then p −= lr·(g + `momentum`·buffer) with `nesterov`, and p −= lr·buffer without."] = () =>
            Got(Sgd(("momentum", 0.5), ("nesterov", true)).Outputs["parameter"], 2 - (3 + 1.5), -2.5 - 0.5 * (5 + 0.5 * 6.5))
                ?? Got(Sgd(("momentum", 0.5)).Outputs["parameter"], 2 - 3, -1 - 0.5 * 6.5),
        ["With `momentum` 0 there is no buffer (p −= lr·g), and no output `momentum_buffer`."] = () =>
            Bad((string.Join(' ', Sgd().Outputs.Keys), "parameter")),
        ["m and v (`exp_avg`, `exp_avg_sq`) are moving averages of g and g² with `betas`."] = () =>
            Got(Adam("adam").Outputs["exp_avg"], 0.5 * 3) ?? Got(Adam("adam").Outputs["exp_avg_sq"], 0.25 * 9),
        ["Then p −= lr·(m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + `eps`), with t from 1."] = () =>
            Got(Adam("adam").Outputs["parameter"], 2 - 0.5 * 3 / (3 + 1)),
        ["First p ·= 1 − lr·`weight_decay`."] = () => Got(Adam("adamw", 0.5).Outputs["parameter"], 2 * (1 - 0.25) - 0.5 * 3 / 4),
        ["The rest is adam with `weight_decay` 0."] = () => Got(Adam("adamw", 0.5).Outputs["exp_avg"], 0.5 * 3),
    };

    /// <summary>Sentences that order the page, and say nothing that could be false.</summary>
    private static readonly string[] Headings = ["The formulas are PyTorch's:"];

    [Test]
    public void EverySentenceHasItsCheckAndHolds()
    {
        var text = ProtocolPage.Text.Split("The table needs these additions:\n")[1].Split("### lenet")[0];
        var sentences = Subject().Replace(Space().Replace(text.Replace("### Optimisers", "", StringComparison.Ordinal), " "), "\n")
            .Split('\n').SelectMany(part => End().Split(part)).Select(sentence => sentence.Trim())
            .Select(sentence => sentence.StartsWith("* ", StringComparison.Ordinal) ? sentence[2..] : sentence).Where(sentence => sentence.Length > 0)
            .Except(Headings).Distinct().ToArray();

        Assert.Multiple(() =>
        {
            Assert.That(sentences, Is.SupersetOf(Rules.Keys), "a check without its sentence");
            Bulk.Check(sentences, sentence => sentence, sentence => Rules.TryGetValue(sentence, out var check) ? check() : "has no check");
        });
    }

    /// <summary>
    /// "A request": there is no cotangent "for a scalar loss, an optimiser, a network, a case to be refused", and there is one elsewhere.
    /// "The numbers in a request are float32 values." A shape with a 0 has no data.
    /// </summary>
    [Test]
    public void ARequestHoldsWhatThePageSays() => Bulk.Check(
        Repository.Vectors.SelectMany(op => op).Select(vector => vector.Case), one => one.Id, one =>
        {
            var isScalarLoss = one.Attributes.Has("reduction") && one.Attributes.Text("reduction") != "none";
            var none = isScalarLoss || one.Refused is not null
                || AllOperations.KindOf(one.Op) is OperationKind.Optimizer or OperationKind.Network;
            var tensors = one.Inputs.Values.Concat(one.Cotangents.Values).ToArray();
            return none == one.Cotangents.Count > 0 ? "a cotangent too many, or none"
                : tensors.Any(tensor => tensor.Data.ToArray().Any(value => !((double)(float)value).Equals(value))) ? "a number is no float32"
                : tensors.Any(tensor => tensor.Shape.Contains(0) != (tensor.Length == 0)) ? "data without elements, or elements without data"
                : null;
        });

    /// <summary>Each clause of "What must be refused", by a case that PyTorch refuses for it.</summary>
    [Test]
    public void EveryClauseOfWhatMustBeRefusedHolds()
    {
        var clauses = ProtocolPage.Text.Split("## What must be refused")[1].Split("\n\n")[1].Split('\n').Skip(2)
            .SelectMany(row => Clause().Split(row.Split('|')[2]).Select(clause => clause.Trim()));

        Assert.That(clauses, Is.EquivalentTo(Refused.Keys.SelectMany(clause => Enumerable.Repeat(clause, Refused[clause].Rows))));
        Bulk.Check(Refused.SelectMany(clause => clause.Value.Ids), id => id, id =>
            AllOperations.Draw(id).Refused is null ? "PyTorch takes it" : null);
    }

    private static readonly Dictionary<string, (int Rows, string[] Ids)> Refused = new()
    {
        ["a kernel larger than the padded input"] =
            (2, ["conv2d/n2c3h4w7-o4-k5x3", "max_pool2d/n1c2h3w5-k4x2", "avg_pool2d/n1c2h3w5-k4x2"]),
        ["a stride below 1"] = (2, ["conv2d/n2c2h5w6-o3-k2x3-s0x1", "max_pool2d/n1c2h6w5-k2-s0x1", "avg_pool2d/n1c2h6w5-k3-s2x0"]),
        ["a negative padding"] =
            (2, ["conv2d/n2c2h6w7-o3-k2x3-p1xm2", "max_pool2d/n1c1h8w6-k3x2-pm1x0", "avg_pool2d/n1c1h8w6-k3x2-pm1x0"]),
        ["`groups` that don't divide the channels or the outputs"] = (1, ["conv2d/n2c3h5w6-o4-k2x3-g2", "conv2d/n2c4h5w6-o3-k2x3-g2"]),
        ["a padding of more than half the kernel"] = (1, ["max_pool2d/n1c1h8w6-k2-p2", "avg_pool2d/n1c1h8w6-k2-p2"]),
        ["an input of no pixels"] = (1, ["adaptive_avg_pool2d/n2c3h0w5-o2x3", "adaptive_avg_pool2d/n2c3h5w0-o3x2"]),
        ["training with one value in each channel"] = (1, ["batch_norm1d/n1c4", "batch_norm2d/n1c3h1w1"]),
        ["a target that is no class, unless it is `ignore_index`"] =
            (1, ["cross_entropy/n3c4-mean-outside", "nll_loss/n3c4-mean-below", "generalized_cross_entropy/n3c4-mean-outside"]),
        ["another number of targets than rows"] = (1, ["cross_entropy/n3c4-mean-fewer", "nll_loss/n3c4-mean-fewer"]),
        ["`label_smoothing` outside 0 to 1"] = (1, ["cross_entropy/n3c4-mean-l1.5"]),
        ["`nesterov` without `momentum`, or with `dampening`"] = (1, ["sgd/t3-e4-plain-nesterov", "sgd/t3-e4-m0.5-d0.25-nesterov"]),
        ["a beta of 1 or more"] = (1, ["adam/t3-e4-b1", "adamw/t3-e4-c1"]),
    };

    private static LayerResult Asked(string op, Tensor64 input, params (string Name, object? Value)[] attributes) =>
        Asked(op, input, [], attributes);

    /// <summary>The oracle's answer, with a cotangent of ones where the operation takes one.</summary>
    private static LayerResult Asked(
        string op, Tensor64 input, (string Name, Tensor64 Tensor)[] inputs, params (string Name, object? Value)[] attributes)
    {
        var asked = new LayerCase(
            op, op, Attributes.FromPairs(attributes), Tier.Bounded,
            inputs.Append(("input", input)).ToDictionary(pair => pair.Item1, pair => pair.Item2), new Dictionary<string, Tensor64>(), []);
        var operation = AllOperations.Named(op);
        int[]? shape = operation.Kind is OperationKind.ClassLoss || op == "mse_loss"
            ? asked.Attributes.Text("reduction") != "none" ? null : op == "mse_loss" ? [.. input.Shape] : [input.Shape[0]]
            : operation is TapOperation ? [.. operation.Evaluate(asked).Outputs["output"].Shape]
            : [.. input.Shape];
        return operation.Evaluate(shape is null ? asked : asked with
        {
            Cotangents = new Dictionary<string, Tensor64> { ["output"] = Tensor64.Zeros(shape).Select(_ => 1) },
        });
    }

    private static LayerResult Optimised(string op, double[] gradients, params (string Name, object? Value)[] attributes) =>
        AllOperations.Named(op).Evaluate(new(op, op, Attributes.FromPairs(attributes), Tier.Bounded, new Dictionary<string, Tensor64>
        {
            ["parameter"] = Row(2),
            ["gradients"] = new([gradients.Length, 1], gradients),
        }, new Dictionary<string, Tensor64>(), []));

    private static LayerResult Sgd(params (string Name, object? Value)[] options)
    {
        var all = new Dictionary<string, object?> { ["momentum"] = 0.0, ["dampening"] = 0.0, ["weight_decay"] = 0.0, ["nesterov"] = false };
        foreach (var (name, value) in options)
            all[name] = value;
        return Optimised("sgd", [3, 5], [("lr", new[] { 1, 0.5 }), .. all.Select(pair => (pair.Key, pair.Value))]);
    }

    /// <summary>One step of rate ½ along the gradient 3, with ε 1.</summary>
    private static LayerResult Adam(string op, double decay = 0) =>
        Optimised(op, [3], ("lr", new[] { 0.5 }), ("betas", new[] { 0.5, 0.75 }), ("eps", 1.0), ("weight_decay", decay));

    private static LayerResult Convolution(int height, int[] padding, int dilation, int stride) => Asked(
        "conv2d", Image(height, 1), [("weight", Zeros(1, 1, 3, 1))], ("padding", padding), ("dilation", new[] { dilation, 1 }),
        ("stride", new[] { stride, 1 }), ("groups", 1));

    /// <summary>Two input channels, 1 and 100, and two outputs for each.</summary>
    private static LayerResult Grouped() => Asked(
        "conv2d", new([1, 2, 1, 1], [1, 100]), [("weight", new([4, 1, 1, 1], [1, 10, 2, 20]))], ("padding", new[] { 0, 0, 0, 0 }),
        ("dilation", new[] { 1, 1 }), ("stride", new[] { 1, 1 }), ("groups", 2));

    private static LayerResult Pool(
        string op, Tensor64 image, int[] kernel, int[] stride, int[]? padding = null, bool ceil = false, bool counted = true) =>
        Asked(op, image, [("kernel_size", kernel), ("stride", stride), ("padding", padding ?? [0, 0]), ("ceil_mode", ceil),
            op == "max_pool2d" ? ("dilation", new[] { 1, 1 }) : ("count_include_pad", counted)]);

    private static int Windows(int width, int kernel, int stride, int padding) =>
        Pool("max_pool2d", Image(1, width), [1, kernel], [1, stride], [0, padding], ceil: true).Outputs["output"].Shape[3];

    /// <summary>The row 3, 6, 9, 12 with windows of three at every second place, padded by one, the last of them partial.</summary>
    private static Tensor64 Average(bool counted) =>
        Pool("avg_pool2d", Image(1, 4, 3, 6, 9, 12), [1, 3], [1, 2], [0, 1], ceil: true, counted).Outputs["output"];

    /// <summary>One channel with the values 1 and 3, and ε 0.</summary>
    private static LayerResult Norm(bool training, double? momentum, params (string Name, Tensor64 Tensor)[] affine) => Asked(
        "batch_norm1d", new([2, 1], [1, 3]),
        [("running_mean", Row(8)), ("running_var", Row(4)), ("num_batches_tracked", Tensor64.Scalar(3)), .. affine],
        ("training", training), ("momentum", momentum), ("eps", 0.0));

    /// <summary>Log-probabilities −1, −2 and −3, −4; class 7 is ignored.</summary>
    private static LayerResult Nll(string reduction, double[] target, params (string Name, Tensor64 Tensor)[] weight) =>
        Asked("nll_loss", Table(-1, -2, -3, -4), [("target", Row(target)), .. weight], ("reduction", reduction), ("ignore_index", 7));

    /// <summary>One row of two logits, of which the first is wanted.</summary>
    private static LayerResult Entropy(double first, double second, double smoothing, params (string Name, Tensor64 Tensor)[] weight) => Asked(
        "cross_entropy", new([1, 2], [first, second]), [("target", Row(0)), .. weight], ("reduction", "sum"), ("ignore_index", -100),
        ("label_smoothing", smoothing));

    private static int[] Merged(int[] shape, int start, int end) =>
        [.. shape[..start], shape[start..(end + 1)].Aggregate(1, (product, extent) => product * extent), .. shape[(end + 1)..]];

    /// <summary>What differs from the values; null if nothing does.</summary>
    private static string? Got(Tensor64 tensor, params double[] values) =>
        tensor.Length == values.Length && values.Zip(tensor.Data.ToArray()).All(pair =>
            pair.First.Equals(pair.Second) || Math.Abs(pair.First - pair.Second) < 1e-12)
            ? null
            : $"expected {string.Join(", ", values)}, got {string.Join(", ", tensor.Data.ToArray())}";

    private static string? Same(Tensor64 one, Tensor64 other) => Got(one, other.Data.ToArray());

    private static string? Bad<T>(params (T Seen, T Expected)[] pairs) =>
        pairs.Where(pair => !Equals(pair.Seen, pair.Expected)).Select(pair => $"expected {pair.Expected}, got {pair.Seen}").FirstOrDefault();

    /// <summary>One image of one channel; of zeros if no values are given.</summary>
    private static Tensor64 Image(int height, int width, params double[] values) =>
        new([1, 1, height, width], values.Length == 0 ? new double[height * width] : values);

    private static Tensor64 Table(params double[] values) => new([2, 2], values);

    private static Tensor64 Row(params double[] values) => new([values.Length], values);

    private static Tensor64 Zeros(params int[] shape) => Tensor64.Zeros(shape);

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();

    [GeneratedRegex(@" ?(?:\* )?(?:\*\*[a-zA-Z0-9_ ]+\*\*(?:, )?)+: ")]
    private static partial Regex Subject();

    [GeneratedRegex(@"(?<=\.) (?=[A-Z`*]|m and v)")]
    private static partial Regex End();

    [GeneratedRegex(@",\s(?!unless|or)|;")]
    private static partial Regex Clause();
}
