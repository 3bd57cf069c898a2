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

    /// <summary>Channels brought to mean 0 and variance 1.</summary>
    Normalization,

    /// <summary>A function of each element by itself.</summary>
    Activation,

    /// <summary>Exponentials, each divided by the sum of its row.</summary>
    Softmax,

    /// <summary>Another shape over the same numbers.</summary>
    Reshape,

    /// <summary>Elements that are dropped by a mask.</summary>
    Dropout,

    /// <summary>A loss of rows [N, C] and class numbers [N].</summary>
    ClassLoss,

    /// <summary>A loss of two tensors of the same shape, element by element.</summary>
    ElementLoss,

    /// <summary>A rule that updates parameters, step by step.</summary>
    Optimizer,

    /// <summary>Layers one after the other, with a loss behind them.</summary>
    Network,
}
