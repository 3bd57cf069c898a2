using System.Text.Json;
using Conformance.Engine.Layers;

namespace Conformance.Engine.Networks;

/// <summary>Reads the options of a layer by PyTorch's names. An option that was never read is a mistake in the definition.</summary>
/// <param name="place">The place of the layer, for messages.</param>
internal sealed class LayerOptions(LayerDefinition layer, string place)
{
    private readonly List<string> _known = [];

    public int Int(string name, int? byDefault = null) => Read(name, "a whole number", byDefault, Whole);

    public double Number(string name, double byDefault) => Read(name, "a number", byDefault, Real);

    /// <summary>Reads a number; null if the file says null.</summary>
    public double? NumberOrNull(string name, double byDefault) =>
        layer.Options.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.Null
            ? Known<double?>(name, null)
            : Number(name, byDefault);

    public bool Flag(string name, bool byDefault) => Read<bool>(name, "true or false", byDefault, value => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    });

    /// <summary>Reads an integer, or a height and a width.</summary>
    public Size2d Size(string name, Size2d? byDefault = null) => Read(name, "a whole number or [height, width]", byDefault, value =>
        Whole(value) is int both ? both : Wholes(value) is [var height, var width] ? new Size2d(height, width) : null);

    /// <summary>Reads an integer, or a height and a width; null if the option is not given.</summary>
    public Size2d? OptionalSize(string name) => layer.Options.ContainsKey(name) ? Size(name) : Known<Size2d?>(name, null);

    /// <summary>Reads an integer, a pair, or four sides.</summary>
    public Padding2d Padding(string name) => Read(name, "a whole number, [height, width] or [top, bottom, left, right]", default(Padding2d), value =>
        Whole(value) is int all ? all : Wholes(value) switch
        {
            [var height, var width] => (height, width),
            [var top, var bottom, var left, var right] => (top, bottom, left, right),
            _ => (Padding2d?)null,
        });

    /// <exception cref="NetworkException">The definition has an option that was never read.</exception>
    public void NoneLeft()
    {
        if (layer.Options.Keys.FirstOrDefault(name => !_known.Contains(name)) is { } unknown)
            throw new NetworkException(
                $"{place}: unknown field '{unknown}': {layer.Type} has {(_known.Count == 0 ? "none" : string.Join(", ", _known))}");
    }

    private T Known<T>(string name, T value)
    {
        _known.Add(name);
        return value;
    }

    private T Read<T>(string name, string expected, T? byDefault, Func<JsonElement, T?> read) where T : struct
    {
        _known.Add(name);
        if (!layer.Options.TryGetValue(name, out var value))
            return byDefault ?? throw new NetworkException($"{place}: expected a field '{name}', {expected}, got none");
        return read(value) ?? throw new NetworkException($"{place}.{name}: expected {expected}, got {value.GetRawText()}");
    }

    private static int? Whole(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int whole) ? whole : null;

    private static double? Real(JsonElement value) => // 1e400 is read as infinity
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double real) && double.IsFinite(real) ? real : null;

    private static int[] Wholes(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(element => Whole(element) is not null)
        ? [.. value.EnumerateArray().Select(element => element.GetInt32())]
        : [];
}
