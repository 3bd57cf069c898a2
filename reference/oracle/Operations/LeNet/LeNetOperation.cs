using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Conformance.Oracle.Operations;

/// <summary>
/// The whole network: conv 5×5, ReLU, pool 2×2, conv 5×5, ReLU, pool 2×2, three linear layers with ReLU between them, mean cross entropy. Its
/// layers are the oracle's own operations, so their tests hold for it.
/// <para>
/// The answer is <c>logits</c>, <c>loss</c> and the gradient of every parameter, of <c>input</c> and of <c>logits</c>. With <c>layers</c> it also has
/// each layer's output and the gradient that arrived there, by the layer's name, so that the first wrong layer can be found. With several
/// <c>steps</c> the network trains on its one batch, by SGD with momentum in PyTorch's form (v ← μ·v + g, p ← p − lr·v). The answer then has
/// the <c>losses</c> before each step and each parameter after it, with steps as the first axis.
/// </para>
/// </summary>
public sealed class LeNetOperation : Operation
{
    private const double FewestRoundings = 32;

    // The plain answers take the longest of all, and are asked for twice: for the tolerance, and for what correct engines take of it.
    private readonly ConditionalWeakTable<LayerCase, ConcurrentDictionary<Summation, LayerResult>> _plain = [];

    public override string Name => "lenet";

    public override IReadOnlyCollection<string> IntegerInputs => ["target"];

    public override OperationKind Kind => OperationKind.Network;

    public override IReadOnlyList<Defect> Defects => LeNetDefects.All;

    /// <summary>
    /// An id such as <c>lenet/n3-h28-c6x16-u120x84x10-t10</c>: images 28×28, 6 and 16 channels, 120, 84 and 10 units, ten steps. <c>layers</c>: the
    /// layers' outputs too.
    /// </summary>
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
        var attributes = Attributes.FromPairs(("padding", 2), ("steps", steps), ("lr", 0.05), ("momentum", 0.9), ("layers", spelling.Word("layers")));
        return Case(attributes, Tier.Bounded, inputs, cotangent: null);

        void Parameters(string layer, params int[] shape)
        {
            var fanIn = shape.Skip(1).Aggregate((a, b) => a * b);
            inputs[layer + ".weight"] = fill(layer + ".weight").Uniform(Math.Sqrt(6.0 / fanIn), shape);
            inputs[layer + ".bias"] = fill(layer + ".bias").Uniform(0.1, shape[0]);
        }
    }

    protected override LayerResult Answer(LayerCase layerCase, Defect? defect) =>
        LeNetTraining.Answer(layerCase, Terms.Under(defect, LeNetTerms.Right with { Layer = _ => defect }));

    /// <summary>
    /// The network is too long a chain for a useful formula. A tensor's tolerance is <see cref="Float32Runs.TimesLargest"/> times the largest error
    /// of the oracle's own float32 runs (<see cref="Float32Runs"/>). It is at least 32 u of the tensor's largest element, because a run may be right
    /// by chance (a loss, for example). Trained parameters have <see cref="LeNetDrift"/> as a second limit.
    /// </summary>
    public override ErrorBound Bound(LayerCase layerCase, LayerResult expected)
    {
        var runs = Float32Runs.InEveryOrder(layerCase.Inputs, name => name != "target",
            (inputs, order) => ReferenceEquals(inputs, layerCase.Inputs)
                ? AnswerInFloat32(layerCase, order)
                : LeNetTraining.Answer(layerCase with { Inputs = inputs }, LeNetTerms.Right, order));
        var bounds = expected.Tensors.ToDictionary(pair => pair.Key,
            pair => pair.Value.Data.ToArray().Select(Math.Abs).DefaultIfEmpty().Max() * FewestRoundings * ErrorBound.U);
        foreach (var (name, tensor) in runs.SelectMany(run => run.Tensors))
        {
            var right = expected.Tensors.First(pair => pair.Key == name).Value;
            bounds[name] = Math.Max(bounds[name],
                Float32Runs.TimesLargest * Enumerable.Range(0, right.Length).Select(i => Math.Abs(tensor[i] - right[i])).DefaultIfEmpty().Max());
        }
        return new(bounds.ToDictionary(pair => pair.Key, pair => Tensor64.Scalar(pair.Value)))
        {
            Spreads = layerCase.Attributes.Int("steps") > 1
                ? LeNetDrift.Limits(layerCase, [.. LeNetTraining.Parameters(layerCase.Inputs)], expected, runs) : new Dictionary<string, Spread>(),
        };
    }

    /// <summary>Rounds every operation, including the update, and adds sums in the given order.</summary>
    protected override LayerResult AnswerInFloat32(LayerCase layerCase, Summation order) =>
        _plain.GetValue(layerCase, _ => []).GetOrAdd(order, _ => LeNetTraining.Answer(layerCase, LeNetTerms.Right, order));
}
