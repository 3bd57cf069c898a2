using System.Text.Json;
using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Protocol;

/// <summary>
/// The format of tensors in the protocol: <c>{"shape":[2,3],"data":[…]}</c>, row-major; NaN and the infinities are strings. Numbers are written so
/// that float32 and float64 readers get the same value. They are read as the nearest float32: nine digits suffice, and an engine that computes in
/// float64 may send all its digits.
/// </summary>
internal static class TensorText
{
    private const int HighestRank = 8;

    /// <summary>Writes tensors by name.</summary>
    public static void Write(Utf8JsonWriter json, string name, IEnumerable<KeyValuePair<string, Tensor64>> tensors)
    {
        json.WriteStartObject(name);
        foreach (var (key, tensor) in tensors)
        {
            json.WriteStartObject(key);
            json.WriteStartArray("shape");
            foreach (var extent in tensor.Shape)
                json.WriteNumberValue(extent);
            json.WriteEndArray();
            json.WriteStartArray("data");
            foreach (var value in tensor.Data)
                Write(json, value);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    /// <summary>Reads tensors by name. The reader is before the object.</summary>
    /// <exception cref="ProtocolException">The value is no object of tensors.</exception>
    public static Dictionary<string, Tensor64> Read(ref Utf8JsonReader json, string field)
    {
        Wire.Expect(ref json, JsonTokenType.StartObject, field, "an object of tensors by name");
        var tensors = new Dictionary<string, Tensor64>();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = Visible.Line(json.GetString()!, 80);
            tensors[name] = ReadOne(ref json, $"{field}.{name}");
        }
        return tensors;
    }

    private static Tensor64 ReadOne(ref Utf8JsonReader json, string field)
    {
        Wire.Expect(ref json, JsonTokenType.StartObject, field, """a tensor, {"shape":[…],"data":[…]}""");
        (List<int>? shape, List<double>? data) = (null, null);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            if (json.ValueTextEquals("shape"))
                shape = Extents(ref json, field + ".shape");
            else if (json.ValueTextEquals("data"))
                data = Numbers(ref json, field + ".data");
            else
                json.Skip();
        if (shape is null || data is null)
            throw Wire.Wrong($"{field}: expected shape and data, got no {(shape is null ? "shape" : "data")}");
        try
        {
            return new([.. shape], [.. data]);
        }
        catch (ArgumentException error)
        {
            throw Wire.Wrong($"{field}: {error.Message}");
        }
    }

    private static List<int> Extents(ref Utf8JsonReader json, string field)
    {
        Wire.Expect(ref json, JsonTokenType.StartArray, field, "a list of whole numbers");
        var extents = new List<int>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.Number || !json.TryGetInt32(out var extent) || extent < 0)
                throw Wire.Wrong($"{field}: expected whole numbers of 0 or more, got {Wire.Value(ref json)}");
            if (extents.Count == HighestRank)
                throw Wire.Wrong($"{field}: expected at most {HighestRank} axes");
            extents.Add(extent);
        }
        return extents;
    }

    private static List<double> Numbers(ref Utf8JsonReader json, string field)
    {
        Wire.Expect(ref json, JsonTokenType.StartArray, field, "a flat list of numbers");
        var numbers = new List<double>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            numbers.Add(json.TokenType == JsonTokenType.Number
                ? ToFloat32(Finite(ref json, field, numbers.Count)) : NonFinite(ref json, $"{field}[{numbers.Count}]"));
        return numbers;
    }

    /// <summary>Rounds to float32. A finite number beyond its range is kept, because it is not infinity.</summary>
    private static double ToFloat32(double value) => float.IsFinite((float)value) ? (float)value : value;

    private static double Finite(ref Utf8JsonReader json, string field, int place) => json.TryGetDouble(out var value) && double.IsFinite(value)
        ? value
        : throw Wire.Wrong(
            $"{field}[{place}]: expected a number that float64 holds, got {Wire.Value(ref json)}: "
                + "an infinity is the string \"Infinity\" or \"-Infinity\"");

    private static double NonFinite(ref Utf8JsonReader json, string field)
    {
        if (json.TokenType == JsonTokenType.String)
        {
            if (json.ValueTextEquals("NaN"))
                return double.NaN;
            if (json.ValueTextEquals("Infinity"))
                return double.PositiveInfinity;
            if (json.ValueTextEquals("-Infinity"))
                return double.NegativeInfinity;
        }
        throw Wire.Wrong(json.TokenType == JsonTokenType.StartArray
            ? $"{field}: expected a number, got a list: data is flat, row by row, whatever the shape"
            : $"""{field}: expected a number, or "NaN", "Infinity" or "-Infinity", got {Wire.Value(ref json)}""");
    }

    private static void Write(Utf8JsonWriter json, double value)
    {
        if (double.IsNaN(value))
            json.WriteStringValue("NaN");
        else if (double.IsInfinity(value))
            json.WriteStringValue(value > 0 ? "Infinity" : "-Infinity");
        else
            json.WriteNumberValue(value);
    }
}
