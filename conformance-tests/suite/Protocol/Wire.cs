using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Protocol;

/// <summary>The common format of greeting, request and reply: one JSON object per line, in UTF-8.</summary>
internal static class Wire
{
    public const int Version = 1;

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Writes one line, without its end.</summary>
    public static byte[] Line(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>
    /// Reads the fields of a line's object. For each field, <paramref name="read"/> gets the reader at the field's name and reads the value. A field
    /// that it does not read is skipped.
    /// </summary>
    /// <exception cref="ProtocolException">The line is no object, or <paramref name="read"/> refuses a field.</exception>
    public static void Read(ReadOnlySpan<byte> line, Field read)
    {
        if (!Utf8.IsValid(line))
            throw Wrong("the line is not UTF-8: " + Visible.Line(line, 80));
        var json = new Utf8JsonReader(line, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Disallow });
        try
        {
            if (line.IsEmpty)
                throw Wrong("expected a JSON object, got an empty line");
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
                throw Wrong($"expected a JSON object, got {Visible.Line(line, 80)}");
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var before = json.TokenStartIndex;
                read(ref json);
                if (json.TokenStartIndex == before)
                    json.Skip();
            }
            json.Read(); // further content after the object is an error
        }
        catch (JsonException error)
        {
            throw Wrong(Unreadable(line, error));
        }
        catch (InvalidOperationException)
        {
            throw Wrong("the line has half a surrogate pair: " + Visible.Line(line, 80));
        }
    }

    /// <summary>Reads the value of one field.</summary>
    public delegate void Field(ref Utf8JsonReader json);

    public static void Expect(ref Utf8JsonReader json, JsonTokenType type, string field, string expected)
    {
        json.Read();
        if (json.TokenType != type)
            throw Wrong($"{field}: expected {expected}, got {Value(ref json)}");
    }

    /// <summary>Reads the text of a field.</summary>
    public static string Text(ref Utf8JsonReader json, string field, string expected = "a text")
    {
        Expect(ref json, JsonTokenType.String, field, expected);
        return json.GetString()!;
    }

    /// <summary>The reader's current value as text for a message.</summary>
    public static string Value(ref Utf8JsonReader json) => json.TokenType switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        JsonTokenType.String => $"\"{Visible.Exactly(json.GetString()!, 40)}\"",
        JsonTokenType.EndObject or JsonTokenType.EndArray or JsonTokenType.None => "nothing",
        _ => Visible.Line(json.ValueSpan, 40),
    };

    public static ProtocolException Wrong(string message) => new(message);

    /// <summary>Describes why a line is no JSON, with hints for frequent mistakes.</summary>
    private static string Unreadable(ReadOnlySpan<byte> line, JsonException error)
    {
        var at = (int)Math.Min(error.BytePositionInLine ?? 0, line.Length);
        var from = Math.Min(at, line.Length - 1);
        while (from > 0 && (char.IsAsciiLetter((char)line[from - 1]) || line[from - 1] == '-'))
            from--;
        var rest = line[Math.Max(from, 0)..];
        foreach (var word in (ReadOnlySpan<string>)["NaN", "nan", "-NaN", "-nan", "Infinity", "-Infinity", "inf", "-inf"])
            if (rest.StartsWith(Encoding.UTF8.GetBytes(word)))
                return $"""the line has the bare word {word}, which JSON has no place for: write "NaN", "Infinity" or "-Infinity" as a string""";
        return error.Message.Contains("maximum configured depth", StringComparison.Ordinal)
            ? "the line is nested too deeply: a reply is an object of tensors"
            : $"expected a JSON object, one on a line, got {Visible.Line(line, 80)}{(at > 80 ? $", which goes wrong at byte {at}" : "")}";
    }
}
