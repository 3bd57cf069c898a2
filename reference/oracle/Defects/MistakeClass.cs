namespace Conformance.Oracle;

/// <summary>
/// What kind of mistake it is. Those that <see cref="MistakeClasses.Number"/> has a number for are the classes of <c>real-defects.md</c>;
/// the others are what the bank needs beside them.
/// </summary>
public enum MistakeClass
{
    /// <summary>A loss is wrong where a probability goes to 0: infinite, NaN, or held back by an epsilon.</summary>
    LossEdge,

    /// <summary>A result is right up to a factor that depends on the shape: a sum for a mean, a mean for a sum, or a mean taken twice.</summary>
    Scale,

    /// <summary>The exponentials of a softmax overflow or vanish, because the row's own maximum is not taken off.</summary>
    SoftmaxOverflow,

    /// <summary>The gradient of a max pool goes to other elements than the first of equal maxima.</summary>
    PoolTies,

    /// <summary>A buffer takes the input's integer type, and cuts fractions off.</summary>
    IntegerType,

    /// <summary>Sizes that are odd, not square, or no multiple of a block are wrong, most often in the last row or column.</summary>
    OddInput,

    /// <summary>The derivative of an activation, a loss, a pool or a normalisation is another formula.</summary>
    Derivative,

    /// <summary>A gradient or a bias is missing or stays zero.</summary>
    MissingGradient,

    /// <summary>The padding is off, swapped, on the wrong side, or ignored in one of the passes.</summary>
    Padding,

    /// <summary>A pool's windows lie in the wrong place, or its gradient goes to the wrong index.</summary>
    PoolIndex,

    /// <summary>The engine does not run as it was published.</summary>
    DoesNotRun,

    /// <summary>An optimiser's rule, its state, or what is handed to it is wrong.</summary>
    Optimiser,

    /// <summary>A later contribution replaces the earlier ones: <c>=</c> for <c>+=</c>.</summary>
    Assignment,

    /// <summary>Batch norm takes or keeps other statistics than it should.</summary>
    BatchNormStatistics,

    /// <summary>The loss that is reported is not the one that is differentiated.</summary>
    LossNotDifferentiated,

    /// <summary>A channel, a group or an output is paired with another one's numbers.</summary>
    ChannelIndex,

    /// <summary>The stride is ignored, swapped, or put in the wrong place.</summary>
    Stride,

    /// <summary>A max pool lets a zero win that is not in its input.</summary>
    PoolPadding,

    /// <summary>The input or the output gradient is changed in place.</summary>
    ArgumentChanged,

    /// <summary>The gradients of earlier calls are still in those of the next.</summary>
    Accumulates,

    /// <summary>Two threads write one element, so that the same call answers differently.</summary>
    Race,

    /// <summary>The kernel or the weight is flipped, transposed, or cut short.</summary>
    KernelIndex,

    /// <summary>The dilation is ignored or swapped.</summary>
    Dilation,

    /// <summary>An image or a row of the batch is paired with another one's numbers.</summary>
    BatchIndex,

    /// <summary>The numbers are right and lie in another order.</summary>
    Layout,

    /// <summary>An option is not read, or is taken to mean something else.</summary>
    Option,

    /// <summary>The forward formula is another one.</summary>
    Formula,

    /// <summary>A formula that is right on paper cancels, overflows or vanishes in float32.</summary>
    Precision,

    /// <summary>NaN is lost on its way, or answered where there is a number.</summary>
    NonFinite,

    /// <summary>Geometry or options that must be refused are answered with numbers.</summary>
    Unchecked,
}
