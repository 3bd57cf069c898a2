using Conformance.Oracle;
using static TorchSharp.torch;

namespace Conformance.Torch;

/// <summary>Live torch as the oracle; one thread, so that the same case gives the same bits.</summary>
public sealed class TorchOracle : IOracle
{
    private readonly TorchEvaluation _torch;

    /// <param name="float32">Compute in float32 instead of float64. Results come back as float64 values either way.</param>
    /// <exception cref="NotSupportedException">Torch does not load here, or its float32 is wrong; <see cref="TorchRuntime"/> says so too.</exception>
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
