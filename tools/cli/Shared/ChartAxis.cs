using System.Globalization;

namespace Conformance.Cli.Shared;

/// <summary>Maps values to pixels, with round ticks: steps of 1, 2 or 5 times a power of ten.</summary>
internal sealed class ChartAxis
{
    private readonly double _step;

    /// <param name="values">What must fit; those that are not finite are left out.</param>
    /// <param name="start">The pixel of the lowest tick.</param>
    /// <param name="end">The pixel of the highest tick.</param>
    public ChartAxis(IEnumerable<double> values, double start, double end, int ticks = 5)
    {
        (Start, End) = (start, end);
        var finite = values.Where(double.IsFinite).DefaultIfEmpty(0).ToArray();
        var (low, high) = (finite.Min(), finite.Max());
        _step = RoundStep(high > low ? (high - low) / ticks : Math.Max(Math.Abs(high) / 10, 1e-3));
        Low = Math.Floor(low / _step) * _step;
        High = Math.Ceiling(high / _step) * _step;
        if (High <= Low)
            High = Low + _step;
    }

    public double Low { get; }

    public double High { get; }

    public double Start { get; }

    public double End { get; }

    public IEnumerable<double> Ticks =>
        Enumerable.Range(0, (int)Math.Round((High - Low) / _step) + 1).Select(i => Low + (i * _step));

    public double Position(double value) => Start + ((value - Low) / (High - Low) * (End - Start));

    /// <summary>The value with as many decimals as the step has.</summary>
    public string Label(double value)
    {
        var decimals = Math.Max(0, -(int)Math.Floor(Math.Log10(_step) + 1e-9));
        var text = Math.Abs(value).ToString("F" + decimals, CultureInfo.InvariantCulture);
        return value < -_step / 2 ? "−" + text : text;
    }

    private static double RoundStep(double least)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(least)));
        return power * ((least / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 });
    }
}
