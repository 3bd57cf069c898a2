using System.Globalization;
using System.Text;
using System.Text.Json;
using Conformance.Oracle;

namespace Conformance.Suite.Fixtures;

/// <summary>
/// Reads and writes <c>fixtures/&lt;op&gt;/&lt;case&gt;.json</c>, format version 1. A tensor is one line; numbers are the shortest text that reads back
/// the same float64; NaN and the infinities are the strings <c>"NaN"</c>, <c>"Infinity"</c>, <c>"-Infinity"</c>.
/// </summary>
public static class VectorFile
{
    public const int Version = 1;

    /// <exception cref="FixtureException">What is wrong, with file and field.</exception>
    public static StoredVector Read(string path) => JsonFile.Read(path, root => Read(path, root));

    private static StoredVector Read(string path, JsonElement root)
    {
        var version = Member("conformance", JsonValueKind.Number).GetInt32();
        if (version != Version)
            throw new FixtureException(path, "conformance", $"version {version}, this suite reads {Version}");
        var expected = Member("expected", JsonValueKind.Object);
        var provenance = Member("provenance", JsonValueKind.Object);
        var layerCase = new LayerCase(
            Member("id", JsonValueKind.String).GetString()!,
            Member("op", JsonValueKind.String).GetString()!,
            Attributes.From(Member("attributes", JsonValueKind.Object)),
            Member("tier", JsonValueKind.String).GetString() switch
            {
                "exact" => Tier.Exact,
                "bounded" => Tier.Bounded,
                var other => throw new FixtureException(path, "tier", $"expected exact or bounded, got '{other}'"),
            },
            Tensors(path, root, "inputs"),
            Tensors(path, root, "cotangent"),
            [.. Member("catches", JsonValueKind.Array).EnumerateArray().Select(item => item.GetString()!)]);
        if (path.Replace('\\', '/') is var place && !place.EndsWith($"{layerCase.Id}.json", StringComparison.Ordinal))
            throw new FixtureException(path, "id", $"'{layerCase.Id}' belongs into another file");
        var result = new LayerResult(Tensors(path, expected, "outputs"), Tensors(path, expected, "gradients"));
        return new(
            layerCase,
            result,
            layerCase.Tier == Tier.Exact ? NoBounds(path, root) : Bounds(path, Member("bounds", JsonValueKind.Object), result),
            Member("separation", JsonValueKind.Object).EnumerateObject().ToDictionary(item => item.Name, item => item.Value.GetDouble()),
            new(
                JsonFile.Member(path, provenance, "reference", JsonValueKind.String).GetString()!,
                JsonFile.Member(path, provenance, "generator", JsonValueKind.String).GetString()!,
                JsonFile.Member(path, provenance, "referenceFloat32Error", JsonValueKind.Number).GetDouble()));

        JsonElement Member(string name, JsonValueKind kind) => JsonFile.Member(path, root, name, kind);
    }

    /// <summary>The file's text, the same bytes on every system.</summary>
    public static string Text(StoredVector vector)
    {
        var layerCase = vector.Case;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{{\n\"conformance\": {Version},\n\"id\": {Quoted(layerCase.Id)},\n\"op\": {Quoted(layerCase.Op)},\n");
        text.Append(CultureInfo.InvariantCulture, $"\"attributes\": {{{string.Join(", ", layerCase.Attributes.All.Select(pair => $"{Quoted(pair.Key)}: {pair.Value.GetRawText()}"))}}},\n");
        text.Append(CultureInfo.InvariantCulture, $"\"tier\": {Quoted(layerCase.Tier == Tier.Exact ? "exact" : "bounded")},\n");
        text.Append(CultureInfo.InvariantCulture, $"\"catches\": [{string.Join(", ", layerCase.Catches.Select(Quoted))}],\n");
        text.Append(CultureInfo.InvariantCulture, $"\"inputs\": {Tensors(layerCase.Inputs)},\n\"cotangent\": {Tensors(layerCase.Cotangents)},\n");
        text.Append(CultureInfo.InvariantCulture, $"\"expected\": {{\n\"outputs\": {Tensors(vector.Expected.Outputs)},\n\"gradients\": {Tensors(vector.Expected.Gradients)}\n}},\n");
        if (layerCase.Tier == Tier.Bounded)
            text.Append(CultureInfo.InvariantCulture, $"\"bounds\": {{\n\"outputs\": {Tensors(Under("outputs."))},\n\"gradients\": {Tensors(Under("gradients."))}\n}},\n");
        text.Append(CultureInfo.InvariantCulture, $"\"separation\": {{{string.Join(", ", vector.Separation.Select(pair => $"{Quoted(pair.Key)}: {Number(pair.Value)}"))}}},\n");
        var provenance = vector.Provenance;
        text.Append(CultureInfo.InvariantCulture, $"\"provenance\": {{\"reference\": {Quoted(provenance.Reference)}, \"generator\": {Quoted(provenance.Generator)}, \"referenceFloat32Error\": {Number(provenance.ReferenceFloat32Error)}}}\n}}\n");
        return text.ToString();

        IReadOnlyDictionary<string, Tensor64> Under(string prefix) => vector.Bound.Tensors
            .Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(pair => pair.Key[prefix.Length..], pair => pair.Value);
    }

    private static ErrorBound NoBounds(string path, JsonElement root) => root.TryGetProperty("bounds", out _)
        ? throw new FixtureException(path, "bounds", "the exact tier has none")
        : ErrorBound.Exact;

    /// <summary>A bound for every expected tensor: one number, or one for each element; finite and not negative.</summary>
    private static ErrorBound Bounds(string path, JsonElement json, LayerResult expected)
    {
        var bounds = new LayerResult(Tensors(path, json, "outputs"), Tensors(path, json, "gradients")).Tensors.ToDictionary();
        foreach (var (name, tensor) in expected.Tensors)
        {
            if (!bounds.TryGetValue(name, out var bound))
                throw new FixtureException(path, $"bounds.{name}", "missing");
            if (bound.Length != 1 && !bound.HasShape(tensor.Shape))
                throw new FixtureException(path, $"bounds.{name}", $"expected shape [] or {tensor}, got {bound}");
            if (bound.Data.ToArray().Any(value => !(value >= 0 && double.IsFinite(value))))
                throw new FixtureException(path, $"bounds.{name}", "expected finite numbers of 0 or more");
        }
        return new(bounds);
    }

    private static Dictionary<string, Tensor64> Tensors(string path, JsonElement parent, string name)
    {
        var tensors = new Dictionary<string, Tensor64>();
        foreach (var item in JsonFile.Member(path, parent, name, JsonValueKind.Object).EnumerateObject())
        {
            var field = $"{name}.{item.Name}";
            try
            {
                var shape = JsonFile.Member(path, item.Value, "shape", JsonValueKind.Array).EnumerateArray().Select(extent => extent.GetInt32()).ToArray();
                var data = JsonFile.Member(path, item.Value, "data", JsonValueKind.Array).EnumerateArray().Select(Value).ToArray();
                tensors[item.Name] = new(shape, data);
            }
            catch (Exception error) when (error is ArgumentException or FormatException or InvalidOperationException)
            {
                throw new FixtureException(path, field, error.Message, error);
            }
        }
        return tensors;
    }

    private static double Value(JsonElement json) => json.ValueKind != JsonValueKind.String ? json.GetDouble() : json.GetString() switch
    {
        "NaN" => double.NaN,
        "Infinity" => double.PositiveInfinity,
        "-Infinity" => double.NegativeInfinity,
        var other => throw new FormatException($"expected a number, \"NaN\", \"Infinity\" or \"-Infinity\", got \"{other}\""),
    };

    private static string Tensors(IReadOnlyDictionary<string, Tensor64> tensors) => tensors.Count == 0
        ? "{}"
        : "{\n" + string.Join(",\n", tensors.Select(pair =>
            $"  {Quoted(pair.Key)}: {{\"shape\": {pair.Value}, \"data\": [{string.Join(",", pair.Value.Data.ToArray().Select(Number))}]}}")) + "\n}";

    private static string Number(double value) => value switch
    {
        double.NaN => "\"NaN\"",
        double.PositiveInfinity => "\"Infinity\"",
        double.NegativeInfinity => "\"-Infinity\"",
        0 => "0",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    private static string Quoted(string text) => JsonSerializer.Serialize(text);
}
