using System.Text.Json;
using System.Text.Json.Serialization;

namespace Conformance.Cli.Train;

/// <summary><c>metrics.jsonl</c>: a JSON object for each epoch, a line each. The checkpoint keeps the same text.</summary>
internal static class MetricsJson
{
    public const string FileName = "metrics.jsonl";

    /// <summary>A loss may be infinite where training goes on: NaN and the infinities are strings.</summary>
    private static readonly JsonSerializerOptions _line = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowReadingFromString | JsonNumberHandling.AllowNamedFloatingPointLiterals,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    public static string Render(IEnumerable<EpochLine> lines) => string.Concat(lines.Select(line => JsonSerializer.Serialize(line, _line) + "\n"));

    /// <exception cref="JsonException">A line is not one of them.</exception>
    public static IEnumerable<EpochLine> Parse(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<EpochLine>(line, _line)!);
}
