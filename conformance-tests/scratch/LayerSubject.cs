using Conformance.Engine.Layers;
using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Scratch;

/// <summary>Layers of one's own, built on the engine, as the suite sees them.</summary>
/// <param name="name">As reports show it.</param>
/// <param name="layers">
/// For each operation (<c>relu</c>) what makes the layer that a case asks for; <see cref="LayerCase.Attributes"/> has its options.
/// </param>
public sealed class LayerSubject(string name, params (string Operation, Func<LayerCase, Module> Create)[] layers) : ISubject
{
    private LayerCase? _case;
    private Func<LayerResult>? _run;

    public string Name => name;

    /// <summary>A case that is asked again goes to the same layer.</summary>
    public LayerResult Run(LayerCase layerCase)
    {
        ArgumentNullException.ThrowIfNull(layerCase);
        if (_case != layerCase)
            (_case, _run) = (layerCase, ScratchLayer.Ready(layerCase, Create(layerCase)));
        return _run!();
    }

    private Module Create(LayerCase layerCase) => Array.Find(layers, layer => layer.Operation == layerCase.Op).Create is { } create
        ? create(layerCase)
        : throw new NotSupportedException($"{name} has no {layerCase.Op}");
}
