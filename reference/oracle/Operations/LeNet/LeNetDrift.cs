namespace Conformance.Oracle.Operations;

/// <summary>
/// The limits of the drift of trained parameters: for each tensor and step, a root mean square of the error. The limit is four times the largest
/// error of the oracle's own float32 runs.
/// <para>
/// A tensor of three elements may be right by chance. So the error of the runs is the largest of three numbers: the tensor's own error; the network's
/// typical error, which is the median over all its tensors of error divided by distance moved since the start, times the distance that this tensor
/// has moved; and one rounding of the parameters, u/√3 of their root mean square, which no float32 engine can avoid.
/// </para>
/// </summary>
internal static class LeNetDrift
{
    /// <param name="names">
    /// The state names of the parameters. <paramref name="expected"/> and the float32 <paramref name="runs"/> have their traces, with steps first.
    /// </param>
    public static Dictionary<string, Spread> Limits(LayerCase layerCase, IReadOnlyList<string> names, LayerResult expected,
        IReadOnlyList<LayerResult> runs)
    {
        var steps = layerCase.Attributes.Int("steps");
        var limits = names.ToDictionary(name => name, _ => new double[steps]);
        for (var step = 0; step < steps; step++)
        {
            var (errors, moved) = (names.ToDictionary(name => name, Error), names.ToDictionary(name => name, Moved));
            var typical = Median(names.Select(name => errors[name] / moved[name]));
            foreach (var name in names)
                limits[name][step] = Float32Runs.TimesLargest
                    * Math.Max(Math.Max(errors[name], typical * moved[name]), ErrorBound.U / Math.Sqrt(3) * Size(name));

            double Error(string name) => runs.Max(run => Rms(expected.Outputs[name], run.Outputs[name], step));
            double Moved(string name) => Rms(expected.Outputs[name], layerCase.Input(name), step);
            double Size(string name) => Rms(expected.Outputs[name], Tensor64.Zeros(layerCase.Input(name).Shape), step);
        }
        return limits.ToDictionary(pair => "outputs." + pair.Key, pair => new Spread(Tensor64.Scalar(1), pair.Value));
    }

    /// <summary>The root mean square difference of a trace at one step from another trace at that step, or from a single tensor.</summary>
    private static double Rms(Tensor64 trace, Tensor64 other, int step)
    {
        var length = trace.Length / trace.Shape[0];
        var sum = 0.0;
        for (var i = 0; i < length; i++)
            sum += Math.Pow(trace[step * length + i] - other[other.Length == length ? i : step * length + i], 2);
        return Math.Sqrt(sum / length);
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
