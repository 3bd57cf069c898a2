using System.Globalization;
using System.Text;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Networks;

/// <summary>A line of a <see cref="NetworkSummary"/>.</summary>
/// <param name="OutputShape">Of one image.</param>
/// <param name="Parameters">Numbers that are learned.</param>
/// <param name="MultiplyAdds">Of one image's forward pass: the products that convolutions and linear layers sum.</param>
public sealed record LayerSummary(string Name, string Type, IReadOnlyList<int> OutputShape, long Parameters, long MultiplyAdds);

/// <summary>What a network is made of, layer by layer, for images of one shape.</summary>
public sealed class NetworkSummary
{
    private NetworkSummary(string name, IReadOnlyList<int> input, IReadOnlyList<LayerSummary> layers) =>
        (Name, Input, Layers) = (name, input, layers);

    public string Name { get; }

    /// <summary>The shape of one image.</summary>
    public IReadOnlyList<int> Input { get; }

    public IReadOnlyList<LayerSummary> Layers { get; }

    public long Parameters => Layers.Sum(layer => layer.Parameters);

    /// <summary>Of one image's forward pass.</summary>
    public long MultiplyAdds => Layers.Sum(layer => layer.MultiplyAdds);

    /// <summary>The summary of a network that a definition describes.</summary>
    public static NetworkSummary FromDefinition(NetworkDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return FromNetwork(definition.Name, NetworkBuilder.Outline(definition), [.. definition.Input]);
    }

    /// <summary>The summary of a network made by hand. Its last forward pass is forgotten.</summary>
    /// <param name="input">The shape of one image: <c>1, 28, 28</c>.</param>
    /// <exception cref="ArgumentException">A layer can't take what it is given.</exception>
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

    /// <summary>A table of at most 80 columns for networks of usual sizes.</summary>
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
