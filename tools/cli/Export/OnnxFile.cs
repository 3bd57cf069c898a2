using System.Globalization;
using Conformance.Cli.Shared;
using Conformance.Engine.Checkpoints;
using Conformance.Engine.Data;
using Conformance.Engine.Networks;
using Google.Protobuf;
using Onnx;

namespace Conformance.Cli.Export;

/// <summary>
/// Writes a network as an ONNX file for inference. Input <c>images</c> [N, C, H, W] has normalised pixels, output <c>logits</c> [N, classes], for any
/// N. The metadata of the file state the normalisation. protoc compiles the schema <c>onnx.proto</c> beside this file, from onnx/onnx.
/// </summary>
internal static class OnnxFile
{
    /// <summary>The versions of ONNX 1.12, so that older runtimes can read the file.</summary>
    private const int IrVersion = 8, Opset = 17;

    /// <summary>The normalisation of pixels, as a formula for people.</summary>
    public static string Normalized { get; } = string.Create(
        CultureInfo.InvariantCulture, $"(pixel / 255 - {Normalization.Mean}) / {Normalization.Deviation}");

    /// <exception cref="UserError">ONNX has no such layer.</exception>
    public static byte[] ToBytes(WeightsFile weights)
    {
        var (model, network) = weights;
        var layers = NetworkSummary.FromDefinition(model).Layers;
        var graph = new OnnxGraph(StateDict.FromModule(network));
        var image = model.Input;
        foreach (var ((name, layer), summary) in network.Children.Zip(layers))
        {
            OnnxLayers.Add(graph, name, layer, image, summary.OutputShape);
            image = summary.OutputShape;
        }
        return new ModelProto
        {
            IrVersion = IrVersion,
            OpsetImport = { new OperatorSetIdProto { Version = Opset } },
            ProducerName = "conformance",
            ProducerVersion = typeof(OnnxFile).Assembly.GetName().Version!.ToString(3),
            DocString =
                $"{model.Name}. images: {Normalized} of grey pixels 0 to 255, white on black. logits: one for each class; "
                    + "softmax makes probabilities of them.",
            Graph = graph.Finish(model.Name, model.Input, image),
            MetadataProps = { WeightsFile.Metadata(model).Select(entry => new StringStringEntryProto { Key = entry.Key, Value = entry.Value }) },
        }.ToByteArray();
    }
}
