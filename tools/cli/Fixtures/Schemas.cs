using System.Text.Json;
using Conformance.Suite.Fixtures;
using Json.Schema;

namespace Conformance.Cli.Fixtures;

/// <summary>The JSON Schemas beside the data, <c>fixtures/schema/</c>: what a reader of any language may rely on.</summary>
internal sealed class Schemas
{
    private static readonly EvaluationOptions _quick = new() { OutputFormat = OutputFormat.Flag };
    private static readonly EvaluationOptions _all = new() { OutputFormat = OutputFormat.List };

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
            return JsonSchema.FromText(File.ReadAllText(path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException or JsonSchemaException)
        {
            throw new FixtureException(path, "schema", error.Message.ReplaceLineEndings(" "), error);
        }
    }

    private static IReadOnlyList<string> Problems(JsonSchema schema, string text)
    {
        using var json = JsonDocument.Parse(text);
        if (schema.Evaluate(json.RootElement, _quick).IsValid)
            return [];
        var wrong = (schema.Evaluate(json.RootElement, _all).Details ?? []).Where(place => place.Errors is { Count: > 0 }).ToArray();
        // Of alternatives all but one fail in a right file too: they count only where nothing else says what is wrong.
        var certain = wrong.Where(place => !place.EvaluationPath.ToString().Split('/').Any(step => step is "anyOf" or "oneOf" or "not")).ToArray();
        return [.. (certain.Length > 0 ? certain : wrong).Select(Line).DefaultIfEmpty("not as the schema has it")];
    }

    /// <summary>Such as <c>inputs.weight.shape: Value is "string" but should be "array"</c>.</summary>
    private static string Line(EvaluationResults place) =>
        $"{place.InstanceLocation.ToString().TrimStart('/').Replace('/', '.')}: {string.Join("; ", place.Errors!.Values)}";
}
