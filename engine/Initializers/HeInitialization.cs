namespace Conformance.Engine;

/// <summary>Weights that keep the size of the activations from layer to layer under ReLU (He et al. 2015): what a network of ours begins with.</summary>
public static class HeInitialization
{
    private static readonly Initialization _normal = Initialization.HeNormal();

    /// <summary>
    /// Fills each parameter of rank 2 or more with normal numbers of deviation √(2 / fan-in), where fan-in is the number of weights that one output sums;
    /// biases with zeros; and leaves others, such as batch norm's γ, as they are. <see cref="Initialization"/> tells how the numbers are drawn.
    /// </summary>
    public static void Fill(IReadOnlyList<Parameter> parameters, ulong seed) => _normal.Fill(parameters, seed);
}
