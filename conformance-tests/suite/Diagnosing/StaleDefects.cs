using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Diagnosing;

/// <summary>
/// The known mistakes of memory: what is not written, not cleared, or kept from an earlier call. An engine with one of them is right when it is asked
/// one question alone. Each is made for every operation that can have it.
/// </summary>
public static class StaleDefects
{
    private const int Lanes = 8;

    private static readonly string[] Unary = ["relu", "leaky_relu", "tanh", "sigmoid", "softmax", "log_softmax"];
    private static readonly string[] Pools = ["max_pool2d", "avg_pool2d", "adaptive_avg_pool2d"];
    private static readonly string[] Norms = ["batch_norm1d", "batch_norm2d"];
    private static readonly string[] Losses = ["cross_entropy", "nll_loss", "generalized_cross_entropy", "mse_loss"];
    private static readonly string[] Sums = ["conv2d", "linear", "batch_norm1d", "softmax", "log_softmax", .. Losses];
    private static readonly string[] Layers = ["conv2d", "linear", .. Pools, .. Norms, .. Unary, "flatten", "dropout", .. Losses];
    private static readonly string[] Optimizers = ["sgd", "adam", "adamw"];

    /// <summary>The operations whose backward pass reads what the forward pass was given.</summary>
    private static readonly string[] WithContext = ["conv2d", "linear", "max_pool2d", .. Norms, .. Unary, "dropout", .. Losses];

    /// <summary>The operations whose inputs have zeros.</summary>
    private static readonly string[] WithZeros = ["conv2d", "linear", .. Pools, "relu", "leaky_relu", "flatten", "mse_loss", "nll_loss"];

    private static readonly (string Op, string[] Operands)[] Operands =
    [
        ("conv2d", ["weight", "bias"]), ("linear", ["weight", "bias"]), ("batch_norm1d", ["weight", "bias", "running_mean", "running_var"]),
        ("batch_norm2d", ["weight", "bias", "running_mean", "running_var"]), ("dropout", ["mask"]),
        ("cross_entropy", ["target"]), ("nll_loss", ["target"]),
        ("generalized_cross_entropy", ["target"]), ("mse_loss", ["target"]),
        .. Optimizers.Select(op => (op, new[] { "parameter" })),
    ];

    /// <summary>Every one of them, operation by operation.</summary>
    public static IReadOnlyList<BehaviourDefect> All { get; } = [.. Made().OrderBy(defect => AllOperations.Names.ToList().IndexOf(defect.Op))];

    /// <summary>Those of one operation.</summary>
    public static IEnumerable<BehaviourDefect> Of(string op) => All.Where(defect => defect.Op == op);

    private static IEnumerable<BehaviourDefect> Made()
    {
        foreach (var op in Layers.Concat(Optimizers))
            yield return Stale($"{op}.output-not-cleared",
                "the output is scaled by 0 and added to, on memory that still holds an earlier answer: 0 times NaN is NaN",
                "clear the output, or assign the first term instead of scaling by 0",
                (memory, asked, right) => Scaled(right(asked), memory.Of(asked).Answer, "outputs."));
        foreach (var op in Layers.Except(["nll_loss"])) // no input reaches that gradient
            yield return Stale($"{op}.gradient-not-cleared",
                "a gradient is scaled by 0 and added to, on memory that still holds an earlier one: 0 times NaN is NaN",
                "clear the gradient, or assign the first term instead of scaling by 0",
                (memory, asked, right) => Scaled(right(asked), memory.Of(asked).Answer, "gradients."));
        foreach (var op in Pools.Append("conv2d").Append("relu").Append("dropout").Append("nll_loss"))
            yield return Stale($"{op}.zeros-not-written",
                "an element of a gradient to which nothing is added is not written, and keeps what an earlier call left there",
                "clear the whole gradient before anything is added to it",
                (memory, asked, right) => Written(right(asked), memory.Of(asked).Answer, "gradients."));
        foreach (var op in WithContext)
            yield return Stale($"{op}.context-of-first-call",
                "what the forward pass keeps for the backward pass is kept at the first call of these sizes, and never again",
                "keep it anew at every forward pass",
                (memory, asked, right) => WithGradientsOf(memory.Of(asked).First, asked, right));
        foreach (var op in WithContext)
            yield return Stale($"{op}.context-of-last-call",
                "the backward pass reads what the forward pass of the call before has kept",
                "keep it before the backward pass reads it, and clear it when the sizes are others",
                (memory, asked, right) => WithGradientsOf(memory.Of(asked).Last, asked, right));
        foreach (var (op, operands) in Operands)
            foreach (var operand in operands)
                yield return Stale($"{op}.{operand.Replace('_', '-')}-of-first-call",
                    $"{operand} is copied or packed at the first call of these sizes, and that copy is read ever after",
                    $"copy {operand} at every call, or compare it with the copy",
                    (memory, asked, right) => right(With(asked, operand, memory.Of(asked).First)));
        foreach (var op in WithZeros)
            yield return Stale($"{op}.workspace-not-cleared",
                "the input is copied to a workspace without its zeros, and there an earlier call's numbers stand",
                "clear the workspace, or copy every element",
                (memory, asked, right) => right(memory.Of(asked).Overlaid(asked)));
        foreach (var op in Sums)
            yield return Stale($"{op}.lanes-not-cleared",
                $"the lanes behind the end of the last block of {Lanes} hold what a larger call left, and are multiplied by 0: 0 times NaN is NaN",
                "clear the lanes behind the end, or add the rest one by one",
                (memory, asked, right) => Poisoned(right(asked), memory.LanesBehind(asked)));
    }

    private static BehaviourDefect Stale(
        string id, string mistake, string mend, Func<Memory, LayerCase, Func<LayerCase, LayerResult>, LayerResult> answer) =>
        new(id, MistakeClass.Stale, mistake, mend, (_, _) => false,
            right => new Remembering(right, id[..id.IndexOf('.', StringComparison.Ordinal)], answer));

    private static LayerResult Scaled(LayerResult right, LayerResult? before, string prefix) =>
        Mixed(right, before, prefix, (value, left) => value + 0 * left);

    private static LayerResult Written(LayerResult right, LayerResult? before, string prefix) =>
        Mixed(right, before, prefix, (value, left) => value == 0 ? left : value);

    private static LayerResult Mixed(LayerResult right, LayerResult? before, string prefix, Func<double, double, double> mix)
    {
        var left = before?.Tensors.ToDictionary();
        return right.Select((name, tensor) =>
        {
            if (!name.StartsWith(prefix, StringComparison.Ordinal) || left?.GetValueOrDefault(name) is not { } old || !old.HasShape(tensor.Shape))
                return tensor;
            var i = 0;
            return tensor.Select(value => mix(value, old[i++]));
        });
    }

    private static LayerResult WithGradientsOf(LayerCase? before, LayerCase asked, Func<LayerCase, LayerResult> right) =>
        before is null ? right(asked) : right(asked) with { Gradients = right(before with { Cotangents = asked.Cotangents }).Gradients };

    private static LayerCase With(LayerCase asked, string operand, LayerCase? before) =>
        before?.Inputs.GetValueOrDefault(operand) is not { } old || !asked.Inputs.ContainsKey(operand) ? asked
            : asked with { Inputs = new Dictionary<string, Tensor64>(asked.Inputs) { [operand] = old } };

    private static LayerResult Poisoned(LayerResult right, double lanes) =>
        right.Select((name, tensor) => name.StartsWith("outputs.", StringComparison.Ordinal) ? tensor.Select(value => value + 0 * lanes) : tensor);

    /// <summary>An engine that does not forget what it was asked of one operation.</summary>
    private sealed class Remembering(ISubject right, string op, Func<Memory, LayerCase, Func<LayerCase, LayerResult>, LayerResult> answer)
        : ISubject, IRestartable
    {
        private readonly Memory _memory = new();

        public string Name => right.Name;

        public LayerResult Run(LayerCase layerCase)
        {
            if (layerCase.Op != op)
                return right.Run(layerCase);
            lock (_memory)
            {
                var result = answer(_memory, layerCase, right.Run);
                _memory.Keep(layerCase, result);
                return result;
            }
        }

        ISubject IRestartable.Fresh() => new Remembering(right, op, answer);
    }

    /// <summary>What was asked and answered before.</summary>
    private sealed class Memory
    {
        private readonly Dictionary<string, OfSize> _sizes = [];
        private double[] _lanes = [];

        public OfSize Of(LayerCase asked)
        {
            var sizes = string.Join(
                ' ', asked.Inputs.Concat(asked.Cotangents).Select(pair => $"{pair.Key}{pair.Value}")
                    .Concat(asked.Attributes.All.Select(pair => $"{pair.Key}={pair.Value}")).Order(StringComparer.Ordinal));
            return _sizes.TryGetValue(sizes, out var memory) ? memory : _sizes[sizes] = new();
        }

        /// <summary>The sum of what stands in the last block of lanes behind the input's end.</summary>
        public double LanesBehind(LayerCase asked)
        {
            var length = asked.Input("input").Length;
            return _lanes[Math.Min(length, _lanes.Length)..Math.Min((length + Lanes - 1) / Lanes * Lanes, _lanes.Length)].Sum();
        }

        public void Keep(LayerCase asked, LayerResult answer)
        {
            var memory = Of(asked);
            memory.First ??= asked;
            (memory.Last, memory.Answer) = (asked, answer);
            if (!asked.Inputs.TryGetValue("input", out var input))
                return;
            if (_lanes.Length < input.Length)
                Array.Resize(ref _lanes, input.Length);
            input.Data.CopyTo(_lanes);
        }
    }

    /// <summary>What calls of the same sizes and options have left.</summary>
    private sealed class OfSize
    {
        private double[]? _workspace;

        public LayerCase? First { get; set; }

        public LayerCase? Last { get; set; }

        public LayerResult? Answer { get; set; }

        /// <summary>The case with a workspace as its input: the numbers that are not 0 are written over what stands there.</summary>
        public LayerCase Overlaid(LayerCase asked)
        {
            var input = asked.Input("input");
            _workspace ??= new double[input.Length];
            for (var i = 0; i < input.Length; i++)
                if (input[i] != 0)
                    _workspace[i] = input[i];
            return asked with { Inputs = new Dictionary<string, Tensor64>(asked.Inputs) { ["input"] = new(input.Shape, [.. _workspace]) } };
        }
    }
}
