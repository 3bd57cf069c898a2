namespace Conformance.Oracle.Operations;

/// <summary>A loss of class numbers: input [N, C], target [N], and optional weights of the classes [C].</summary>
public abstract class ClassLossOperation : LossOperation
{
    public override OperationKind Kind => OperationKind.ClassLoss;

    public override IReadOnlyCollection<string> IntegerInputs => ["target"];

    /// <summary>
    /// Draws the target, and returns the reason if PyTorch refuses it. The default is random classes. <c>ignored</c>: every third row, from the
    /// second on, has the ignored class; <c>allignored</c>: every row has; <c>outside</c>, <c>below</c>: the last row has class C, −1;
    /// <c>fewer</c>: one row less than the input.
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

    /// <summary>Draws the weights with the word <c>weighted</c>: quarters from 0.25 to 2, so that their sums are exact.</summary>
    protected static void DrawWeight(Spelling spelling, Func<string, Fill> fill, Dictionary<string, Tensor64> inputs, int classes)
    {
        if (spelling.Word("weighted"))
            inputs["weight"] = fill("weight").Integers(1, 8, classes).Select(quarters => quarters / 4);
    }

    /// <summary>W, the divisor of the mean: the weights of the rows that are not ignored. 1 with the other reductions.</summary>
    protected static double Divisor(LayerCase layerCase) => Reduction(layerCase) != "mean" ? 1
        : ClassRow.FromCase(layerCase).Select(row => row.Item).Sum(ReductionTerms.Right.Share);

    /// <summary>The total factor of a row's gradient: 1/W, 1 or its cotangent; 0 if the row is ignored.</summary>
    protected static double Upstream(LayerCase layerCase, ClassRow row, double divisor) =>
        row.Item.Ignored ? 0 : Reduction(layerCase) == "none" ? Math.Abs(layerCase.Cotangents["output"][row.Index]) : 1 / divisor;
}
