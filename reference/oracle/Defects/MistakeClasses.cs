namespace Conformance.Oracle;

/// <summary>What is known of each class of mistakes.</summary>
public static class MistakeClasses
{
    /// <summary>How many engines had each class of the survey, by its number: <c>real-defects.md</c>.</summary>
    private static readonly string[] Found =
    [
        "24 of 24 engines with a cross entropy", "14 of 29 engines", "13 of 29 engines", "12 of 29 engines", "10 of 29 engines", "10 of 29 engines", "9 of 29 engines",
        "8 of 29 engines", "8 of 29 engines", "7 of 29 engines", "7 of 29 engines", "7 of 29 engines", "4 of 29 engines", "4 of 4 engines with batch norm",
        "4 of 29 engines", "3 of 29 engines", "3 of 29 engines", "3 of 29 engines", "2 of 29 engines", "1 of 29 engines", "1 of 29 engines",
    ];

    /// <summary>The class in the survey of real defects, from 1; null where the survey has none such.</summary>
    public static int? Number(this MistakeClass mistakes) => (int)mistakes < Found.Length ? (int)mistakes + 1 : null;

    /// <summary>How many of the surveyed engines had such a mistake, as text; null where the survey has none such.</summary>
    internal static string? Engines(this MistakeClass mistakes) => mistakes.Number() is { } number ? Found[number - 1] : null;

    /// <summary>A few words for a report.</summary>
    public static string Title(this MistakeClass mistakes) => mistakes switch
    {
        MistakeClass.LossEdge => "loss wrong as p → 0",
        MistakeClass.Scale => "wrong scale: a sum for a mean, or divided twice",
        MistakeClass.SoftmaxOverflow => "softmax overflows or underflows",
        MistakeClass.PoolTies => "ties of a max pool",
        MistakeClass.IntegerType => "integer input truncates",
        MistakeClass.OddInput => "odd, wide or tall sizes",
        MistakeClass.Derivative => "wrong derivative",
        MistakeClass.MissingGradient => "gradient or bias missing, or zero",
        MistakeClass.Padding => "wrong padding",
        MistakeClass.PoolIndex => "wrong window or index of a pool",
        MistakeClass.DoesNotRun => "does not run as published",
        MistakeClass.Optimiser => "wrong optimiser",
        MistakeClass.Assignment => "= for +=",
        MistakeClass.BatchNormStatistics => "wrong statistics in batch norm",
        MistakeClass.LossNotDifferentiated => "reported loss is not the one differentiated",
        MistakeClass.ChannelIndex => "wrong channel index",
        MistakeClass.Stride => "wrong stride",
        MistakeClass.PoolPadding => "max pool takes zeros that are not there",
        MistakeClass.ArgumentChanged => "changes its arguments",
        MistakeClass.Accumulates => "gradients accumulate across calls",
        MistakeClass.Race => "data race",
        MistakeClass.KernelIndex => "kernel flipped, transposed or cut",
        MistakeClass.Dilation => "wrong dilation",
        MistakeClass.BatchIndex => "wrong image or row of the batch",
        MistakeClass.Layout => "another layout",
        MistakeClass.Option => "option ignored or misread",
        MistakeClass.Formula => "wrong formula",
        MistakeClass.Precision => "precision lost in float32",
        MistakeClass.NonFinite => "NaN lost or made up",
        MistakeClass.Unchecked => "not refused",
        _ => throw new ArgumentOutOfRangeException(nameof(mistakes), mistakes, "no such class"),
    };
}
