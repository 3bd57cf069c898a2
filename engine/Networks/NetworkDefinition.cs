using System.Text.Encodings.Web;
using System.Text.Json;

namespace Conformance.Engine.Networks;

/// <summary>A network as data. It can be read from a JSON file, shown, and built.</summary>
/// <param name="Name">The name for reports.</param>
/// <param name="Input">The shape of one image, <c>[C, H, W]</c> or <c>[features]</c>.</param>
/// <param name="Initialization">The initialisation of the weights, one of <c>Initialization.Names</c>.</param>
/// <param name="Layers">The layers in order. The last gives logits; the softmax belongs to the loss and to prediction.</param>
public sealed record NetworkDefinition(string Name, IReadOnlyList<int> Input, string Initialization, IReadOnlyList<LayerDefinition> Layers)
{
    /// <summary>The version of the JSON format.</summary>
    internal const int Version = 1;

    private static readonly JsonSerializerOptions _texts = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A one-sentence description.</summary>
    public string Description { get; init; } = "";

    /// <summary>Assumptions about details that the network's source leaves open.</summary>
    public IReadOnlyList<string> Assumed { get; init; } = [];

    /// <summary>Writes the network as JSON, one line per layer. <c>NetworkReader</c> reads it.</summary>
    public string ToJson()
    {
        var lines = Layers.Select(layer => "    " + Object(
            [("name", layer.Name), ("type", layer.Type), .. layer.Options.Select(option => (option.Key, (object)option.Value))]));
        string assumed = string.Join("", Assumed.Select((sentence, i) => $"{(i == 0 ? "" : ",")}\n    {Text(sentence)}"));
        return $$"""
            {
              "conformance": {{Version}},
              "name": {{Text(Name)}},
              "description": {{Text(Description)}},
              "assumed": [{{assumed}}{{(assumed.Length > 0 ? "\n  " : "")}}],
              "input": [{{string.Join(", ", Input)}}],
              "initialization": {{Text(Initialization)}},
              "layers": [
            {{string.Join(",\n", lines)}}
              ]
            }

            """;
    }

    private static string Object(IEnumerable<(string Name, object Value)> members) =>
        $"{{ {string.Join(", ", members.Select(member => $"{Text(member.Name)}: {Text(member.Value)}"))} }}";

    private static string Text(object value) => JsonSerializer.Serialize(value, _texts);
}
