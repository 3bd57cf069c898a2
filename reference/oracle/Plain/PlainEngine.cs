namespace Conformance.Oracle.Plain;

/// <summary>
/// The plainest right engine: loops over float32 numbers, each operation rounded, sums in an order of one's own. It says how far from float64 right answers are, and so how wide a
/// tolerance has to be. Nothing here is taken from an engine under test, nor from torch, whose float32 is wrong on some machines.
/// </summary>
public static class PlainEngine
{
    /// <summary>Its answer, in float32 numbers: what is made of taps, and a whole network, by its own definition; a formula by a loop that shares no line with the oracle's.</summary>
    /// <exception cref="RefusedException">The case has a geometry that PyTorch refuses.</exception>
    public static LayerResult Run(LayerCase layerCase, Summation order) => layerCase.Refused is { } reason ? throw new RefusedException($"{layerCase.Id}: {reason}") : layerCase.Op switch
    {
        "tanh" or "sigmoid" => PlainActivations.Run(layerCase),
        "softmax" or "log_softmax" => PlainSoftmax.Run(layerCase, order),
        "batch_norm1d" or "batch_norm2d" => PlainBatchNorm.Run(layerCase, order),
        "cross_entropy" or "nll_loss" or "generalized_cross_entropy" or "mse_loss" => PlainLosses.Run(layerCase, order),
        "sgd" or "adam" or "adamw" => PlainOptimizers.Run(layerCase),
        "lenet" => Operations.LeNet.Float32(layerCase, order),
        _ => ((TapOperation)AllOperations.Named(layerCase.Op)).Float32(layerCase, order).Select((_, tensor) => tensor.Select(value => (float)value)),
    };

    /// <summary>Its answers in every order of summation.</summary>
    public static IEnumerable<LayerResult> Runs(LayerCase layerCase) => Enum.GetValues<Summation>().Select(order => Run(layerCase, order));

    /// <summary>e^x: float64's, rounded once, so that every system has the same bits.</summary>
    internal static float Exp(float x) => (float)Math.Exp(x);

    /// <summary>log x, likewise.</summary>
    internal static float Log(float x) => (float)Math.Log(x);

    internal static float[] Floats(LayerCase layerCase, string name) => layerCase.Input(name).ToFloats();

    internal static float Option(LayerCase layerCase, string name) => (float)layerCase.Attributes.Number(name);
}
