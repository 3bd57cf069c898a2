namespace Conformance.Engine.Losses;

/// <summary>
/// How the losses of a batch become one number. For PyTorch's <c>none</c> a loss has its <c>Losses</c>, and a backward pass that takes their
/// gradients.
/// </summary>
public enum Reduction
{
    /// <summary>Their mean: over the elements, or, of class numbers, over the weights of the images that count.</summary>
    Mean,

    /// <summary>Their sum.</summary>
    Sum,
}
