namespace Conformance.Oracle.Operations;

/// <summary>flatten as PyTorch defines it: merges the axes from start_dim to end_dim, in row-major order. Nothing moves in memory.</summary>
public sealed class FlattenOperation : TapOperation
{
    private static readonly FlattenTerms Right = new((start, end) => (start, end));

    public override string Name => "flatten";

    public override OperationKind Kind => OperationKind.Reshape;

    public override IReadOnlyList<Defect> Defects => FlattenDefects.All;

    protected override bool Picks => true;

    /// <summary>An id such as <c>flatten/n2c3h4w5</c>; <c>-f0x2</c> means start_dim 0 and end_dim 2.</summary>
    protected override LayerCase Draw(Spelling spelling, Func<string, Fill> fill)
    {
        var shape = spelling.Extents("nchw");
        var dims = spelling.Pair('f', [1, 3]);
        if (dims[0] > dims[1] || dims[1] > 3)
            throw spelling.Error("flatten takes f<start>x<end> with start ≤ end ≤ 3");
        var drawn = Case(
            Attributes.FromPairs(("start_dim", dims[0]), ("end_dim", dims[1])), Tier.Exact,
            new Dictionary<string, Tensor64> { ["input"] = fill("input").Integers(-99, 99, shape) }, cotangent: null);
        return Case(drawn.Attributes, Tier.Exact, drawn.Inputs, fill("cotangent.output").Integers(-99, 99, OutputShape(drawn)));
    }

    protected override string RandomGeometry(Fill dice)
    {
        var start = dice.Pick(0, 3);
        return $"n{dice.Pick(1, 2, 3, 15, 16, 17, 33)}c{dice.Pick(1, 5)}h{dice.Pick(1, 7)}w{dice.Pick(1, 9)}-f{start}x{dice.Pick(start, 3)}";
    }

    protected override LayerResult Answer(LayerCase layerCase, Defect? defect, Summation? float32)
    {
        var (answer, terms) = (base.Answer(layerCase, defect, float32), Terms.Under(defect, Right));
        if (terms == Right)
            return answer;
        var shape = OutputShape(layerCase, terms);
        return answer with { Outputs = new Dictionary<string, Tensor64> { ["output"] = new(shape, answer.Outputs["output"].Data.ToArray()) } };
    }

    protected override int[] OutputShape(LayerCase layerCase) => OutputShape(layerCase, Right);

    private static int[] OutputShape(LayerCase layerCase, FlattenTerms terms)
    {
        var shape = layerCase.Input("input").Shape.ToArray();
        var (start, end) = terms.Axes(Axis(layerCase, "start_dim"), Axis(layerCase, "end_dim"));
        return [.. shape[..start], shape[start..(end + 1)].Aggregate(1, (a, b) => a * b), .. shape[(end + 1)..]];
    }

    /// <summary>The index of an axis; a negative dimension counts from the last axis.</summary>
    private static int Axis(LayerCase layerCase, string name) =>
        layerCase.Attributes.Int(name) is var axis && axis < 0 ? axis + layerCase.Input("input").Rank : axis;

    protected override void Walk<TTaker>(LayerCase layerCase, Passes pass, Defect? defect, TTaker taker)
    {
        var x = layerCase.Input("input");
        var g = new FlattenGeometry(x.Shape[0], x.Shape[1], x.Shape[2], x.Shape[3], Axis(layerCase, "start_dim"), Axis(layerCase, "end_dim"));
        var change = Terms.Change<FlattenGeometry, FlattenTap>(defect, pass);
        for (var i = 0; i < x.Length; i++)
        {
            var at = x.IndexOf(i);
            var right = new FlattenTap(at[0], at[1], at[2], at[3], i % g.Image);
            var tap = change is null ? right : change(g, right);
            taker.Take(new(tap.N * g.Image + tap.Position, i));
        }
    }
}
