namespace Conformance.Oracle;

/// <summary>
/// The class of a mistake. The classes with a <see cref="MistakeClasses.Number"/> are those of <c>real-defects.md</c>. The others cover the rest of
/// the known mistakes.
/// </summary>
public enum MistakeClass
{
    /// <summary>A loss is wrong where a probability goes to 0: it is infinite, NaN, or limited by an epsilon.</summary>
    LossEdge,

    /// <summary>
    /// A result is correct up to a factor that depends on the shape: a sum instead of a mean, a mean instead of a sum, or two means.
    /// </summary>
    Scale,

    /// <summary>The exponentials of a softmax overflow or underflow, because the row's own maximum is not subtracted.</summary>
    SoftmaxOverflow,

    /// <summary>The gradient of a max pool goes to an element that is not the first of equal maxima.</summary>
    PoolTies,

    /// <summary>A buffer has the input's integer type and truncates fractions.</summary>
    IntegerType,

    /// <summary>The result is wrong for sizes that are odd, not square, or no multiple of a block, most often in the last row or column.</summary>
    OddInput,

    /// <summary>The derivative of an activation, a loss, a pool or a normalisation has a wrong formula.</summary>
    Derivative,

    /// <summary>A gradient or a bias is missing or stays zero.</summary>
    MissingGradient,

    /// <summary>The padding is off by one, swapped, on the wrong side, or ignored in one of the passes.</summary>
    Padding,

    /// <summary>A pool's windows are in the wrong place, or its gradient goes to the wrong index.</summary>
    PoolIndex,

    /// <summary>The engine does not run as it was published.</summary>
    DoesNotRun,

    /// <summary>An optimiser's rule, its state or its input is wrong.</summary>
    Optimiser,

    /// <summary>A later contribution replaces the earlier ones: <c>=</c> for <c>+=</c>.</summary>
    Assignment,

    /// <summary>Batch norm uses or stores the wrong statistics.</summary>
    BatchNormStatistics,

    /// <summary>The reported loss is not the one that is differentiated.</summary>
    LossNotDifferentiated,

    /// <summary>A channel, a group or an output is combined with the numbers of another one.</summary>
    ChannelIndex,

    /// <summary>The stride is ignored, swapped, or applied in the wrong place.</summary>
    Stride,

    /// <summary>In a max pool a zero of the padding wins.</summary>
    PoolPadding,

    /// <summary>The input or the output gradient is changed in place.</summary>
    ArgumentChanged,

    /// <summary>The gradients of earlier calls remain in those of the next call.</summary>
    Accumulates,

    /// <summary>Two threads write one element, so the same call gives different answers.</summary>
    Race,

    /// <summary>The kernel or the weight is flipped, transposed, or truncated.</summary>
    KernelIndex,

    /// <summary>The dilation is ignored or swapped.</summary>
    Dilation,

    /// <summary>An image or a row of the batch is combined with the numbers of another one.</summary>
    BatchIndex,

    /// <summary>The numbers are correct but in another order.</summary>
    Layout,

    /// <summary>An option is ignored or interpreted in another way.</summary>
    Option,

    /// <summary>The forward formula is wrong.</summary>
    Formula,

    /// <summary>A formula that is correct mathematically cancels, overflows or underflows in float32.</summary>
    Precision,

    /// <summary>NaN is lost, or answered where there is a number.</summary>
    NonFinite,

    /// <summary>Numbers are clipped to a range that they may leave.</summary>
    Clipping,

    /// <summary>Memory is not written, not cleared, or kept from an earlier call, so that the answer depends on what was asked before.</summary>
    Stale,

    /// <summary>The answers are those of the known questions alone: a table, or a fit.</summary>
    ByHeart,

    /// <summary>Geometry or options that must be refused are answered with numbers.</summary>
    Unchecked,
}
