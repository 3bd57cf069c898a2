using Conformance.Oracle;
using static TorchSharp.torch;

namespace Conformance.Torch.Operations;

/// <summary>One operation in torch. Torch's autograd computes the gradients.</summary>
/// <param name="Name">The operation's name in a case.</param>
/// <param name="Forward">Computes the outputs by name, from the inputs (with autograd) and the attributes.</param>
internal sealed record TorchOperation(string Name, Func<TorchInputs, Attributes, Dictionary<string, Tensor>> Forward)
{
    /// <summary>Inputs without a gradient, such as class numbers.</summary>
    public IReadOnlyList<string> Constants { get; init; } = [];

    /// <summary>Outputs whose gradients are answered too, if they exist: the layers within a network.</summary>
    public IReadOnlyList<string> Watched { get; init; } = [];

    /// <summary>
    /// The output from which the backward pass starts, with its cotangent, or without one if it is a scalar loss. Null if nothing has a gradient.
    /// </summary>
    public string? Root { get; init; } = "output";

    /// <summary>Creates an operation with the single output <c>output</c>.</summary>
    public static TorchOperation WithOneOutput(string name, Func<TorchInputs, Attributes, Tensor> forward) =>
        new(name, (inputs, attributes) => new() { ["output"] = forward(inputs, attributes) });
}

/// <summary>An operation's inputs as tensors, by name.</summary>
/// <param name="id">The id of the case or the name of the layer, for messages.</param>
internal sealed class TorchInputs(string id, Dictionary<string, Tensor> tensors)
{
    public IReadOnlyDictionary<string, Tensor> All => tensors;

    /// <exception cref="ArgumentException">There is no input of that name.</exception>
    public Tensor this[string name] => Optional(name)
        ?? throw new ArgumentException($"{id}: input '{name}' is missing; there are {string.Join(", ", tensors.Keys)}");

    public Tensor? Optional(string name) => tensors.GetValueOrDefault(name);
}
