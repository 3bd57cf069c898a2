namespace Conformance.Oracle.Operations;

/// <summary>softmax of an element, and the gradient of a row.</summary>
internal static class SoftmaxFormula
{
    public static double Value(SoftmaxElement of) => of.Exp / of.Sum;

    public static double[] Backward(double[] y, double[] dy)
    {
        var dot = Dot(y, dy);
        return [.. y.Select((value, i) => value * (dy[i] - dot))];
    }

    public static double Dot(double[] y, double[] dy) => y.Select((value, i) => value * dy[i]).Sum();
}
