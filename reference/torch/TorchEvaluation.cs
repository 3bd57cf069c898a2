using System.Runtime.InteropServices;
using Conformance.Oracle;
using Conformance.Torch.Operations;
using static TorchSharp.torch;

namespace Conformance.Torch;

/// <summary>
/// Computes cases with torch, whether or not its float32 is correct on this machine. Every operation goes through the same steps: create leaves with
/// the case's values, run forward, run backward with the case's cotangent, copy the results. It uses one thread, so that a case always gives the same
/// bits.
/// </summary>
/// <param name="type">Float64 or Float32. Results are float64 values in both cases.</param>
internal sealed class TorchEvaluation(ScalarType type) : IOracle
{
    private static readonly Dictionary<string, TorchOperation> Operations = new TorchOperation[]
    {
        Adam.Operation,
        AdamW.Operation,
        AdaptiveAvgPool2d.Operation,
        AvgPool2d.Operation,
        BatchNorm.Operation1d,
        BatchNorm.Operation2d,
        Conv2d.Operation,
        CrossEntropy.Operation,
        Dropout.Operation,
        Flatten.Operation,
        GeneralizedCrossEntropy.Operation,
        LeakyRelu.Operation,
        LeNetSteps.Operation,
        Linear.Operation,
        LogSoftmax.Operation,
        MaxPool2d.Operation,
        MseLoss.Operation,
        NllLoss.Operation,
        Relu.Operation,
        Sgd.Operation,
        Sigmoid.Operation,
        Softmax.Operation,
        Tanh.Operation,
    }.ToDictionary(operation => operation.Name);

    /// <summary>The operations that torch implements here.</summary>
    public static IReadOnlyCollection<string> Names => Operations.Keys;

    public string Name => $"torch {type}, unchecked";

    /// <summary>Torch's implementation of an operation; null if there is none here.</summary>
    public static TorchOperation? Find(string name) => Operations.GetValueOrDefault(name);

    /// <summary>
    /// Torch's own answer. A case that PyTorch refuses is put to torch too, forward only, because it has no cotangent. The result is an exception, or
    /// torch accepts a case that it should refuse.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// The operation is unknown, an input or attribute is missing, or PyTorch refuses the case and TorchSharp does not.
    /// </exception>
    /// <exception cref="ExternalException">
    /// Torch refuses the case. The message is the reason in one line, without the C++ stack frames that libtorch appends.
    /// </exception>
    public LayerResult Evaluate(LayerCase layerCase)
    {
        try
        {
            return Answer(layerCase);
        }
        catch (ExternalException refusal)
        {
#pragma warning disable CA2201 // it is torch's own exception, of the type that TorchSharp throws and callers catch
            throw new ExternalException(refusal.Message.Split('\n')[0], refusal);
#pragma warning restore CA2201
        }
    }

    private LayerResult Answer(LayerCase layerCase)
    {
        if (!Operations.TryGetValue(layerCase.Op, out var operation))
            throw new ArgumentException($"{layerCase.Id}: torch has no operation '{layerCase.Op}' here; it has {string.Join(", ", Names)}");

        using var threads = new ThreadCount(1);
        using var scope = NewDisposeScope();

        var inputs = layerCase.Inputs.ToDictionary(
            input => input.Key,
            input => input.Value.ToTorch(type).requires_grad_(!operation.Constants.Contains(input.Key)));
        var outputs = operation.Forward(new(layerCase.Id, inputs), layerCase.Attributes);
        var results = outputs.ToDictionary(output => output.Key, output => output.Value.ToTensor64());
        if (layerCase.Refused is not null)
            return new(results, LayerResult.Empty.Gradients);
        var watched = outputs.Where(output => operation.Watched.Contains(output.Key)).ToArray();
        foreach (var (_, output) in watched)
            output.retain_grad();
        if (operation.Root is { } root)
            Backward(layerCase, root, outputs[root]);

        return new(
            results,
            inputs.Where(input => !operation.Constants.Contains(input.Key)).Concat(watched)
                .ToDictionary(input => input.Key, input => Gradient(layerCase, input.Key, input.Value)));
    }

    private void Backward(LayerCase layerCase, string name, Tensor root)
    {
        if (layerCase.Cotangents.TryGetValue(name, out var cotangent))
            root.backward([cotangent.ToTorch(type)]);
        else if (root.shape.Length == 0)
            root.backward();
        else
            throw new ArgumentException($"{layerCase.Id}: the cotangent of '{name}' is missing");
    }

    private static Tensor64 Gradient(LayerCase layerCase, string name, Tensor leaf) => leaf.grad?.ToTensor64()
        ?? throw new ArgumentException($"{layerCase.Id}: input '{name}' does not enter the result, so it has no gradient");
}
