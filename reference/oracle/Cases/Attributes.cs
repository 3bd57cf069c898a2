using System.Text.Json;

namespace Conformance.Oracle;

/// <summary>
/// A case's attributes under PyTorch's names. Per-axis attributes are lists; a single value applies to all axes. Reading an attribute that is missing
/// or of another type throws an <see cref="ArgumentException"/> that names it.
/// </summary>
public sealed class Attributes
{
    private readonly SortedDictionary<string, JsonElement> _values;

    private Attributes(SortedDictionary<string, JsonElement> values) => _values = values;

    public static Attributes None { get; } = new(new(StringComparer.Ordinal));

    /// <summary>Creates attributes: <c>Attributes.FromPairs(("stride", new[] { 2, 1 }), ("groups", 1))</c>.</summary>
    public static Attributes FromPairs(params ReadOnlySpan<(string Name, object? Value)> values)
    {
        var sorted = new SortedDictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var (name, value) in values)
            sorted[name] = JsonSerializer.SerializeToElement(value);
        return new(sorted);
    }

    /// <summary>These attributes with one added or replaced.</summary>
    public Attributes With(string name, object? value) =>
        new(new(_values, StringComparer.Ordinal) { [name] = JsonSerializer.SerializeToElement(value) });

    public static Attributes FromJson(JsonElement json)
    {
        var sorted = new SortedDictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var property in json.EnumerateObject())
            sorted[property.Name] = property.Value.Clone();
        return new(sorted);
    }

    public IEnumerable<KeyValuePair<string, JsonElement>> All => _values;

    public bool Has(string name) => _values.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null;

    public int Int(string name) => Read(name, "a whole number", value => value.GetInt32());

    public double Number(string name) => Read(name, "a number", Finite);

    public bool Flag(string name) => Read(name, "true or false", value => value.GetBoolean());

    public string Text(string name) => Read(name, "a text", value => value.GetString()!);

    /// <summary>Reads a list of <paramref name="count"/> integers; a single value stands for all of them.</summary>
    public int[] Ints(string name, int count) => List(name, count, "whole numbers", value => value.GetInt32());

    /// <summary>Reads a list of <paramref name="count"/> numbers; a single value stands for all of them.</summary>
    public double[] Numbers(string name, int count) => List(name, count, "numbers", Finite);

    /// <summary>1e400 is a number in JSON, and none that float64 holds: the reader makes infinity of it.</summary>
    private static double Finite(JsonElement value) =>
        value.GetDouble() is var number && double.IsFinite(number) ? number : throw new FormatException();

    private T[] List<T>(string name, int count, string kind, Func<JsonElement, T> read)
    {
        var list = Read(name, $"{count} {kind}", value => value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Select(read)]
            : Enumerable.Repeat(read(value), count).ToArray());
        return list.Length == count
            ? list
            : throw new ArgumentException($"attribute '{name}': expected {count} {kind}, got {list.Length}");
    }

    private T Read<T>(string name, string expected, Func<JsonElement, T> read)
    {
        if (!_values.TryGetValue(name, out var value))
            throw new ArgumentException($"attribute '{name}' is missing: expected {expected}");
        try
        {
            return read(value);
        }
        catch (Exception error) when (error is InvalidOperationException or FormatException)
        {
            throw new ArgumentException($"attribute '{name}': expected {expected}, got {value.GetRawText()}", error);
        }
    }
}
