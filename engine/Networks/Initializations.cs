namespace Conformance.Engine;

/// <summary>The ways to draw a network's first weights, by the names that definitions use.</summary>
public static class Initializations
{
    internal const string Default = "he_normal";

    public static IReadOnlyList<string> Names { get; } = ["he_normal", "xavier_uniform"];

    internal static void Fill(string name, Sequential network, ulong seed)
    {
        // Only what multiplies its input is drawn: batch norm's scale stays at one.
        var drawn = network.Layers.Where(layer => layer is Conv2d or Linear).SelectMany(layer => layer.Parameters).ToArray();
        if (name == "he_normal")
            HeInitialization.Fill(drawn, seed);
    }
}
