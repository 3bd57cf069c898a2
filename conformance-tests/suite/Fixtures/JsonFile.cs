using System.Text.Json;

namespace Conformance.Suite.Fixtures;

/// <summary>
/// Opens JSON files, with errors that name file and field. Files that are larger or deeper than any fixture needs are refused early.
/// </summary>
internal static class JsonFile
{
    private const int MostDepth = 16;

    /// <summary>Reads a file's content. Errors name the file, also if a value has another type than its field.</summary>
    /// <param name="open">Opens the file if it is not on disk.</param>
    public static T Read<T>(string path, Func<JsonField, T> read, Func<string, Stream>? open = null)
    {
        using var document = Open(path, open ?? File.OpenRead);
        try
        {
            return read(new(path, "", document.RootElement));
        }
        catch (Exception error) when (error is ArgumentException or FormatException or InvalidOperationException or OverflowException)
        {
            throw new FixtureException(path, "content", error.Message, error);
        }
    }

    private static JsonDocument Open(string path, Func<string, Stream> open)
    {
        try
        {
            return JsonDocument.Parse(Bytes(path, open), new JsonDocumentOptions { MaxDepth = MostDepth, AllowDuplicateProperties = false });
        }
        catch (JsonException error)
        {
            throw new FixtureException(path, "JSON", error.Message, error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw FixtureException.Unopened(path, error);
        }
    }

    private static ReadOnlyMemory<byte> Bytes(string path, Func<string, Stream> open) =>
        BoundedFile.ReadBytes(path, BoundedFile.MostVector, open) is var text && text.Span.StartsWith("\uFEFF"u8) ? text[3..] : text;
}

/// <summary>A value in a JSON file with its place: <c>inputs.weight.shape</c>.</summary>
internal readonly record struct JsonField(string File, string Place, JsonElement Json)
{
    /// <exception cref="FixtureException">There is no member of that name.</exception>
    public JsonField this[string name] => Optional(name) ?? throw new FixtureException(File, Under(name), "missing");

    public IEnumerable<KeyValuePair<string, JsonField>> Members
    {
        get
        {
            var here = Require(JsonValueKind.Object, "an object");
            return here.Json.EnumerateObject()
                .Select(member => KeyValuePair.Create(member.Name, new JsonField(here.File, here.Under(member.Name), member.Value)));
        }
    }

    public IEnumerable<JsonField> Items
    {
        get
        {
            var here = Require(JsonValueKind.Array, "a list");
            return here.Json.EnumerateArray().Select((item, i) => new JsonField(here.File, $"{here.Place}[{i}]", item));
        }
    }

    public string Text => Require(JsonValueKind.String, "a text").Json.GetString()!;

    public int Int => Json.ValueKind == JsonValueKind.Number && Json.TryGetInt32(out var value) ? value : throw Expected("a whole number");

    public ulong Seed =>
        Json.ValueKind == JsonValueKind.Number && Json.TryGetUInt64(out var value) ? value : throw Expected("a whole number of 0 or more");

    /// <summary>A number, or the name of NaN or an infinity.</summary>
    public double Number => Json.ValueKind == JsonValueKind.Number
        ? Json.TryGetDouble(out var value) && double.IsFinite(value) ? value : throw Expected("a number that float64 holds")
        : Json.ValueKind != JsonValueKind.String ? throw Expected("a number") : Json.GetString() switch
        {
            "NaN" => double.NaN,
            "Infinity" => double.PositiveInfinity,
            "-Infinity" => double.NegativeInfinity,
            _ => throw Expected("a number, \"NaN\", \"Infinity\" or \"-Infinity\""),
        };

    public JsonField? Optional(string name) =>
        Require(JsonValueKind.Object, "an object").Json.TryGetProperty(name, out var member) ? new(File, Under(name), member) : null;

    /// <exception cref="FixtureException">A member has another name. A misspelled name would be ignored otherwise.</exception>
    public void MayHave(params string[] names)
    {
        foreach (var (name, field) in Members)
            if (!names.Contains(name))
                throw field.Error($"unknown: expected one of {string.Join(", ", names)}");
    }

    public FixtureException Error(string problem) => new(File, Place.Length == 0 ? "content" : Place, problem);

    private FixtureException Expected(string what) => Error($"expected {what}, got {Shown}");

    private JsonField Require(JsonValueKind kind, string name) => Json.ValueKind == kind ? this : throw Expected(name);

    private string Under(string name) => Place.Length == 0 ? name : $"{Place}.{name}";

    private string Shown => Json.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        _ => Json.GetRawText() is { Length: <= 40 } text ? text : Json.GetRawText()[..40] + "…",
    };
}
