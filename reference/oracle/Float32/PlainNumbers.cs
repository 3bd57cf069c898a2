namespace Conformance.Oracle;

/// <summary>What the plain float32 engines share: functions that are rounded once, and a case's numbers.</summary>
internal static class PlainNumbers
{
    /// <summary>e^x: float64's, rounded once, so that every system has the same bits.</summary>
    public static float Exp(float x) => (float)Math.Exp(x);

    /// <summary>log x, likewise.</summary>
    public static float Log(float x) => (float)Math.Log(x);

    public static float[] Floats(LayerCase layerCase, string name) => layerCase.Input(name).ToFloats();

    public static float Option(LayerCase layerCase, string name) => (float)layerCase.Attributes.Number(name);
}
