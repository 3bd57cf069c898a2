namespace Conformance.Engine.Losses;

/// <summary>
/// What becomes of the losses of a batch. PyTorch's <c>none</c> is what a loss offers beside: its <c>Losses</c>, and a backward pass from their
/// gradients.
/// </summary>
public enum Reduction
{
    /// <summary>Their mean: over the elements, or, of class numbers, over the weights of the images that count.</summary>
    Mean,

    /// <summary>Their sum.</summary>
    Sum,
}
