using System.Text.Json;

namespace Conformance.Engine.Networks;

/// <summary>A layer of a <see cref="NetworkDefinition"/>.</summary>
/// <param name="Name">The stem of its state names: <c>conv1</c>.</param>
/// <param name="Type">PyTorch's functional name: <c>conv2d</c>.</param>
/// <param name="Options">PyTorch's attribute names; what is left out has PyTorch's default.</param>
public sealed record LayerDefinition(string Name, string Type, IReadOnlyDictionary<string, JsonElement> Options);
