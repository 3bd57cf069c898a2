using Conformance.Engine.Tensors;

namespace Conformance.Engine.Layers;

/// <summary>A named tensor of a module that is saved with it and not trained, like a PyTorch buffer.</summary>
/// <param name="Name">PyTorch's name: <c>running_mean</c> in a layer, <c>bn1.running_mean</c> in a network.</param>
/// <param name="Value">The tensor, row-major. It may be written between passes, not during one.</param>
public sealed record ModuleBuffer(string Name, Tensor Value);
