using static Conformance.Oracle.MistakeClass;

namespace Conformance.Oracle.Operations;

/// <summary>A row of a class loss: scores x[c] (logits or log-probabilities), the target's class y, and what each class weighs.</summary>
public sealed class ClassRow
{
    private readonly LayerCase _layerCase;
    private readonly Tensor64 _x;
    private readonly Tensor64? _weight;

    private ClassRow(LayerCase layerCase, int index)
    {
        (_layerCase, Index) = (layerCase, index);
        _x = layerCase.Input("input");
        _weight = layerCase.Inputs.GetValueOrDefault("weight");
        Target = (int)layerCase.Input("target")[index];
    }

    public int Index { get; }

    public int Classes => _x.Shape[1];

    public int Target { get; }

    /// <summary>As <see cref="LossItem"/> says; the smoothing is 0 where the case has none.</summary>
    public LossItem Item => new(Target, IgnoreIndex(_layerCase), TargetWeight);

    public double TargetWeight => Weight(Target);

    public double Smoothing => _layerCase.Attributes.Has("label_smoothing") ? _layerCase.Attributes.Number("label_smoothing") : 0;

    /// <summary>The largest score of the row.</summary>
    public double Max => Enumerable.Range(0, Classes).Max(X);

    /// <summary>The largest score of the whole batch.</summary>
    public double MaxOfBatch => _x.Data.ToArray().Max();

    public static ClassRow[] Of(LayerCase layerCase) =>
        [.. Enumerable.Range(0, layerCase.Input("target").Length).Select(row => new ClassRow(layerCase, row))];

    public static int IgnoreIndex(LayerCase layerCase) =>
        layerCase.Attributes.Has("ignore_index") ? layerCase.Attributes.Int("ignore_index") : LossItem.DefaultIgnoreIndex;

    public double X(int c) => _x[Index * Classes + c];

    /// <summary>1 where the case has no weights, or no such class.</summary>
    public double Weight(int c) => _weight is null || c < 0 || c >= Classes ? 1 : _weight[c];

    /// <summary>1 for the target, else 0.</summary>
    public double OneHot(int c) => c == Target ? 1 : 0;
}

/// <summary>A loss of class numbers: input [N, C], target [N], and weights of the classes [C] where it has them.</summary>
public abstract class ClassLoss : LossOperation
{
    /// <summary>
    /// The target, and why PyTorch refuses it, if so. Random classes; <c>ignored</c>: every third row, from the second on, has the class that is ignored;
    /// <c>allignored</c>: each row; <c>outside</c>, <c>below</c>: the last row has class C, −1; <c>fewer</c>: one row less than the input.
    /// </summary>
    protected static (Tensor64 Target, string? Refused) Target(Spelling spelling, Fill fill, int n, int classes, int ignoreIndex)
    {
        if (classes == 0)
            throw spelling.Error("c must be at least 1");
        var which = spelling.OneOf("", "ignored", "allignored", "outside", "below", "fewer");
        var target = fill.Integers(0, classes - 1, which == "fewer" ? Math.Max(0, n - 1) : n).Data.ToArray();
        for (var row = 0; row < target.Length; row++)
            target[row] = which switch
            {
                "ignored" when row % 3 == 1 => ignoreIndex,
                "allignored" => ignoreIndex,
                "outside" when row == n - 1 => classes,
                "below" when row == n - 1 => -1,
                _ => target[row],
            };
        var refused = target.Length != n
            ? $"{n} rows have {target.Length} targets"
            : Array.Find(target, y => y != ignoreIndex && (y < 0 || y >= classes)) is not 0 and var wrong
                ? $"target {wrong} is no class from 0 to {classes - 1}"
                : null;
        return (new([target.Length], target), refused);
    }

    /// <summary><c>weighted</c>: quarters from 0.25 to 2, so that their sums are exact.</summary>
    protected static void DrawWeight(Spelling spelling, Func<string, Fill> fill, Dictionary<string, Tensor64> inputs, int classes)
    {
        if (spelling.Word("weighted"))
            inputs["weight"] = fill("weight").Integers(1, 8, classes).Select(quarters => quarters / 4);
    }

    /// <summary>W, what the mean divides by: the weights of the rows that count. 1 with the other reductions.</summary>
    protected static double Divisor(LayerCase layerCase) => Reduction(layerCase) != "mean" ? 1
        : ClassRow.Of(layerCase).Select(row => row.Item).Sum(ReductionTerms.Right.Share);

    /// <summary>What a row's gradient is multiplied by in all: 1/W, 1 or its cotangent; 0 where it is ignored.</summary>
    protected static double Upstream(LayerCase layerCase, ClassRow row, double divisor) =>
        row.Item.Ignored ? 0 : Reduction(layerCase) == "none" ? Math.Abs(layerCase.Cotangents["output"][row.Index]) : 1 / divisor;

    /// <summary>The mistakes that classes invite in a reduction.</summary>
    protected static IEnumerable<Defect> ClassDefects(string op) =>
    [
        .. ReductionDefects(op),
        Reduced(op, "averaged-over-classes", Passes.Forward | Passes.InputGradient, Scale,
            "the mean is taken over all N·C elements",
            "divide by the number of rows alone: each row has one loss",
            terms => terms with { Divisor = totals => totals.Shares * totals.Classes, GradientDivisor = totals => totals.Shares * totals.Classes }),
        Reduced(op, "gradient-averaged-over-classes", Passes.InputGradient, Scale,
            "the gradient is divided by the number of classes too: a mean over all N·C elements",
            "divide by the number of rows alone, as the loss is",
            terms => terms with { GradientDivisor = totals => totals.Shares * totals.Classes }),
        new AcceptDefect($"{op}.target-unchecked",
            "a target that is no class is answered with numbers, or rows without a target are",
            "refuse a target below 0 or from C on, unless it is the one to ignore, and another number of targets than rows",
            layerCase => layerCase.Refused!.Contains("target", StringComparison.Ordinal)),
    ];

    /// <summary>The mistakes that class weights and an ignored class invite in a reduction.</summary>
    protected static IEnumerable<Defect> WeightDefects(string op) =>
    [
        Reduced(op, "weights-not-in-divisor", Passes.Forward | Passes.InputGradient, Option,
            "the mean of weighted losses is divided by the number of rows",
            "divide by the sum of the targets' weights",
            terms => terms with { Share = item => item.Ignored ? 0 : 1 }),
        Reduced(op, "ignored-in-divisor", Passes.Forward | Passes.InputGradient, Option,
            "rows that are ignored still count in the divisor of the mean",
            "divide by the weights of the rows that count",
            terms => terms with { Share = item => item.Weight }),
        Reduced(op, "ignored-learns", Passes.InputGradient, Option,
            "rows that are ignored have a gradient: the mask is on the loss alone",
            "set the gradient of an ignored row to 0",
            terms => terms with { Learns = _ => true }),
        Reduced(op, "ignore-index-unread", Passes.Forward | Passes.InputGradient, Option,
            "−100 alone is ignored, whatever ignore_index says",
            "compare the target with ignore_index",
            terms => terms with
            {
                Counts = item => item.Target != LossItem.DefaultIgnoreIndex,
                Learns = item => item.Target != LossItem.DefaultIgnoreIndex,
                Share = item => item.Target == LossItem.DefaultIgnoreIndex ? 0 : item.Weight,
            }),
        Reduced(op, "ignored-costs", Passes.Forward, Option,
            "rows of the class that is ignored still cost: the mask is on the gradient alone",
            "leave the loss of an ignored row out",
            terms => terms with { Counts = item => item.Target >= 0 }),
        // That rows below 0 are ignored, and those of ignore_index are not, is ignore-index-unread: PyTorch refuses the other classes below 0.
        Reduced(op, "zero-always-ignored", Passes.Forward | Passes.InputGradient, Option,
            "class 0 is ignored, as if it were padding, whatever ignore_index says",
            "compare the target with ignore_index",
            terms => terms with
            {
                Counts = item => item.Target != 0 && !item.Ignored,
                Learns = item => item.Target != 0 && !item.Ignored,
                Share = item => item.Target == 0 || item.Ignored ? 0 : item.Weight,
            }),
        Reduced(op, "weights-not-in-gradient-divisor", Passes.InputGradient, Option,
            "the gradient of the weighted mean is divided by the number of rows, the loss by their weights",
            "divide both by the sum of the targets' weights",
            terms => terms with { GradientDivisor = totals => totals.Items }),
    ];
}
