using Conformance.Oracle;
using static TorchSharp.torch;

namespace Conformance.Torch;

/// <summary>Live torch as the oracle. It uses one thread, so that a case always gives the same bits.</summary>
public sealed class TorchOracle : IOracle
{
    private readonly TorchEvaluation _torch;

    /// <param name="float32">Whether to compute in float32 instead of float64. Results are float64 values in both cases.</param>
    /// <exception cref="NotSupportedException">Torch does not load, or its float32 is wrong; see <see cref="TorchRuntime"/>.</exception>
    public TorchOracle(bool float32 = false)
    {
        TorchRuntime.Require(float32);
        _torch = new(float32 ? ScalarType.Float32 : ScalarType.Float64);
        Name = float32 ? TorchRuntime.Provider + " float32" : TorchRuntime.Provider;
    }

    /// <summary>The operations that this oracle knows.</summary>
    public static IReadOnlyCollection<string> Names => TorchEvaluation.Names;

    public string Name { get; }

    /// <inheritdoc cref="TorchEvaluation.Evaluate"/>
    public LayerResult Evaluate(LayerCase layerCase) => _torch.Evaluate(layerCase);
}
