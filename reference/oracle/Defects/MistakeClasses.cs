namespace Conformance.Oracle;

/// <summary>Facts about each class of mistakes.</summary>
public static class MistakeClasses
{
    /// <summary>The classes of the survey <c>real-defects.md</c>: their numbers there, and how many engines had such a mistake.</summary>
    private static readonly Dictionary<MistakeClass, (int Number, string Engines)> Survey = new()
    {
        [MistakeClass.LossEdge] = (1, "24 of 24 engines with a cross entropy"),
        [MistakeClass.Scale] = (2, "14 of 29 engines"),
        [MistakeClass.SoftmaxOverflow] = (3, "13 of 29 engines"),
        [MistakeClass.PoolTies] = (4, "12 of 29 engines"),
        [MistakeClass.IntegerType] = (5, "10 of 29 engines"),
        [MistakeClass.OddInput] = (6, "10 of 29 engines"),
        [MistakeClass.Derivative] = (7, "9 of 29 engines"),
        [MistakeClass.MissingGradient] = (8, "8 of 29 engines"),
        [MistakeClass.Padding] = (9, "8 of 29 engines"),
        [MistakeClass.PoolIndex] = (10, "7 of 29 engines"),
        [MistakeClass.DoesNotRun] = (11, "7 of 29 engines"),
        [MistakeClass.Optimiser] = (12, "7 of 29 engines"),
        [MistakeClass.Assignment] = (13, "4 of 29 engines"),
        [MistakeClass.BatchNormStatistics] = (14, "4 of 4 engines with batch norm"),
        [MistakeClass.LossNotDifferentiated] = (15, "4 of 29 engines"),
        [MistakeClass.ChannelIndex] = (16, "3 of 29 engines"),
        [MistakeClass.Stride] = (17, "3 of 29 engines"),
        [MistakeClass.PoolPadding] = (18, "3 of 29 engines"),
        [MistakeClass.ArgumentChanged] = (19, "2 of 29 engines"),
        [MistakeClass.Accumulates] = (20, "1 of 29 engines"),
        [MistakeClass.Race] = (21, "1 of 29 engines"),
    };

    /// <summary>The number of the class in the survey of real defects, from 1; null if the survey does not have it.</summary>
    public static int? Number(this MistakeClass mistakes) => Survey.TryGetValue(mistakes, out var row) ? row.Number : null;

    /// <summary>How many of the surveyed engines had such a mistake, as text; null if the survey does not have the class.</summary>
    internal static string? Engines(this MistakeClass mistakes) => Survey.TryGetValue(mistakes, out var row) ? row.Engines : null;

    /// <summary>A short title for reports.</summary>
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
        MistakeClass.Clipping => "numbers clipped",
        MistakeClass.Stale => "memory not written or stale",
        MistakeClass.ByHeart => "known by heart",
        MistakeClass.Unchecked => "not refused",
        _ => throw new ArgumentOutOfRangeException(nameof(mistakes), mistakes, "no such class"),
    };
}
