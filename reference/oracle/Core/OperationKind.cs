namespace Conformance.Oracle;

/// <summary>The kinds of operations.</summary>
public enum OperationKind
{
    /// <summary>Sums of products over windows of an image.</summary>
    Convolution,

    /// <summary>Sums of products over whole rows.</summary>
    Linear,

    /// <summary>A maximum or a mean over windows of an image.</summary>
    Pool,

    /// <summary>Normalises channels to mean 0 and variance 1.</summary>
    Normalization,

    /// <summary>A function of each element.</summary>
    Activation,

    /// <summary>Exponentials divided by the sum of their row.</summary>
    Softmax,

    /// <summary>Changes the shape and keeps the numbers.</summary>
    Reshape,

    /// <summary>Drops elements by a mask.</summary>
    Dropout,

    /// <summary>A loss of rows [N, C] and class numbers [N].</summary>
    ClassLoss,

    /// <summary>A loss of two tensors of the same shape, element by element.</summary>
    ElementLoss,

    /// <summary>A rule that updates parameters, step by step.</summary>
    Optimizer,

    /// <summary>A sequence of layers and a loss.</summary>
    Network,
}
