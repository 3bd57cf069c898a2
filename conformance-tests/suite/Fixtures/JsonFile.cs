using System.Text.Json;

namespace Conformance.Suite.Fixtures;

/// <summary>Opening JSON files and their members with errors that name file and field.</summary>
internal static class JsonFile
{
    private static JsonDocument Open(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return JsonDocument.Parse(stream, new JsonDocumentOptions { MaxDepth = 16, AllowDuplicateProperties = false });
        }
        catch (JsonException error)
        {
            throw new FixtureException(path, "JSON", error.Message, error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new FixtureException(path, "file", error.Message, error);
        }
    }

    /// <summary>Reads a file's content with errors that name the file, also where a value is of another kind than its place asks for.</summary>
    public static T Read<T>(string path, Func<JsonElement, T> read)
    {
        using var document = Open(path);
        try
        {
            return read(document.RootElement);
        }
        catch (Exception error) when (error is ArgumentException or FormatException or InvalidOperationException)
        {
            throw new FixtureException(path, "content", error.Message, error);
        }
    }

    public static JsonElement Member(string path, JsonElement parent, string name, JsonValueKind kind)
    {
        if (parent.ValueKind != JsonValueKind.Object || !parent.TryGetProperty(name, out var member))
            throw new FixtureException(path, name, $"missing: expected {Text(kind)}");
        return member.ValueKind == kind ? member : throw new FixtureException(path, name, $"expected {Text(kind)}, got {Text(member.ValueKind)}");
    }

    private static string Text(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        _ => $"'{kind}'",
    };
}
