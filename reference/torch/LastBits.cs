using static TorchSharp.torch;

namespace Conformance.Torch;

/// <summary>
/// Changes numbers at random by up to one float32 rounding: x·(1 + u·d), u = 2⁻²⁴, with each d drawn from −1 to 1. A seed always gives the
/// same changes.
/// </summary>
internal sealed class LastBits(ulong seed) : IDisposable
{
    private const double U = 1.0 / (1 << 24);

    private readonly Generator _dice = new(seed, CPU);

    /// <summary>A changed tensor of the same shape. In the backward pass its gradient is changed in the same way.</summary>
    public Tensor Nudged(Tensor x) => x * rand(x.shape, ScalarType.Float64, generator: _dice).mul_(2 * U).add_(1 - U);

    public void Dispose() => _dice.Dispose();
}
