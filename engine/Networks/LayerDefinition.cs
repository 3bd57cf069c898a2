using System.Text.Json;

namespace Conformance.Engine.Networks;

/// <summary>A layer of a <see cref="NetworkDefinition"/>.</summary>
/// <param name="Name">The prefix of its parameters' names, such as <c>conv1</c>.</param>
/// <param name="Type">PyTorch's functional name, such as <c>conv2d</c>.</param>
/// <param name="Options">The options by PyTorch's attribute names. An option that is not given has PyTorch's default.</param>
public sealed record LayerDefinition(string Name, string Type, IReadOnlyDictionary<string, JsonElement> Options);
