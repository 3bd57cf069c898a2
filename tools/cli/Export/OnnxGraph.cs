using System.Runtime.InteropServices;
using Conformance.Engine.Checkpoints;
using Conformance.Engine.Layers;
using Google.Protobuf;
using Onnx;

namespace Conformance.Cli.Export;

/// <summary>
/// An ONNX graph that grows a node at a time, each taking what came before. Nodes are named as the layers, stored tensors as in the state dict
/// (<c>conv1.weight</c>); <c>images</c>,
/// <c>logits</c> and <c>conv1.output</c> can't meet them, since no layer has a dot in its name.
/// </summary>
/// <param name="state">Of the network: what nodes may ask for by name.</param>
internal sealed class OnnxGraph(IReadOnlyDictionary<string, SafeTensor> state)
{
    public const string Input = "images";
    public const string Output = "logits";

    private readonly GraphProto _graph = new();

    /// <summary>The name of what the last node gives.</summary>
    public string Value { get; private set; } = Input;

    public void Add(string operation, string name, IEnumerable<string> inputs, params IEnumerable<AttributeProto> attributes)
    {
        Value = $"{name}.output";
        _graph.Node.Add(new NodeProto { OpType = operation, Name = name, Input = { inputs }, Output = { Value }, Attribute = { attributes } });
    }

    public bool Has(string name) => state.ContainsKey(name);

    /// <summary>Stores a tensor of the state.</summary>
    /// <returns>Its name.</returns>
    public string Stored(string name) =>
        Store(name, TensorProto.Types.DataType.Float, [.. state[name].Shape.Select(extent => (long)extent)], state[name].Data.Span);

    /// <summary>Stores floats that are not part of the state.</summary>
    /// <returns>Their name.</returns>
    public string Constant(string name, ReadOnlySpan<float> values, params long[] shape) =>
        Store(name, TensorProto.Types.DataType.Float, shape, MemoryMarshal.AsBytes(values));

    /// <summary>Stores a list of whole numbers, such as a shape.</summary>
    /// <returns>Its name.</returns>
    public string Constant(string name, params ReadOnlySpan<long> values) =>
        Store(name, TensorProto.Types.DataType.Int64, [values.Length], MemoryMarshal.AsBytes(values));

    /// <summary>The whole graph: any number N of images in, N rows of logits out.</summary>
    /// <param name="input">Shape of an image.</param>
    /// <param name="output">Of its logits.</param>
    public GraphProto Finish(string name, IEnumerable<int> input, IEnumerable<int> output)
    {
        if (_graph.Node.Count == 0)
            Add("Identity", Output, [Value]);
        _graph.Node[^1].Output[0] = Output;
        _graph.Name = name;
        _graph.Input.Add(Described(Input, input));
        _graph.Output.Add(Described(Output, output));
        return _graph;
    }

    public static AttributeProto Int(string name, long value) => new() { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = value };

    public static AttributeProto Float(string name, double value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Float, F = (float)value };

    public static AttributeProto Ints(string name, params IEnumerable<long> values) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Ints, Ints = { values } };

    public static AttributeProto Pair(string name, Size2d size) => Ints(name, [size.Height, size.Width]);

    /// <summary>ONNX wants all begins before all ends.</summary>
    public static AttributeProto Pads(Padding2d padding) => Ints("pads", [padding.Top, padding.Left, padding.Bottom, padding.Right]);

    private string Store(string name, TensorProto.Types.DataType type, long[] shape, ReadOnlySpan<byte> littleEndian)
    {
        _graph.Initializer.Add(new TensorProto { Name = name, DataType = (int)type, Dims = { shape }, RawData = ByteString.CopyFrom(littleEndian) });
        return name;
    }

    private static ValueInfoProto Described(string name, IEnumerable<int> image)
    {
        var shape = new TensorShapeProto { Dim = { new TensorShapeProto.Types.Dimension { DimParam = "N" } } };
        shape.Dim.Add(image.Select(extent => new TensorShapeProto.Types.Dimension { DimValue = extent }));
        return new() { Name = name, Type = new() { TensorType = new() { ElemType = (int)TensorProto.Types.DataType.Float, Shape = shape } } };
    }
}
