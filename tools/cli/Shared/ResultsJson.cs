using System.Text.Json;
using System.Text.Json.Serialization;

namespace Conformance.Cli.Shared;

/// <summary>Results as JSON: names in camel case, LF, a line end at the end. A diverged training's NaN is the string "NaN".</summary>
internal static class ResultsJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // a file of its own, never part of a page
    };

    private static readonly JsonSerializerOptions Line = new(Options) { WriteIndented = false };

    public static string Serialize<T>(T results) => JsonSerializer.Serialize(results, Options) + "\n";

    /// <summary>The same on one line, without a line end.</summary>
    public static string LineOf<T>(T results) => JsonSerializer.Serialize(results, Line);
}
