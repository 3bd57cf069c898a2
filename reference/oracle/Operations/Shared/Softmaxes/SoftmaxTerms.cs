namespace Conformance.Oracle.Operations;

/// <summary>
/// The quantities of a softmax element: x, x minus the shift, the exponential of that, the sum of the row's exponentials, and the length of the row.
/// </summary>
public readonly record struct SoftmaxElement(double X, double Shifted, double Exp, double Sum, int Length);

/// <summary>softmax and log_softmax in named terms, which a defect can replace.</summary>
/// <param name="Axis">The axis of the rows, from dim and the input's rank.</param>
/// <param name="Shift">The number subtracted from x, from its row and the whole tensor.</param>
/// <param name="Exp">e to the power of the shifted x.</param>
/// <param name="Add">The sum of a row's exponentials, from its x, its shift and Exp.</param>
/// <param name="Sum">The divisor of the exponentials of a row, from their sums over every row and the number of the row.</param>
/// <param name="Value">y of an element.</param>
/// <param name="Gradient">dx of a row from its y and dy.</param>
public sealed record SoftmaxTerms(
    Func<int, int, int> Axis,
    Func<double[], double[], double> Shift,
    Func<double, double> Exp,
    Func<double[], double, Func<double, double>, double> Add,
    Func<double[], int, double> Sum,
    Func<SoftmaxElement, double> Value,
    Func<double[], double[], double[]> Gradient)
{
    /// <summary>The shift of a row, from the shifts of every row and the number of the row.</summary>
    public Func<double[], int, double> ShiftOf { get; init; } = (shifts, row) => shifts[row];

    /// <summary>The largest of several values; −∞ if there are none.</summary>
    public static double Max(IEnumerable<double> values) => values.Aggregate(double.NegativeInfinity, Math.Max);
}
