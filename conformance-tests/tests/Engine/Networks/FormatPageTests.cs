using System.Text.RegularExpressions;
using Conformance.Engine.Networks;

namespace Conformance.Tests.Engine.Networks;

/// <summary>The page about the JSON format says what the reader reads.</summary>
internal sealed partial class FormatPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "engine", "Networks", "README.md"));

    [Test]
    public void ItsSampleIsANetworkAsToJsonWritesIt()
    {
        var json = Page.Split("```json\n")[1].Split("```")[0];
        Assert.That(NetworkReader.Parse(json).ToJson(), Is.EqualTo(json));
        Assert.That(NetworkSummary.FromDefinition(NetworkReader.Parse(json)).Layers[0].OutputShape, Is.EqualTo(new[] { 8, 12, 12 }));
    }

    [Test]
    public void ItNamesEachInitialization()
    {
        var row = Page.Split('\n').Single(line => line.StartsWith("| `initialization`", StringComparison.Ordinal));
        Assert.That(Name().Matches(row).Skip(1).Select(name => name.Groups[1].Value), Is.EqualTo(Initialization.Names));
    }

    /// <summary>An option that nobody knows makes the reader name those that it does.</summary>
    [Test]
    public void ItsTableHasEachTypeWithItsOptions()
    {
        var table = Row().Matches(Page).ToDictionary(
            row => row.Groups["type"].Value, row => Name().Matches(row.Groups["options"].Value).Select(name => name.Groups[1].Value).ToArray());
        Assert.That(table.Keys, Is.SupersetOf(NetworkBuilder.Types));
        foreach (var type in NetworkBuilder.Types)
        {
            var image = type is "linear" or "batch_norm1d" ? "[4]" : "[4, 8, 8]";
            var needed = type switch
            {
                "conv2d" => "\"out_channels\": 1, \"kernel_size\": 1, ",
                "linear" => "\"out_features\": 1, ",
                "max_pool2d" or "avg_pool2d" => "\"kernel_size\": 1, ",
                "adaptive_avg_pool2d" => "\"output_size\": 1, ",
                "softmax" or "log_softmax" => "\"dim\": 1, ",
                _ => "",
            };
            var json =
                $$"""{ "conformance": 1, "name": "a", "input": {{image}}, "layers": [{ "name": "a", "type": "{{type}}", {{needed}}"unheard": 1 }] }""";
            var known = table[type] is [] ? "none" : string.Join(", ", table[type]);
            Assert.That(
                () => NetworkReader.Parse(json, "a.json"),
                Throws.InstanceOf<NetworkException>().With.Message.EqualTo($"a.json: layer 'a': unknown field 'unheard': {type} has {known}"));
        }
    }

    [GeneratedRegex("^\\| `(?<type>[a-z0-9_]+)` \\| ?(?<options>[^|\n]*)\\|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("`([a-z_]+)`")]
    private static partial Regex Name();
}
