using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Dialects;

/// <summary>
/// An engine with one layer for linear, softmax and cross entropy. It is asked <c>linear_cross_entropy</c>: the inputs of linear and the target, with
/// the options of cross entropy. It answers the loss, and the gradients of input, weight and bias.
/// <para>
/// <b>cross_entropy</b> is asked with the unit matrix as weight and a bias of zeros. The loss and the logits' gradient are then the layer's own.
/// </para>
/// <para>
/// <b>linear</b>: its output can't be computed from a loss, and is left out. Its gradients can, exactly. One more class gets weights of zero and a
/// bias so large that every row's softmax is 1 there and 0 elsewhere. A row with target b and cotangent −c then has a logits' gradient of c at b,
/// of −c at the last class, whose weights are zero, and of 0 elsewhere. So there is one question for each output b, with the cotangents −dy[·,
/// b]. Its answers are dx[n] = dy[n, b]·w[b], dw[b] = Σ dy[n, b]·x[n] and db[b] = Σ dy[n, b], and they are added up.
/// </para>
/// </summary>
internal sealed class FusedLoss(ISubject engine) : Translator(engine)
{
    public const string Operation = "linear_cross_entropy";

    /// <summary>The suite's operations that such a layer can answer.</summary>
    public static readonly string[] Offered = ["linear", "cross_entropy"];

    /// <summary>The bias of the additional class: exp(−1000) is 0 in float64 too.</summary>
    private const double Certain = 1000;

    protected override IEnumerable<LayerCase> Asked(LayerCase layerCase) => layerCase.Op switch
    {
        "cross_entropy" => [Loss(layerCase)],
        "linear" when layerCase.Refused is null => Gradients(layerCase),
        "linear" => throw new NotSupportedException("a fused layer is not asked for what linear refuses"),
        _ => [layerCase],
    };

    protected override LayerResult Combine(LayerCase layerCase, IReadOnlyList<LayerCase> asked, IReadOnlyList<LayerResult> replies)
    {
        if (layerCase.Op == "cross_entropy")
            return new(replies[0].Outputs, replies[0].Gradients.Where(pair => pair.Key == "input").ToDictionary());
        var gradients = new Dictionary<string, Tensor64>();
        foreach (var name in (string[])["input", "weight", "bias"])
            if (layerCase.Inputs.TryGetValue(name, out var right)
                && Sums.Add(replies.Select(reply => reply.Gradients.GetValueOrDefault(name))) is { } sum)
                // The rows of the additional class are no part of the layer.
                gradients[name] = name == "input" || sum.Rank != right.Rank || sum.Length <= right.Length
                    ? sum
                    : new(right.Shape, sum.Data[..right.Length].ToArray());
        return new(new Dictionary<string, Tensor64>(), gradients);
    }

    protected override Dictionary<string, string> LeftOut(LayerCase layerCase, IReadOnlyList<LayerResult> replies)
    {
        var names = base.LeftOut(layerCase, replies);
        if (layerCase.Op == "linear")
            names["outputs.output"] = "a fused layer answers its loss alone";
        return names;
    }

    private static LayerCase Loss(LayerCase layerCase)
    {
        if (layerCase.Input("input") is not { Rank: 2 } logits || logits.Data.ToArray().Any(value => !double.IsFinite(value)))
            throw new NotSupportedException("through a linear layer a logit that is not finite makes every other one NaN");
        var classes = logits.Shape[1];
        var unit = Tensor64.Zeros(classes, classes);
        var inputs = layerCase.Inputs.Where(pair => pair.Key != "weight").ToDictionary();
        if (layerCase.Inputs.TryGetValue("weight", out var weights))
            inputs["class_weight"] = weights;
        inputs["weight"] = new(unit.Shape, [.. Enumerable.Range(0, unit.Length).Select(flat => flat / classes == flat % classes ? 1.0 : 0)]);
        inputs["bias"] = Tensor64.Zeros(classes);
        return layerCase with { Op = Operation, Inputs = inputs };
    }

    private static IEnumerable<LayerCase> Gradients(LayerCase layerCase)
    {
        var (x, w, dy) = (layerCase.Input("input"), layerCase.Input("weight"), layerCase.Cotangents["output"]);
        if (x.Rank != 2)
            throw new NotSupportedException("a fused layer has rows of one axis");
        var (rows, outputs, inputs) = (x.Shape[0], w.Shape[0], w.Shape[1]);
        var bias = layerCase.Inputs.GetValueOrDefault("bias") ?? Tensor64.Zeros(outputs);
        var largest = new Tensor64([rows, outputs], [.. from n in Enumerable.Range(0, rows) from o in Enumerable.Range(0, outputs)
            select Math.Abs(bias[o]) + Enumerable.Range(0, inputs).Sum(i => Math.Abs(x[n * inputs + i] * w[o * inputs + i]))])
                .Data.ToArray().DefaultIfEmpty(0).Max();
        var options = Attributes.FromPairs(("reduction", "none"), ("ignore_index", -100), ("label_smoothing", 0.0));
        for (var b = 0; b < outputs; b++)
            yield return layerCase with
            {
                Id = $"{layerCase.Id}@{b}",
                Op = Operation,
                Attributes = options,
                Inputs = new Dictionary<string, Tensor64>
                {
                    ["input"] = x,
                    ["weight"] = new([outputs + 1, inputs], [.. w.Data, .. new double[inputs]]),
                    ["bias"] = new([outputs + 1], [.. bias.Data, Math.Ceiling(largest) + Certain]),
                    ["target"] = Tensor64.Zeros(rows).Select(_ => b),
                },
                Cotangents = new Dictionary<string,
                    Tensor64>
                { ["output"] = new([rows], [.. Enumerable.Range(0, rows).Select(n => -dy[n * outputs + b])]) },
            };
    }
}
