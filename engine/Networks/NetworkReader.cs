using System.Text.Json;
using Conformance.Engine.Files;

namespace Conformance.Engine.Networks;

/// <summary>Reads a network from JSON. It checks the form; <see cref="NetworkBuilder"/> checks that the layers fit together.</summary>
public static class NetworkReader
{
    private static readonly string[] _fields = ["conformance", "name", "description", "assumed", "input", "initialization", "layers"];

    /// <exception cref="NetworkException">The file can't be read, or the network is invalid. The message names file, layer and field.</exception>
    public static NetworkDefinition Load(string path)
    {
        try
        {
            return Parse(BoundedReader.ReadText(path), path);
        }
        catch (InvalidDataException error) // it names the path
        {
            throw new NetworkException(error.Message, error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new NetworkException($"{path}: {error.Message}", error);
        }
    }

    /// <param name="origin">The name of the file, for messages.</param>
    /// <exception cref="NetworkException">The network is invalid. The message names origin, layer and field.</exception>
    public static NetworkDefinition Parse(string json, string origin = "model")
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            using var document = JsonDocument.Parse(json, new() { CommentHandling = JsonCommentHandling.Skip, AllowDuplicateProperties = false });
            var definition = Definition(document.RootElement, origin);
            NetworkBuilder.Check(definition, origin);
            return definition;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException) // the latter is thrown for half of a surrogate pair
        {
            throw new NetworkException($"{origin}: {error.Message}", error);
        }
    }

    private static NetworkDefinition Definition(JsonElement root, string origin)
    {
        Expect(root.ValueKind == JsonValueKind.Object, origin, "an object", root);
        foreach (var field in root.EnumerateObject())
            if (!_fields.Contains(field.Name))
                throw new NetworkException($"{origin}: unknown field '{field.Name}': expected {string.Join(", ", _fields)}");
        var format = Required(root, "conformance", origin);
        bool right = format.ValueKind == JsonValueKind.Number && format.TryGetInt32(out int given) && given == NetworkDefinition.Version;
        Expect(right, $"{origin}: conformance", $"{NetworkDefinition.Version}", format);

        var layers = Required(root, "layers", origin);
        Expect(layers.ValueKind == JsonValueKind.Array && layers.GetArrayLength() > 0, $"{origin}: layers", "a list of at least one layer", layers);
        return new(
            Text(Required(root, "name", origin), $"{origin}: name"),
            Shape(Required(root, "input", origin), $"{origin}: input"),
            root.TryGetProperty("initialization", out var initialization)
                ? Text(initialization, $"{origin}: initialization")
                : Initialization.Names[0],
            [.. layers.EnumerateArray().Select((layer, i) => Layer(layer, $"{origin}: layers[{i}]"))])
        {
            Description = root.TryGetProperty("description", out var description) ? Text(description, $"{origin}: description") : "",
            Assumed = root.TryGetProperty("assumed", out var assumed) ? Texts(assumed, $"{origin}: assumed") : [],
        };
    }

    private static LayerDefinition Layer(JsonElement layer, string place)
    {
        Expect(layer.ValueKind == JsonValueKind.Object, place, "an object", layer);
        return new(
            Text(Required(layer, "name", place), $"{place}.name"),
            Text(Required(layer, "type", place), $"{place}.type"),
            layer.EnumerateObject().Where(option => option.Name is not ("name" or "type"))
                .ToDictionary(option => option.Name, option => option.Value.Clone()));
    }

    private static int[] Shape(JsonElement value, string place)
    {
        Expect(value.ValueKind == JsonValueKind.Array && value.GetArrayLength() is 1 or 3
            && value.EnumerateArray().All(extent => extent.ValueKind == JsonValueKind.Number && extent.TryGetInt32(out int size) && size > 0),
            place, "[C, H, W] (or [features]) of whole numbers above 0", value);
        return [.. value.EnumerateArray().Select(extent => extent.GetInt32())];
    }

    private static string[] Texts(JsonElement value, string place)
    {
        Expect(value.ValueKind == JsonValueKind.Array, place, "a list of texts", value);
        return [.. value.EnumerateArray().Select((text, i) => Text(text, $"{place}[{i}]"))];
    }

    private static string Text(JsonElement value, string place)
    {
        Expect(value.ValueKind == JsonValueKind.String, place, "a text", value);
        return value.GetString()!;
    }

    private static JsonElement Required(JsonElement parent, string field, string place) => parent.TryGetProperty(field, out var value)
        ? value
        : throw new NetworkException($"{place}: expected a field '{field}', got none");

    private static void Expect(bool holds, string place, string expected, JsonElement actual)
    {
        if (!holds)
            throw new NetworkException($"{place}: expected {expected}, got {actual.GetRawText()}");
    }
}
