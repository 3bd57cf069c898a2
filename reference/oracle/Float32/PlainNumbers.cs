namespace Conformance.Oracle;

/// <summary>Helpers of the plain float32 engines: functions that are rounded once, and a case's numbers.</summary>
internal static class PlainNumbers
{
    /// <summary>e^x in float64, rounded once, so that every system gives the same bits.</summary>
    public static float Exp(float x) => (float)Math.Exp(x);

    /// <summary>log x in float64, rounded once.</summary>
    public static float Log(float x) => (float)Math.Log(x);

    public static float[] Floats(LayerCase layerCase, string name) => layerCase.Input(name).ToFloats();

    public static float Option(LayerCase layerCase, string name) => (float)layerCase.Attributes.Number(name);
}
