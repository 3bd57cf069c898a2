using Conformance.Suite.Fixtures;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using NJsonSchema;
using NJsonSchema.Validation;

namespace Conformance.Cli.Fixtures;

/// <summary>The JSON Schemas beside the data, <c>fixtures/schema/</c>: what a reader of any language may rely on.</summary>
internal sealed class Schemas
{
    private readonly JsonSchema _cases;
    private readonly JsonSchema _vector;
    private readonly JsonSchema _protocol;

    /// <exception cref="FixtureException">A schema can't be read.</exception>
    public Schemas(FixtureFolder folder) => (_cases, _vector, _protocol) = (Open(folder, "cases"), Open(folder, "vector"), Open(folder, "protocol"));

    /// <summary>Every way in which a case file differs from its schema, one line each.</summary>
    public IReadOnlyList<string> ProblemsOfCases(string text) => Problems(_cases, text);

    /// <summary>Every way in which a stored vector differs from its schema, one line each.</summary>
    public IReadOnlyList<string> ProblemsOfVector(string text) => Problems(_vector, text);

    /// <summary>Every way in which a line of the protocol, from the suite or from an engine, differs from its schema, one line each.</summary>
    public IReadOnlyList<string> ProblemsOfMessage(string text) => Problems(_protocol, text);

    private static JsonSchema Open(FixtureFolder folder, string name)
    {
        var path = Path.Combine(folder.Root, "schema", name + ".schema.json");
        try
        {
            return JsonSchema.FromJsonAsync(File.ReadAllText(path)).GetAwaiter().GetResult();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
        {
            throw new FixtureException(path, "schema", error.Message.ReplaceLineEndings(" "), error);
        }
    }

    private static IReadOnlyList<string> Problems(JsonSchema schema, string text)
    {
        using var reader = new JsonTextReader(new StringReader(text)) { DateParseHandling = DateParseHandling.None };
        return [.. schema.Validate(JToken.ReadFrom(reader)).Select(Line)];
    }

    private static string Line(ValidationError error) => $"{error.Path?.TrimStart('#', '/')}: {error.Kind}{(error.HasLineInfo ? $" (line {error.LineNumber})" : "")}";
}
