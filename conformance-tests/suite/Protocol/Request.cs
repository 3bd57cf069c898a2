using System.Text.Json;
using Conformance.Oracle;

namespace Conformance.Suite.Protocol;

/// <summary>A question of the protocol: id, operation, attributes, inputs, and the cotangents of the outputs if gradients are asked for.</summary>
internal static class Request
{
    /// <param name="id">The case's id, or one that distinguishes this question from others of the case.</param>
    /// <param name="forwardOnly">Whether no gradients are asked for.</param>
    public static byte[] Write(LayerCase layerCase, string id, bool forwardOnly) => Wire.Line(json =>
    {
        json.WriteString("id", id);
        json.WriteString("op", layerCase.Op);
        json.WriteStartObject("attributes");
        foreach (var (name, value) in layerCase.Attributes.All)
        {
            json.WritePropertyName(name);
            value.WriteTo(json);
        }
        json.WriteEndObject();
        TensorText.Write(json, "inputs", layerCase.Inputs);
        if (!forwardOnly && layerCase.Cotangents.Count > 0)
            TensorText.Write(json, "cotangent", layerCase.Cotangents);
    });

    /// <exception cref="ProtocolException">The line is no request.</exception>
    public static LayerCase Read(ReadOnlySpan<byte> line)
    {
        var (id, op, attributes, inputs, cotangents) = (
            (string?)null, (string?)null, Attributes.None, (Dictionary<string, Tensor64>?)null, new Dictionary<string, Tensor64>());
        Wire.Read(line, (ref json) =>
        {
            switch (json.GetString())
            {
                case "id":
                    id = Wire.Text(ref json, "id");
                    break;
                case "op":
                    op = Wire.Text(ref json, "op");
                    break;
                case "attributes":
                    Wire.Expect(ref json, JsonTokenType.StartObject, "attributes", "an object");
                    using (var values = JsonDocument.ParseValue(ref json))
                        attributes = Attributes.FromJson(values.RootElement);
                    break;
                case "inputs":
                    inputs = TensorText.Read(ref json, "inputs");
                    break;
                case "cotangent":
                    cotangents = TensorText.Read(ref json, "cotangent");
                    break;
            }
        });
        return id is not null && op is not null && inputs is not null
            ? new(id, op, attributes, Tier.Bounded, inputs, cotangents, [])
            : throw Wire.Wrong($"expected a request with id, op and inputs, got no {(id is null ? "id" : op is null ? "op" : "inputs")}");
    }
}
