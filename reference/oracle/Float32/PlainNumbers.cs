namespace Conformance.Oracle;

/// <summary>Helpers of the plain float32 engines: functions that are rounded once, and a case's numbers.</summary>
internal static class PlainNumbers
{
    /// <summary>e^x in float64, rounded once, so that every system gives the same bits.</summary>
    public static float Exp(float x) => (float)Math.Exp(x);

    /// <summary>log x in float64, rounded once.</summary>
    public static float Log(float x) => (float)Math.Log(x);

    /// <summary>−1, 0 or 1; NaN of NaN, where <see cref="Math.Sign(double)"/> throws.</summary>
    public static double Sign(double x) => double.IsNaN(x) ? x : Math.Sign(x);

    public static float[] Floats(LayerCase layerCase, string name) => layerCase.Input(name).ToFloats();

    public static float Option(LayerCase layerCase, string name) => (float)layerCase.Attributes.Number(name);
}
