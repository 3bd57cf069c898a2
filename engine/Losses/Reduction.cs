namespace Conformance.Engine.Losses;

/// <summary>
/// How the losses of a batch become one number. PyTorch's <c>none</c> has no member here: a loss has the property <c>Losses</c>, and a backward pass
/// that accepts their gradients.
/// </summary>
public enum Reduction
{
    /// <summary>The mean over the elements. For class numbers it is weighted, and ignored images do not count.</summary>
    Mean,

    /// <summary>The sum.</summary>
    Sum,
}
