using System.Globalization;
using System.Text;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Networks;

/// <summary>One layer of a summary: its name, type, output shape and costs.</summary>
/// <param name="OutputShape">The output shape for one image, without the batch axis.</param>
/// <param name="Parameters">The number of trained parameters.</param>
/// <param name="MultiplyAdds">The number of products that the forward pass of one image sums, in convolutions and linear layers.</param>
public sealed record LayerSummary(string Name, string Type, IReadOnlyList<int> OutputShape, long Parameters, long MultiplyAdds);

/// <summary>The layers of a network with their output shapes, parameters and multiply-adds, for one image shape.</summary>
public sealed class NetworkSummary
{
    private NetworkSummary(string name, IReadOnlyList<int> input, IReadOnlyList<LayerSummary> layers) =>
        (Name, Input, Layers) = (name, input, layers);

    public string Name { get; }

    /// <summary>The shape of one image.</summary>
    public IReadOnlyList<int> Input { get; }

    public IReadOnlyList<LayerSummary> Layers { get; }

    public long Parameters => Layers.Sum(layer => layer.Parameters);

    /// <summary>The number of products that the forward pass of one image sums.</summary>
    public long MultiplyAdds => Layers.Sum(layer => layer.MultiplyAdds);

    /// <summary>Summarises the network of a definition.</summary>
    public static NetworkSummary FromDefinition(NetworkDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return FromNetwork(definition.Name, NetworkBuilder.Outline(definition), [.. definition.Input]);
    }

    /// <summary>Summarises a network built in code. The call ends the network's last forward pass, so a backward pass needs a new one.</summary>
    /// <param name="input">The shape of one image, such as <c>1, 28, 28</c>.</param>
    /// <exception cref="ArgumentException">A layer does not accept the shape of its input.</exception>
    public static NetworkSummary FromNetwork(string name, Sequential network, params ReadOnlySpan<int> input)
    {
        ArgumentNullException.ThrowIfNull(network);
        network.OutputShapeOf(input);
        var layers =
            from layer in network.NamedLayers
            let output = network.Chain.OutputOf(layer.Layer)!.Shape[1..].ToArray()
            let parameters = layer.Layer.Parameters.Sum(parameter => (long)parameter.Value.Length)
            select new LayerSummary(layer.Name, layer.Layer.Operation, output, parameters, layer.Layer.MultiplyAdds);
        return new(name, input.ToArray(), [.. layers]);
    }

    /// <summary>The summary as a text table. Networks of usual size fit in 80 columns.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        Row("layer", "type", "output", "parameters", "multiply-adds");
        Row("input", "", Shapes.Text([.. Input]), "", "");
        foreach (var layer in Layers)
            Row(layer.Name, layer.Type, Shapes.Text([.. layer.OutputShape]), Count(layer.Parameters), Count(layer.MultiplyAdds));
        Row("total", "", "", Number(Parameters), Number(MultiplyAdds));
        return text.ToString();

        void Row(string name, string type, string output, string parameters, string multiplyAdds) =>
            text.Append($"{name,-14} {type,-19} {output,-15} {parameters,12} {multiplyAdds,15}".TrimEnd()).Append('\n');
    }

    private static string Count(long count) => count == 0 ? "" : Number(count);

    private static string Number(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
