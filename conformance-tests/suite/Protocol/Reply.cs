using System.Text;
using System.Text.Json;
using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Protocol;

/// <summary>An answer of the protocol: numbers, or the reason why there are none.</summary>
internal sealed record Reply(string Id)
{
    /// <summary>The largest number of characters of a reason in a report.</summary>
    private const int LongestReason = 300;

    public LayerResult? Result { get; private init; }

    /// <summary>The reason why the engine does not offer the case; otherwise null.</summary>
    public string? Unsupported { get; private init; }

    /// <summary>The reason why the engine refuses the question; otherwise null.</summary>
    public string? Refused { get; private init; }

    /// <summary>The message of an engine that threw; otherwise null.</summary>
    public string? Error { get; private init; }

    /// <summary>Runs a subject, and writes its answer or its exception.</summary>
    public static byte[] Answer(string id, LayerCase layerCase, Func<LayerCase, LayerResult> run)
    {
        try
        {
            return Write(id, run(layerCase));
        }
        catch (NotSupportedException unsupported)
        {
            return Write(id, "unsupported", unsupported.Message);
        }
        catch (ArgumentException refusal)
        {
            return Write(id, "refused", refusal.Message);
        }
#pragma warning disable CA1031 // any exception of an engine is its answer to that case
        catch (Exception error)
#pragma warning restore CA1031
        {
            return Write(id, "error", $"{error.GetType().Name}: {error.Message}");
        }
    }

    /// <param name="field"><c>unsupported</c>, <c>refused</c> or <c>error</c>.</param>
    public static byte[] Write(string id, string field, string reason) => Wire.Line(json =>
    {
        json.WriteString("id", id);
        json.WriteString(field, reason);
    });

    private static byte[] Write(string id, LayerResult result) => Wire.Line(json =>
    {
        json.WriteString("id", id);
        TensorText.Write(json, "outputs", result.Outputs);
        TensorText.Write(json, "gradients", result.Gradients);
        if (result.Unsupported.Count == 0)
            return;
        json.WriteStartObject("unsupported");
        foreach (var (name, reason) in result.Unsupported)
            json.WriteString(name, reason);
        json.WriteEndObject();
    });

    /// <param name="id">The id of the question.</param>
    /// <exception cref="ProtocolException">The line is no reply to the question.</exception>
    public static Reply Read(ReadOnlySpan<byte> line, string id)
    {
        try
        {
            return ReadFields(line, id);
        }
        catch (ProtocolException problem) when (IsNamed(line, id))
        {
            problem.InStep = true;
            throw;
        }
    }

    private static Reply ReadFields(ReadOnlySpan<byte> line, string id)
    {
        var reply = new Reply("");
        var (outputs, gradients, leftOut) = (
            (Dictionary<string, Tensor64>?)null, (Dictionary<string, Tensor64>?)null, new Dictionary<string, string>());
        Wire.Read(line, (ref json) =>
        {
            switch (json.GetString())
            {
                case "id":
                    reply = reply with { Id = Wire.Text(ref json, "id") };
                    break;
                case "outputs":
                    outputs = TensorText.Read(ref json, "outputs");
                    break;
                case "gradients":
                    gradients = TensorText.Read(ref json, "gradients");
                    break;
                case "refused":
                    reply = reply with { Refused = Reason(ref json, "refused") };
                    break;
                case "error":
                    reply = reply with { Error = Reason(ref json, "error") };
                    break;
                case "unsupported":
                    json.Read();
                    if (json.TokenType == JsonTokenType.StartObject)
                        leftOut = LeftOut(ref json);
                    else
                        reply = reply with
                        {
                            Unsupported = json.TokenType == JsonTokenType.String
                            ? Visible.Line(json.GetString()!, LongestReason)
                            : throw Wire.Wrong($"unsupported: expected a reason, or reasons by tensor, got {Wire.Value(ref json)}")
                        };
                    break;
            }
        });
        if (reply.Id != id)
            throw Wire.Wrong(
                reply.Id.Length == 0 ? $"a reply without the id {id}" : $"expected the reply to {id}, got one to '{Visible.Exactly(reply.Id, 80)}'");
        if (reply.Unsupported is null && reply.Refused is null && reply.Error is null && outputs is null && gradients is null && leftOut.Count == 0)
            throw Wire.Wrong("a reply needs outputs, unsupported, refused or error, and this one has none of them");
        return reply with { Result = new(outputs ?? [], gradients ?? []) { Unsupported = leftOut } };
    }

    private static string Reason(ref Utf8JsonReader json, string field) => Visible.Line(Wire.Text(ref json, field, "a reason"), LongestReason);

    private static Dictionary<string, string> LeftOut(ref Utf8JsonReader json)
    {
        var leftOut = new Dictionary<string, string>();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = Visible.Line(json.GetString()!, 80);
            leftOut[name] = Reason(ref json, "unsupported." + name);
        }
        return leftOut;
    }

    /// <summary>
    /// Whether the line contains the id, even if it can't be read. It is then the answer to this question, and the next question can follow.
    /// </summary>
    private static bool IsNamed(ReadOnlySpan<byte> line, string id) => line.IndexOf(Encoding.UTF8.GetBytes($"\"{id}\"")) >= 0;
}
