namespace Conformance.Oracle.Operations;

/// <summary>tanh and sigmoid in float32, element by element.</summary>
internal static class PlainActivations
{
    public static LayerResult Tanh(LayerCase layerCase) => Each(layerCase, x => (float)Math.Tanh(x), y => 1 - y * y);

    public static LayerResult Sigmoid(LayerCase layerCase) => Each(layerCase, x => 1 / (1 + PlainNumbers.Exp(-x)), y => y * (1 - y));

    private static LayerResult Each(LayerCase layerCase, Func<float, float> value, Func<float, float> slope)
    {
        var (x, dy) = (layerCase.Input("input"), layerCase.Cotangents["output"].ToFloats());
        var y = Array.ConvertAll(x.ToFloats(), x => value(x));
        return LayerResult.FromOutput("output", x.Shape, y).WithGradient("input", x.Shape, [.. y.Zip(dy, (y, dy) => dy * slope(y))]);
    }
}
