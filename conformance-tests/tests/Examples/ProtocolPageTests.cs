using System.Globalization;
using System.Text.Json;
using Conformance.Cli.Fixtures;
using Conformance.Oracle;
using Item = Conformance.Tests.Examples.ProtocolPage.Item;

namespace Conformance.Tests.Examples;

/// <summary>The tables of the protocol page agree with the stored vectors, name by name and axis by axis.</summary>
internal sealed class ProtocolPageTests
{
    private static readonly Schemas Schemas = new(Repository.Fixtures);

    private static string[] Operations => [.. AllOperations.Names.Where(name => name != "lenet")];

    [Test]
    public void ItHasEachOperation() => Assert.That(ProtocolPage.Operations.Keys, Is.EquivalentTo(Operations));

    [TestCaseSource(nameof(Operations))]
    public void ARowSaysWhatEachVectorHolds(string op)
    {
        var row = ProtocolPage.Operations[op];
        var files = Directory.GetFiles(Path.Combine(Repository.Fixtures.Root, op));
        Assert.That(files, Is.Not.Empty);
        foreach (var file in files)
        {
            using var vector = JsonDocument.Parse(File.ReadAllText(file));
            var (root, extents) = (vector.RootElement, new Dictionary<string, string>());
            Check(row.Inputs, root.GetProperty("inputs"), "inputs", (item, tensor) => Shape(item, tensor, extents));
            Check(row.Attributes, root.GetProperty("attributes"), "attributes", (item, value) => KindProblem(item.Rest, value));
            var expected = root.GetProperty("expected");
            if (expected.TryGetProperty("refused", out _))
                continue;
            Check(row.Outputs, expected.GetProperty("outputs"), "outputs", (item, tensor) => Shape(item, tensor, op == "flatten" ? [] : extents));
            Check(row.Gradients, expected.GetProperty("gradients"), "gradients", (_, _) => null);

            void Check(Item[] items, JsonElement found, string part, Func<Item, JsonElement, string?> problem)
            {
                var names = found.EnumerateObject().Select(property => property.Name).ToHashSet();
                Assert.That(names, Is.SubsetOf(items.Select(item => item.Name)), $"{file}: {part}");
                Assert.That(items.Where(item => !item.Optional).Select(item => item.Name), Is.SubsetOf(names), $"{file}: {part}");
                foreach (var item in items.Where(item => names.Contains(item.Name)))
                    Assert.That(problem(item, found.GetProperty(item.Name)), Is.Null, $"{file}: {part}.{item.Name}");
            }
        }
    }

    /// <summary>A tensor that is marked as optional is missing from at least one case.</summary>
    [Test]
    public void AQuestionMarkIsDue()
    {
        foreach (var row in ProtocolPage.Operations.Values)
            foreach (var item in row.Inputs.Where(item => item.Optional))
                Assert.That(Vectors(row.Op).Any(vector => !vector.GetProperty("inputs").TryGetProperty(item.Name, out _)), $"{row.Op}: {item.Name}?");
    }

    [Test]
    public void TheLeNetTableSaysWhatItsVectorsHold()
    {
        var table = ProtocolPage.NamesUnder("### lenet");
        var layers = table["outputs and gradients too, with `layers` true"];
        var parameters = table["inputs"].Skip(2).ToArray();
        foreach (var vector in Vectors("lenet"))
        {
            var attributes = vector.GetProperty("attributes");
            var (withLayers, steps) = (attributes.GetProperty("layers").GetBoolean() ? layers : [], attributes.GetProperty("steps").GetInt32());
            Assert.That(Names(vector.GetProperty("inputs")), Is.EquivalentTo(table["inputs"]));
            Assert.That(
                Names(vector.GetProperty("expected").GetProperty("gradients")),
                Is.EquivalentTo([.. table["gradients"], .. parameters, .. withLayers]));
            Assert.That(Names(vector.GetProperty("expected").GetProperty("outputs")),
                Is.EquivalentTo([.. table["outputs"], .. withLayers, .. steps > 1 ? parameters.Append("losses") : []]));
        }
    }

    /// <summary>The table of refusals lists exactly the operations with refused cases.</summary>
    [Test]
    public void ItSaysWhereSomethingIsRefused()
    {
        var rows = ProtocolPage.Text.Split("## What must be refused")[1].Split("\n\n")[1]
            .Split('\n').Skip(2).SelectMany(row => row.Split('|')[1].Split(',')).Select(name => name.Trim(' ', '`'));
        Assert.That(
            rows,
            Is.EquivalentTo(Operations.Where(op => Vectors(op).Any(vector => vector.GetProperty("expected").TryGetProperty("refused", out _)))));
    }

    [Test]
    public void TheConversationFollowsTheSchemaAndIsRight()
    {
        var conversation = ProtocolPage.Conversation;
        Assert.That(conversation.Select(line => line.OfTheSuite), Is.EqualTo(conversation.Select((_, i) => i % 2 == 0)));
        foreach (var (_, message) in conversation)
            Assert.That(Schemas.ProblemsOfMessage(message), Is.Empty, message);
        var judged = conversation.Chunk(2).Skip(1).Count(pair => Exchange.IsRight(pair[0].Message, pair[1].Message));
        Assert.That(judged, Is.EqualTo(4)); // one of them refused; the fifth is unsupported
    }

    [Test]
    public void TheTranscriptFollowsTheSchemaAndIsRight()
    {
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, "conformance-tests", "examples", "transcript.jsonl"));
        var operations = new HashSet<string>();
        foreach (var line in lines)
        {
            using var exchange = JsonDocument.Parse(line);
            var root = exchange.RootElement;
            if (root.TryGetProperty("greeting", out var greeting))
            {
                Assert.That(Schemas.ProblemsOfMessage(greeting.GetRawText()), Is.Empty);
                continue;
            }
            var (request, reply) = (root.GetProperty("request"), root.GetProperty("reply"));
            Assert.That(Schemas.ProblemsOfMessage(request.GetRawText()), Is.Empty);
            Assert.That(Schemas.ProblemsOfMessage(reply.GetRawText()), Is.Empty);
            operations.Add(request.GetProperty("op").GetString()!);
            Assert.That(Exchange.IsRight(request.GetRawText(), reply.GetRawText()), line[..80]);
        }
        Assert.That(operations, Is.EquivalentTo(AllOperations.Names));
    }

    private static IEnumerable<JsonElement> Vectors(string op)
    {
        foreach (var file in Directory.GetFiles(Path.Combine(Repository.Fixtures.Root, op)))
        {
            using var vector = JsonDocument.Parse(File.ReadAllText(file));
            yield return vector.RootElement.Clone();
        }
    }

    private static IEnumerable<string> Names(JsonElement tensors) => tensors.EnumerateObject().Select(property => property.Name);

    /// <summary>Null if one of the page's shapes fits. A letter has the same extent in all tensors of a case.</summary>
    private static string? Shape(Item item, JsonElement tensor, Dictionary<string, string> extents)
    {
        var shape = tensor.GetProperty("shape").EnumerateArray().Select(extent => extent.GetInt32()).ToArray();
        return item.Rest.Split(" or ").Any(pattern => Fits(pattern.Trim('[', ']').Split(',', StringSplitOptions.RemoveEmptyEntries), shape, extents))
            ? null : $"[{string.Join(",", shape)}] is not {item.Rest} with {string.Join(", ", extents)}";
    }

    private static bool Fits(string[] letters, int[] shape, Dictionary<string, string> extents)
    {
        var open = letters is [.., "…"];
        if (open ? shape.Length < letters.Length - 1 : shape.Length != letters.Length)
            return false;
        for (var i = 0; i < letters.Length; i++)
        {
            var value = letters[i] == "…" ? string.Join(",", shape.Skip(i)) : shape[i].ToString(CultureInfo.InvariantCulture);
            if (letters[i].Length <= 2 && extents.TryAdd(letters[i], value) is false && extents[letters[i]] != value)
                return false;
        }
        return true;
    }

    private static string? KindProblem(string kind, JsonElement value)
    {
        var fits = kind switch
        {
            "int" => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out _),
            "float" => value.ValueKind == JsonValueKind.Number,
            "float or null" => value.ValueKind is JsonValueKind.Number or JsonValueKind.Null,
            "bool" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "text" => value.ValueKind == JsonValueKind.String,
            "pair" => value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 2,
            "four" => value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 4,
            "list" => value.ValueKind == JsonValueKind.Array,
            _ => false,
        };
        return fits ? null : $"{value.GetRawText()} is not of kind '{kind}'";
    }
}
