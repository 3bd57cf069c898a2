using Conformance.Engine.Layers;
using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Scratch;

/// <summary>Adapts a user's layers, built on this engine, to the suite.</summary>
/// <param name="name">The name for reports.</param>
/// <param name="layers">
/// For each operation (<c>relu</c>) a function that creates the layer of a case; <see cref="LayerCase.Attributes"/> has the layer's options.
/// </param>
public sealed class LayerSubject(string name, params (string Operation, Func<LayerCase, Module> Create)[] layers) : ISubject
{
    private LayerCase? _case;
    private Func<LayerResult>? _run;

    public string Name => name;

    /// <summary>Answers a case. If a case is asked again, the same layer answers.</summary>
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
