using static Conformance.Oracle.Operations.AdaptiveWindow;

namespace Conformance.Oracle.Operations;

/// <summary>
/// adaptive_avg_pool2d as PyTorch defines it: output i of O along an axis of H elements is the mean of the elements ⌊i·H/O⌋ … ⌈(i +
/// 1)·H/O⌉ − 1. If O does not divide H, the windows overlap and differ in size.
/// </summary>
public sealed class AdaptiveAvgPool2dOperation : TapOperation
{
    public override string Name => "adaptive_avg_pool2d";

    public override SizeCrossing? Sizes => PoolSizes.Adaptive;

    public override OperationKind Kind => OperationKind.Pool;

    public override IReadOnlyList<Defect> Defects { get; } =
    [
        .. AdaptiveAvgPool2dWindowDefects.All, .. AdaptiveAvgPool2dDivisorDefects.All,
        .. PlaneDefects.For<AdaptiveGeometry>("adaptive_avg_pool2d"), .. GradientDefects.For("adaptive_avg_pool2d", "gradient-missing"),
        .. ValueDefects.For("adaptive_avg_pool2d", ("input", Passes.Forward), (OperandDefect.Cotangent, Passes.InputGradient)),
    ];


    protected override LayerCase Draw(Spelling spelling, Func<string, Fill> fill)
    {
        var (extents, outputs) = (spelling.Extents("nchw"), spelling.Pair('o'));
        if (outputs.Contains(0) || extents[1] == 0)
            throw spelling.Error("c and o must be at least 1");
        var attributes = Attributes.FromPairs(("output_size", outputs));
        if (extents[2] == 0 || extents[3] == 0)
        {
            // Torch computes a 1×1 output by a mean, which refuses nothing.
            return outputs is [1, 1]
                ? throw spelling.Error("an empty image has no mean")
                : Case(attributes, Tier.Exact, new Dictionary<string, Tensor64> { ["input"] = Tensor64.Zeros(extents) }, cotangent: null)
                    with
                { Refused = $"the input {Tensor64.Text(extents)} has no pixels" };
        }
        int[] shape = [extents[0], extents[1], .. outputs];
        var (rows, columns) = (Windows(extents[2], outputs[0]).ToArray(), Windows(extents[3], outputs[1]).ToArray());
        RefuseHuge(spelling, Tensor64.Zeros(shape).Length, rows.Max(Size) * columns.Max(Size));
        HashSet<int> sizes = [.. rows.SelectMany(row => columns.Select(column => Size(row) * Size(column)))];
        var (tier, input, cotangent) = Averages.Draw(spelling, fill, extents, shape, sizes, Most(rows) * Most(columns));
        return Case(attributes, tier, new Dictionary<string, Tensor64> { ["input"] = input }, cotangent);
    }

    protected override string RandomGeometry(Fill dice) =>
        $"n{dice.Pick(1, 2, 15, 16, 17, 33)}c{dice.Pick(1, 3)}h{dice.Pick(1, 12)}w{dice.Pick(1, 12)}"
        + $"-o{dice.Pick(1, 9)}x{dice.Pick(1, 9)}{dice.Pick("", "-float")}";

    protected override int[] OutputShape(LayerCase layerCase)
    {
        var x = layerCase.Input("input");
        return x.Rank == 4
            ? [x.Shape[0], x.Shape[1], .. layerCase.Attributes.Ints("output_size", 2)]
            : throw new ArgumentException($"{layerCase.Id}: input {x} should have four axes");
    }

    protected override void Walk<TTaker>(LayerCase layerCase, Passes pass, Defect? defect, TTaker taker)
    {
        var (x, shape) = (layerCase.Input("input"), OutputShape(layerCase));
        var terms = Terms.Under(defect, pass, AdaptiveAvgPool2dTerms.Right);
        var (rows, columns) = (Windows(x.Shape[2], shape[2]).ToArray(), Windows(x.Shape[3], shape[3]).ToArray());
        var g = new AdaptiveGeometry(shape[1], (x.Shape[2], x.Shape[3]), (shape[2], shape[3]));
        var change = Terms.Change<AdaptiveGeometry, PoolTap>(defect, pass);
        var output = 0;
        for (var plane = 0; plane < shape[0] * shape[1]; plane++)
            foreach (var row in rows)
                foreach (var column in columns)
                {
                    var divisor = terms.Divisor(row, column);
                    for (var h = terms.Start(row); h < terms.End(row); h++)
                        for (var w = terms.Start(column); w < terms.End(column); w++)
                        {
                            var tap = new PoolTap(plane, row.Index, column.Index, h - terms.Start(row), w - terms.Start(column), h, w);
                            if (change is not null)
                                tap = change(g, tap);
                            if (tap.IH >= 0 && tap.IH < row.Length && tap.IW >= 0 && tap.IW < column.Length)
                                taker.Take(new(output, (tap.Plane * row.Length + tap.IH) * column.Length + tap.IW, Divisor: divisor));
                        }
                    output++;
                }
    }

    private static IEnumerable<AdaptiveWindow> Windows(int length, int outputs) =>
        Enumerable.Range(0, outputs).Select(i => new AdaptiveWindow(i, length, outputs));

    /// <summary>The most windows that contain one element.</summary>
    private static int Most(AdaptiveWindow[] windows) =>
        Enumerable.Range(0, windows[0].Length).Max(i => windows.Count(w => Start(w) <= i && i < End(w)));

    protected override string[] AxisNames(string name, int rank, bool isOutput) =>
        (name, rank) is ("output", 4) ? ["N", "C", "OH", "OW"] : base.AxisNames(name, rank, isOutput);
}
