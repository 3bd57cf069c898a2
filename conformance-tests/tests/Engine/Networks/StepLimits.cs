using Conformance.Oracle;
using Conformance.Oracle.Operations;

namespace Conformance.Tests.Engine.Networks;

/// <summary>
/// The largest distance of a right float32 engine from torch's float64 step, as a root mean square over each tensor. It is four times the largest
/// error of the oracle's own float32 steps, and never less than one rounding of the tensor's numbers. Torch's float32 is no measure, because it is
/// wrong on some machines.
/// </summary>
internal sealed class StepLimits
{
    private readonly Dictionary<string, Tensor64> _expected;
    private readonly Dictionary<string, double> _limits;

    /// <param name="float32">The oracle's float32 steps.</param>
    public StepLimits(LayerResult expected, IEnumerable<LayerResult> float32)
    {
        _expected = expected.Tensors.ToDictionary();
        _limits = _expected.ToDictionary(tensor => tensor.Key, tensor => ErrorBound.U / Math.Sqrt(3) * Rms(tensor.Value));
        foreach (var run in float32)
            foreach (var (name, tensor) in run.Tensors)
                _limits[name] = Math.Max(_limits[name], Rms(tensor, _expected[name]));
    }

    /// <summary>Every tensor's error in units of its limit: above 1, or NaN, it is wrong.</summary>
    public IEnumerable<(string Name, double Error)> Errors(LayerResult actual)
    {
        var given = actual.Tensors.ToDictionary();
        return _expected.Keys.Select(name => (name, given.TryGetValue(name, out var tensor) ? Error(name, tensor) : double.PositiveInfinity));
    }

    public double Error(string name, Tensor64 actual)
    {
        if (!actual.HasShape(_expected[name].Shape))
            return double.PositiveInfinity;
        var error = Rms(_expected[name], actual);
        return error == 0 ? 0 : error / (Float32Runs.TimesLargest * _limits[name]);
    }

    private static double Rms(Tensor64 tensor, Tensor64? other = null)
    {
        var sum = 0.0;
        for (var i = 0; i < tensor.Length; i++)
        {
            var difference = tensor[i] - (other?[i] ?? 0);
            sum += difference * difference;
        }
        return Math.Sqrt(sum / tensor.Length);
    }
}
