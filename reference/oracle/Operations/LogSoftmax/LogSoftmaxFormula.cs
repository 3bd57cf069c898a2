namespace Conformance.Oracle.Operations;

/// <summary>log_softmax of an element, and the gradient of a row.</summary>
internal static class LogSoftmaxFormula
{
    public static double Value(SoftmaxElement of) => of.Shifted - Math.Log(of.Sum);

    public static double[] Backward(double[] y, double[] dy)
    {
        var sum = dy.Sum();
        return [.. dy.Select((value, i) => value - Math.Exp(y[i]) * sum)];
    }
}
