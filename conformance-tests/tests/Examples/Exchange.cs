using System.Globalization;
using System.Text.Json;
using Conformance.Oracle;
using Conformance.Suite.Fixtures;
using Conformance.Suite.Judging;
using Conformance.Suite.Running;

namespace Conformance.Tests.Examples;

/// <summary>A request and its reply as they stand on a page, judged as the suite would.</summary>
internal static class Exchange
{
    /// <returns>Whether the reply passes; a case that is stored must be the stored one.</returns>
    public static bool IsRight(string request, string reply)
    {
        using var asked = JsonDocument.Parse(request);
        using var answered = JsonDocument.Parse(reply);
        var (id, op) = (asked.RootElement.GetProperty("id").GetString()!, asked.RootElement.GetProperty("op").GetString()!);
        var written = new LayerCase(id, op, Attributes.FromJson(asked.RootElement.GetProperty("attributes")), AllOperations.Draw(id).Tier,
            Tensors(asked.RootElement, "inputs"), Tensors(asked.RootElement, "cotangent"), [])
        {
            Refused = AllOperations.Draw(id).Refused,
        };
        var file = Path.Combine(Repository.Fixtures.Root, id + ".json");
        var question = File.Exists(file) ? VectorFile.Read(file).Question : Question.AnsweredByTheOracle(written);
        Assert.That(question.Case.HasFillsOf(written), $"{id}: the inputs are not the stored ones");
        Assert.That(answered.RootElement.GetProperty("id").GetString(), Is.EqualTo(id));
        var report = Judge.Run(new Read(answered.RootElement), question);
        return report.Verdict == Verdict.Pass;
    }

    /// <summary>By name; empty where there is none.</summary>
    private static Dictionary<string, Tensor64> Tensors(JsonElement message, string field) => !message.TryGetProperty(field, out var tensors) ? []
        : tensors.EnumerateObject().ToDictionary(pair => pair.Name, pair => new Tensor64(
            [.. pair.Value.GetProperty("shape").EnumerateArray().Select(extent => extent.GetInt32())],
            [.. pair.Value.GetProperty("data").EnumerateArray().Select(Number)]));

    private static double Number(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number ? value.GetDouble() : double.Parse(value.GetString()!, CultureInfo.InvariantCulture);

    private sealed class Read(JsonElement reply) : ISubject
    {
        public string Name => "the page";

        public LayerResult Run(LayerCase layerCase) =>
            reply.TryGetProperty("outputs", out _) ? new(Tensors(reply, "outputs"), Tensors(reply, "gradients"))
            : reply.TryGetProperty("refused", out var refused) ? throw new ArgumentException(refused.GetString())
            : throw new NotSupportedException(reply.GetProperty("unsupported").GetString());
    }
}
