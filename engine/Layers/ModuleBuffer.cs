using Conformance.Engine.Tensors;

namespace Conformance.Engine.Layers;

/// <summary>State of a module that is not learned but belongs to it, as a PyTorch buffer does.</summary>
/// <param name="Name">PyTorch's name: <c>running_mean</c> in a layer, <c>bn1.running_mean</c> in a network.</param>
/// <param name="Value">Row-major; may be written between passes.</param>
public sealed record ModuleBuffer(string Name, Tensor Value);
