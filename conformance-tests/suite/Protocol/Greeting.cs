using System.Text.Json;
using Conformance.Oracle;
using Conformance.Suite.Dialects;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Protocol;

/// <summary>The first line of each side: the suite's <c>{"conformance":1}</c>, and the engine's declaration.</summary>
internal sealed record Greeting(string Name, Declaration Declares)
{
    private const int LongestName = 60;

    /// <summary>The suite's greeting.</summary>
    public static byte[] Ours { get; } = Wire.Line(json => json.WriteNumber("conformance", Wire.Version));

    /// <summary>Checks that a line is the suite's greeting.</summary>
    /// <exception cref="ProtocolException">The line is no greeting, or has another version.</exception>
    public static void ReadOurs(ReadOnlySpan<byte> line) => RequireVersion(VersionOf(line));

    public byte[] Write() => Wire.Line(json =>
    {
        json.WriteNumber("conformance", Wire.Version);
        json.WriteString("name", Name);
        if (Declares.Operations is { } operations)
        {
            json.WriteStartArray("ops");
            foreach (var operation in operations)
                json.WriteStringValue(operation);
            json.WriteEndArray();
        }
        json.WriteString("dtype", "float32");
        if (Declares.ForwardOnly)
        {
            json.WriteStartArray("passes");
            json.WriteStringValue("forward");
            json.WriteEndArray();
        }
        if (Declares.Inexact)
            json.WriteString("arithmetic", "inexact");
        json.WriteStartObject("dialect");
        foreach (var (name, value) in Declares.Conventions)
            json.WriteString(name, value);
        json.WriteEndObject();
    });

    /// <exception cref="ProtocolException">The line is no greeting. The message says what was expected.</exception>
    public static Greeting Read(ReadOnlySpan<byte> line)
    {
        RequireVersion(VersionOf(line));
        var (name, operations, passes, inexact, conventions) = (
            "engine", (List<string>?)null, (List<string>?)null, false, new Dictionary<string, string>());
        Wire.Read(line, (ref json) =>
        {
            switch (json.GetString())
            {
                case "name":
                    name = Visible.Line(Wire.Text(ref json, "name"), LongestName);
                    break;
                case "ops":
                    operations = Texts(ref json, "ops");
                    break;
                case "passes":
                    passes = Texts(ref json, "passes");
                    break;
                case "arithmetic":
                    inexact = Wire.Text(ref json, "arithmetic") switch
                    {
                        "exact" => false,
                        "inexact" => true,
                        var other => throw Wire.Wrong($"""arithmetic: expected "exact" or "inexact", got "{Visible.Exactly(other, 40)}" """.TrimEnd()),
                    };
                    break;
                case "dialect":
                    conventions = Conventions(ref json);
                    break;
            }
        });
        if (passes is not null && (!passes.Contains("forward") || passes.Except(["forward", "backward"]).Any()))
            throw Wire.Wrong($"""passes: expected ["forward"] or ["forward","backward"], got {string.Join(", ", passes)}""");
        var declares = new Declaration
        {
            Operations = operations,
            ForwardOnly = passes?.Contains("backward") == false,
            Inexact = inexact,
            Conventions = conventions,
            Note = UnknownOperations(operations ?? []),
        };
        try
        {
            Dialect.FromDeclaration(declares);
        }
        catch (ArgumentException error)
        {
            throw Wire.Wrong($"dialect: {error.Message}");
        }
        return new(name.Length == 0 ? "engine" : name, declares);
    }

    /// <summary>A misspelt operation would count as not offered, and nobody would look for it.</summary>
    private static string? UnknownOperations(IEnumerable<string> operations) =>
        operations.Except(AllOperations.Names).ToList() is { Count: > 0 } unknown
            ? $"ops: the suite asks nothing of {string.Join(", ", unknown)}, which is no operation of it: "
                + $"there are {string.Join(", ", AllOperations.Names)}"
            : null;

    private static int? VersionOf(ReadOnlySpan<byte> line)
    {
        int? version = null;
        Wire.Read(line, (ref json) =>
        {
            if (!json.ValueTextEquals("conformance"))
                return;
            json.Read();
            version = json.TokenType == JsonTokenType.Number && json.TryGetInt32(out var number)
                ? number
                : throw Wire.Wrong($"conformance: expected the version, {Wire.Version}, got {Wire.Value(ref json)}");
            json.Skip();
        });
        return version;
    }

    private static void RequireVersion(int? version)
    {
        if (version != Wire.Version)
            throw Wire.Wrong(version is null
                ? $$"""expected a greeting, {"conformance":{{Wire.Version}},…}, got an object without "conformance" """.TrimEnd()
                : $"expected version {Wire.Version} of the protocol, got {version}");
    }

    private static List<string> Texts(ref Utf8JsonReader json, string field)
    {
        Wire.Expect(ref json, JsonTokenType.StartArray, field, "a list of texts");
        var texts = new List<string>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            texts.Add(
                json.TokenType == JsonTokenType.String
                ? Visible.Line(json.GetString()!, LongestName)
                : throw Wire.Wrong($"{field}: expected texts, got {Wire.Value(ref json)}"));
        return texts;
    }

    private static Dictionary<string, string> Conventions(ref Utf8JsonReader json)
    {
        Wire.Expect(ref json, JsonTokenType.StartObject, "dialect", "an object of conventions by name");
        var conventions = new Dictionary<string, string>();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = Visible.Line(json.GetString()!, LongestName);
            conventions[name] = Visible.Line(Wire.Text(ref json, "dialect." + name), LongestName);
            Known(name, conventions[name]);
        }
        return conventions;
    }

    private static void Known(string name, string value)
    {
        try
        {
            Dialects.Conventions.Named(name, value);
        }
        catch (ArgumentException unknown)
        {
            throw Wire.Wrong(unknown.Message);
        }
    }
}
