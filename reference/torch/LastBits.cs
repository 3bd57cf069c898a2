using static TorchSharp.torch;

namespace Conformance.Torch;

/// <summary>
/// Changes numbers by as much as float32 rounding may: x·(1 + u·d), u = 2⁻²⁴, each d drawn from −1 to 1; the same for the same seed.
/// </summary>
internal sealed class LastBits(ulong seed) : IDisposable
{
    private const double U = 1.0 / (1 << 24);

    private readonly Generator _dice = new(seed, CPU);

    /// <summary>A tensor of the same shape; its gradient is changed in the same way when it passes back.</summary>
    public Tensor Nudged(Tensor x) => x * rand(x.shape, ScalarType.Float64, generator: _dice).mul_(2 * U).add_(1 - U);

    public void Dispose() => _dice.Dispose();
}
