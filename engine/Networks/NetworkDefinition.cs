using System.Text.Encodings.Web;
using System.Text.Json;
using Conformance.Engine.Kernels;

namespace Conformance.Engine.Networks;

/// <summary>A layer of a <see cref="NetworkDefinition"/>.</summary>
/// <param name="Name">The stem of its state names: <c>conv1</c>.</param>
/// <param name="Type">PyTorch's functional name: <c>conv2d</c>.</param>
/// <param name="Options">PyTorch's attribute names; what is left out has PyTorch's default.</param>
public sealed record LayerDefinition(string Name, string Type, IReadOnlyDictionary<string, JsonElement> Options);

/// <summary>A network as data: what one reads in a JSON file, gives a name to, and builds.</summary>
/// <param name="Name">As reports show it.</param>
/// <param name="Input">The shape of one image, <c>[C, H, W]</c>, or <c>[features]</c>.</param>
/// <param name="Initialization">How the weights are drawn; one of <see cref="Networks.Initialization.Names"/>.</param>
/// <param name="Layers">In their order. They end in the logits: softmax belongs to the loss and to prediction.</param>
public sealed record NetworkDefinition(string Name, IReadOnlyList<int> Input, string Initialization, IReadOnlyList<LayerDefinition> Layers)
{
    /// <summary>Version of the format.</summary>
    private const int Version = 1;

    private static readonly JsonSerializerOptions _texts = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What it is, in a sentence.</summary>
    public string Description { get; init; } = "";

    /// <summary>What the network's source leaves open and is assumed here.</summary>
    public IReadOnlyList<string> Assumed { get; init; } = [];

    /// <summary>A model as people name it: a name of <see cref="NamedNetworks"/>, the path of a JSON file, or the notation of configurations (<c>c16pc16</c>).</summary>
    /// <exception cref="NetworkException">It is none of them, or not a right one.</exception>
    public static NetworkDefinition Of(string model)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (NamedNetworks.Find(model) is { } named)
            return named;
        if (model.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
            return Load(model);
        return Configuration.IsNotation(model)
            ? Configuration.Parse(model)
            : throw new NetworkException($"model: expected a name ({string.Join(", ", NamedNetworks.Names)}), a file ending in .json, or a configuration such as c16pc16, got '{model}'");
    }

    /// <exception cref="NetworkException">The file can't be read, or holds no right network; the message names file, layer and field.</exception>
    public static NetworkDefinition Load(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path), path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new NetworkException($"{path}: {error.Message}", error);
        }
    }

    /// <param name="origin">Named in messages: the file.</param>
    /// <exception cref="NetworkException">The text is no right network; the message names origin, layer and field.</exception>
    public static NetworkDefinition Parse(string json, string origin = "model") => NetworkReader.Read(json, origin, Version);

    /// <summary>The network with fresh weights.</summary>
    /// <param name="seed">Of the weights and of dropout's masks: the same bits on every machine.</param>
    /// <param name="kernels">Which kernels compute it; the fast ones if null.</param>
    /// <exception cref="NetworkException">A layer can't be what the definition says; the message names it.</exception>
    public Sequential Build(ulong seed, KernelChoice? kernels = null) => NetworkBuilder.Build(this, seed, kernels);

    /// <summary>The JSON text that <see cref="Parse"/> reads: one line a layer.</summary>
    public string ToJson()
    {
        var lines = Layers.Select(layer => "    " + Object([("name", layer.Name), ("type", layer.Type), .. layer.Options.Select(option => (option.Key, (object)option.Value))]));
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

/// <summary>A network definition that is not right; the message is one line for the one who wrote it.</summary>
public sealed class NetworkException : ArgumentException
{
    private const int Longest = 500; // a parser's message may quote the rest of the file

    internal NetworkException(string message, Exception? inner = null) : base(Line(message), inner)
    {
    }

    private static string Line(string message)
    {
        string line = string.Join(' ', message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= Longest ? line : $"{line[..(Longest / 2)]} … {line[^(Longest / 2)..]}";
    }
}
