using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Fixtures;

/// <summary>
/// The text of a stored vector, with the same bytes on every system. A tensor is one line. Numbers are the shortest text that reads back to the same
/// float64. NaN and the infinities are the strings <c>"NaN"</c>, <c>"Infinity"</c>, <c>"-Infinity"</c>.
/// </summary>
public static class VectorText
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Render(StoredVector vector)
    {
        var layerCase = vector.Case;
        List<string> fields =
        [
            $"\"conformance\": {VectorFile.Version}",
            $"\"id\": {Quoted(layerCase.Id)}",
            $"\"op\": {Quoted(layerCase.Op)}",
            $"\"attributes\": {{{string.Join(", ", layerCase.Attributes.All.Select(pair => $"{Quoted(pair.Key)}: {pair.Value.GetRawText()}"))}}}",
            $"\"tier\": {Quoted(layerCase.Tier == Tier.Exact ? "exact" : "bounded")}",
        ];
        if (layerCase.Repeat > 1)
            fields.Add($"\"repeat\": {layerCase.Repeat}");
        fields.Add($"\"catches\": [{string.Join(", ", layerCase.Catches.Select(Quoted))}]");
        var given = vector.IsRecipe ? (Func<Tensor64, string>)Recipe : Numbers;
        fields.Add($"\"inputs\": {Object(layerCase.Inputs, given)}");
        if (layerCase.Refused is { } reason)
            fields.Add($"\"expected\": {{\"refused\": {Quoted(reason)}}}");
        else
        {
            fields.Add($"\"cotangent\": {Object(layerCase.Cotangents, given)}");
            fields.Add(
                $"\"expected\": "
                    + $"{(vector.Question.Hashes is { } hashes ? Halves(hashes, Hash) : Halves(vector.Expected.Tensors.ToDictionary(), Numbers))}");
            if (layerCase.Tier == Tier.Bounded)
                fields.Add($"\"bounds\": {Halves(vector.Bound.Tensors, Numbers)}");
            // These limits have one unit for all elements; they do not follow from the case.
            if (vector.Bound.Spreads.Where(pair => pair.Value.Unit.Rank == 0).ToDictionary() is { Count: > 0 } rms)
                fields.Add($"\"rms\": {Halves(rms, spread => Numbers(new([spread.Limits.Count], [.. spread.Limits])))}");
        }
        fields.Add($"\"separation\": {{{string.Join(", ", vector.Separation.Select(pair => $"{Quoted(pair.Key)}: {Number(pair.Value)}"))}}}");
        var provenance = vector.Provenance;
        fields.Add(
            $"\"provenance\": {{\"reference\": {Quoted(provenance.Reference)}, \"generator\": {Quoted(provenance.Generator)}, "
                + $"\"referenceFloat32Error\": {Number(provenance.ReferenceFloat32Error)}}}");
        return $"{{\n{string.Join(",\n", fields)}\n}}\n";
    }

    /// <summary>The size of the text in bytes.</summary>
    public static int Size(string text) => Encoding.UTF8.GetByteCount(text);

    public static string Number(double value) => value switch
    {
        double.NaN => "\"NaN\"",
        double.PositiveInfinity => "\"Infinity\"",
        double.NegativeInfinity => "\"-Infinity\"",
        0 => "0",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    /// <summary>Outputs and gradients. A part without tensors is written as an empty object, so that it is always there.</summary>
    private static string Halves<T>(IReadOnlyDictionary<string, T> tensors, Func<T, string> text)
    {
        return $"{{\n\"outputs\": {Object(Under("outputs."), text)},\n\"gradients\": {Object(Under("gradients."), text)}\n}}";

        Dictionary<string, T> Under(string prefix) =>
            tensors.Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal))
                .ToDictionary(pair => pair.Key[prefix.Length..], pair => pair.Value);
    }

    private static string Object<T>(IReadOnlyDictionary<string, T> tensors, Func<T, string> text) => tensors.Count == 0
        ? "{}"
        : "{\n" + string.Join(",\n", tensors.Select(pair => $"  {Quoted(pair.Key)}: {{{text(pair.Value)}}}")) + "\n}";

    private static string Numbers(Tensor64 tensor) => $"\"shape\": {tensor}, \"data\": [{string.Join(",", tensor.Data.ToArray().Select(Number))}]";

    private static string Recipe(Tensor64 tensor) => tensor.Recipe is { } fill
        ? $"\"shape\": {tensor}, \"fill\": {{\"kind\": \"integers\", \"low\": {fill.Low}, \"high\": {fill.High}, "
            + $"\"seed\": {fill.Seed}, \"name\": {Quoted(fill.Name)}}}"
        : throw new ArgumentException("a tensor that was not drawn as it is has no recipe", nameof(tensor));

    private static string Hash(TensorHash hash) => $"\"shape\": {hash.Shape}, \"sha256\": {Quoted(hash.Sha256)}";

    private static string Quoted(string text) => JsonSerializer.Serialize(text, Plain);
}
