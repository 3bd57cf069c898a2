namespace Conformance.Oracle.Operations;

/// <summary>The range of an engine's exponentials. It ends in float32 at e^88.7 and in float64 at e^709.</summary>
internal static class Ranges
{
    /// <summary>e^x with float32's range: 0 below −104, ∞ above 88.7.</summary>
    public static double SingleExp(double x) => (float)Math.Exp(x);

    /// <summary>A mistake that shows where e^x leaves the range, in engines of float32 and of float64.</summary>
    /// <param name="mistake">Creates the mistake from e^x.</param>
    public static Defect Leaves(Func<Func<double, double>, Defect> mistake) => Wide(mistake(SingleExp), mistake(Math.Exp));

    /// <param name="single">The mistake in float32.</param>
    /// <param name="wide">The same in float64.</param>
    public static Defect Wide(Defect single, Defect wide) =>
        single with { InFloat64 = wide with { Mistake = wide.Mistake + " (in float64: eight times as far out)" } };
}
