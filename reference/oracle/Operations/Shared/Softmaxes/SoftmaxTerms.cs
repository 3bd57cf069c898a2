namespace Conformance.Oracle.Operations;

/// <summary>
/// What a softmax's element is made of: x, x shifted, the exponential of that, and what the row's exponentials come to; the row has so many elements.
/// </summary>
public readonly record struct SoftmaxElement(double X, double Shifted, double Exp, double Sum, int Length);

/// <summary>softmax and log_softmax in named terms.</summary>
/// <param name="Axis">From dim and the input's rank to the axis that rows lie along.</param>
/// <param name="Shift">What is taken off x, from its row and the whole tensor.</param>
/// <param name="Exp">e to the power of the shifted x.</param>
/// <param name="Add">The sum of a row's exponentials, from its x, its shift and Exp.</param>
/// <param name="Sum">What the exponentials are divided by, from their sum over the row and over the whole tensor.</param>
/// <param name="Value">y of an element.</param>
/// <param name="Gradient">dx of a row from its y and dy.</param>
public sealed record SoftmaxTerms(
    Func<int, int, int> Axis,
    Func<double[], double[], double> Shift,
    Func<double, double> Exp,
    Func<double[], double, Func<double, double>, double> Add,
    Func<double, double, double> Sum,
    Func<SoftmaxElement, double> Value,
    Func<double[], double[], double[]> Gradient)
{
    /// <summary>The largest of some values; −∞ of none.</summary>
    public static double Max(IEnumerable<double> values) => values.Aggregate(double.NegativeInfinity, Math.Max);
}
