using System.Globalization;

namespace Conformance.Oracle;

/// <summary>
/// A limit on the root mean square of a tensor's errors, each divided by its own unit. The tensor is cut into equal parts along the first axis, and
/// each part has a limit.
/// </summary>
/// <param name="Unit">
/// The divisor of each element's error, in the tensor's shape, or one number for all. Elements with a unit of 0 are left out.
/// </param>
/// <param name="Limits">One limit per part: a single one for the whole tensor, or one for each step of a training.</param>
public sealed record Spread(Tensor64 Unit, IReadOnlyList<double> Limits)
{
    /// <summary>Describes the first part that exceeds its limit; null if there is none.</summary>
    public string? Problem(Tensor64 expected, Tensor64 actual)
    {
        var length = expected.Length / Limits.Count;
        for (var part = 0; part < Limits.Count; part++)
        {
            var rms = Rms(expected, actual, part * length, length);
            if (!(rms <= Limits[part]))
                return string.Create(CultureInfo.InvariantCulture,
                    $"the errors line up: their root mean square is {rms:G3} where {Limits[part]:G3} is allowed"
                        + $"{(Limits.Count > 1 ? $", at step {part}" : "")}");
        }
        return null;
    }

    /// <summary>The root mean square of all errors, each divided by its unit.</summary>
    public double Rms(Tensor64 expected, Tensor64 actual) => Rms(expected, actual, 0, expected.Length);

    private double Rms(Tensor64 expected, Tensor64 actual, int start, int length)
    {
        var (sum, count) = (0.0, 0);
        for (var i = start; i < start + length; i++)
        {
            var unit = Unit.Length == 1 ? Unit[0] : Unit[i];
            if (unit == 0 || !double.IsFinite(expected[i]))
                continue;
            var error = (actual[i] - expected[i]) / unit;
            (sum, count) = (sum + error * error, count + 1);
        }
        return count == 0 ? 0 : Math.Sqrt(sum / count);
    }
}
