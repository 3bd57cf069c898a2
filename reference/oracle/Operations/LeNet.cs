using Conformance.Oracle.Plain;
using static Conformance.Oracle.MistakeClass;

namespace Conformance.Oracle.Operations;

/// <summary>What a training can get wrong around layers that are right.</summary>
/// <param name="Learns">Whether a parameter, by its state name, is updated.</param>
/// <param name="KeepsBuffer">The momentum buffer outlives the step.</param>
/// <param name="ZeroesGradients">The gradients start from zero at each step.</param>
/// <param name="Layer">The defect of a layer, by its name (<c>loss</c> is one too); it has none where the defect is of another operation.</param>
public sealed record LeNetTerms(Func<string, bool> Learns, Func<string, Defect?> Layer, bool KeepsBuffer = true, bool ZeroesGradients = true);

/// <summary>
/// The whole network: conv 5×5, ReLU, pool 2×2, conv 5×5, ReLU, pool 2×2, three linear layers with ReLU between them, mean cross entropy. Its parts are
/// the oracle's own operations, so what is proved of them holds for it.
/// <para>
/// Answers <c>logits</c>, <c>loss</c> and the gradient of every parameter, of <c>input</c> and of <c>logits</c>. With <c>layers</c> also what each layer answered and the
/// gradient that arrived there, by the layer's name: with them the first wrong layer can be found. With several <c>steps</c> it trains on its one batch, SGD
/// with momentum in PyTorch's form (v ← μ·v + g, p ← p − lr·v), and answers the <c>losses</c> before each step and each parameter after it, the step first.
/// </para>
/// </summary>
public sealed class LeNet : Operation
{
    private const double FewestRoundings = 32;

    private static readonly LeNetTerms Right = new(_ => true, _ => null);

    /// <summary>The layers between the input and the logits, in order; <c>fc3</c> answers the logits themselves.</summary>
    public static IReadOnlyList<string> Layers { get; } =
        ["conv1", "relu1", "pool1", "conv2", "relu2", "pool2", "flatten", "fc1", "relu3", "fc2", "relu4"];

    public override string Name => "lenet";

    public override IReadOnlyList<Defect> Defects { get; } =
    [
        new TermDefect<LeNetTerms>("lenet.convolutions-frozen", Passes.Forward, Optimiser,
            "no update reaches the convolutions: the layers behind them learn, so accuracy still rises",
            "hand every layer's parameters to the optimiser",
            terms => terms with { Learns = name => !name.StartsWith("conv", StringComparison.Ordinal) }),
        new TermDefect<LeNetTerms>("lenet.optimiser-state-reset", Passes.Forward, Optimiser,
            "the momentum buffer is made anew for each batch",
            "keep one optimiser for the whole training",
            terms => terms with { KeepsBuffer = false }),
        new TermDefect<LeNetTerms>("lenet.gradients-accumulate", Passes.Forward, Accumulates,
            "the gradients of earlier steps are never set to zero",
            "set the gradients to zero before each backward pass, or assign them in it",
            terms => terms with { ZeroesGradients = false }),
        new TermDefect<LeNetTerms>("lenet.flatten-channels-last", Passes.All, Layout,
            "the maps are flattened with the channels running fastest, so that fc1's weights meet other features",
            "flatten in the order c, h, w",
            terms => terms with { Layer = _ => AllOperations.DefectOf("flatten.channels-last") }),
    ];

    /// <summary><c>lenet/n3-h28-c6x16-u120x84x10-t10</c>: images 28×28, 6 and 16 channels, 120, 84 and 10 units, ten steps. <c>layers</c>: their answers too.</summary>
    protected override LayerCase Draw(Spelling spelling, Func<string, Fill> fill)
    {
        var (n, h, steps) = (spelling.Single('n'), spelling.Single('h'), spelling.Single('t', 1));
        var (channels, units) = (spelling.Numbers('c', 2), spelling.Numbers('u', 3));
        if (h % 4 != 0 || h < 12)
            throw spelling.Error("h must be a multiple of 4, and at least 12");
        var features = channels[1] * (h / 2 - 4) / 2 * ((h / 2 - 4) / 2);
        var inputs = new Dictionary<string, Tensor64>
        {
            ["input"] = fill("input").Uniform(1, n, 1, h, h),
            ["target"] = fill("target").Integers(0, units[2] - 1, n),
        };
        Parameters("conv1", channels[0], 1, 5, 5);
        Parameters("conv2", channels[1], channels[0], 5, 5);
        Parameters("fc1", units[0], features);
        Parameters("fc2", units[1], units[0]);
        Parameters("fc3", units[2], units[1]);
        var attributes = Attributes.Of(("padding", 2), ("steps", steps), ("lr", 0.05), ("momentum", 0.9), ("layers", spelling.Word("layers")));
        return Case(attributes, Tier.Bounded, inputs, cotangent: null);

        void Parameters(string layer, params int[] shape)
        {
            var fanIn = shape.Skip(1).Aggregate((a, b) => a * b);
            inputs[layer + ".weight"] = fill(layer + ".weight").Uniform(Math.Sqrt(6.0 / fanIn), shape);
            inputs[layer + ".bias"] = fill(layer + ".bias").Uniform(0.1, shape[0]);
        }
    }

    protected override LayerResult Answer(LayerCase layerCase, Defect? defect) => Answer(layerCase, Terms.Of(defect, new LeNetTerms(_ => true, _ => defect)), null);

    /// <summary>The answer of an engine that computes in float32: every operation rounded, the update too, and sums added in an order of its own.</summary>
    internal static LayerResult Float32(LayerCase layerCase, Summation order) => Answer(layerCase, Right, order);

    private static LayerResult Answer(LayerCase layerCase, LeNetTerms terms, Summation? float32)
    {
        var trained = Train(layerCase, terms, float32).ToArray();
        var (first, layers) = (trained[0].Answer, layerCase.Attributes.Flag("layers"));
        var outputs = first.Outputs.Where(pair => layers || !Layers.Contains(pair.Key)).ToDictionary();
        if (trained.Length > 1)
        {
            outputs["losses"] = new([trained.Length], [.. trained.Select(step => step.Answer.Outputs["loss"][0])]);
            foreach (var name in Names(layerCase.Inputs))
                outputs[name] = new([trained.Length, .. layerCase.Input(name).Shape], [.. trained.SelectMany(step => step.After[name].Data.ToArray())]);
        }
        return new(outputs, first.Gradients.Where(pair => layers || !Layers.Contains(pair.Key)).ToDictionary());
    }

    /// <summary>The steps of a case's training: what the network answers before each update, every layer's answer with it, and the state after the update.</summary>
    /// <param name="float32">How float32 adds up; null for float64.</param>
    internal static IEnumerable<(LayerResult Answer, IReadOnlyDictionary<string, Tensor64> After)> Train(LayerCase layerCase, LeNetTerms terms, Summation? float32 = null)
    {
        var attributes = layerCase.Attributes;
        var (steps, lr, momentum) = (attributes.Int("steps"), R(attributes.Number("lr")), R(attributes.Number("momentum")));
        var state = layerCase.Inputs.ToDictionary();
        var sums = Names(state).ToDictionary(name => name, name => new double[state[name].Length]);
        var velocity = Names(state).ToDictionary(name => name, name => new double[state[name].Length]);
        for (var step = 0; step < steps; step++)
        {
            var result = LeNetStep.Run(state, attributes.Int("padding"), terms.Layer, float32);
            state = new(state);
            foreach (var (name, v) in velocity)
            {
                var (parameter, gradient, sum) = (state[name].Data.ToArray(), result.Gradients[name], sums[name]);
                for (var i = 0; terms.Learns(name) && i < v.Length; i++)
                {
                    sum[i] = R(gradient[i] + (terms.ZeroesGradients ? 0 : sum[i]));
                    v[i] = R(sum[i] + (terms.KeepsBuffer ? R(momentum * v[i]) : 0));
                    parameter[i] = R(parameter[i] - R(lr * v[i]));
                }
                state[name] = new(gradient.Shape, parameter);
            }
            yield return (result, state);
        }

        double R(double number) => float32 is null ? number : (float)number;
    }

    /// <summary>
    /// Too long a chain for a formula that still says something: a tensor's tolerance is <see cref="Float32Runs.TimesLargest"/> times the largest error of the oracle's own
    /// float32 runs (<see cref="Float32Runs"/>). Where those were right by luck, a loss say, at least 32 u of the tensor's largest element. Trained parameters
    /// have <see cref="LeNetDrift"/> as a second limit.
    /// </summary>
    public override ErrorBound Bound(LayerCase layerCase, LayerResult expected)
    {
        var runs = Float32Runs.Of(layerCase.Inputs, name => name != "target", (inputs, order) => Float32(layerCase with { Inputs = inputs }, order));
        var bounds = expected.Tensors.ToDictionary(pair => pair.Key, pair => pair.Value.Data.ToArray().Select(Math.Abs).DefaultIfEmpty().Max() * FewestRoundings * ErrorBound.U);
        foreach (var (name, tensor) in runs.SelectMany(run => run.Tensors))
        {
            var right = expected.Tensors.First(pair => pair.Key == name).Value;
            bounds[name] = Math.Max(bounds[name], Float32Runs.TimesLargest * Enumerable.Range(0, right.Length).Select(i => Math.Abs(tensor[i] - right[i])).DefaultIfEmpty().Max());
        }
        return new(bounds.ToDictionary(pair => pair.Key, pair => Tensor64.Scalar(pair.Value)))
        {
            Spreads = layerCase.Attributes.Int("steps") > 1 ? LeNetDrift.Limits(layerCase, [.. Names(layerCase.Inputs)], expected, runs) : new Dictionary<string, Spread>(),
        };
    }

    private static IEnumerable<string> Names(IReadOnlyDictionary<string, Tensor64> inputs) => inputs.Keys.Where(name => name is not ("input" or "target"));
}
