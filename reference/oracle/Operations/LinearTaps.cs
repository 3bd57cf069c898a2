namespace Conformance.Oracle.Operations;

/// <summary>One multiplication of a linear layer: output [N, O], input [Row, I] where Row is N, weight [O, I] read at <see cref="Weight"/>.</summary>
public readonly record struct LinearTap(int N, int O, int Row, int I, int Weight);

/// <summary>The extents of a linear case: N rows of I features, O outputs.</summary>
public readonly record struct LinearGeometry(int N, int I, int O);

/// <summary>linear as PyTorch defines it: y[n,o] = b[o] + Σ x[n,i]·w[o,i].</summary>
public sealed class LinearTaps : TapOperation
{
    public override string Name => "linear";

    public override IReadOnlyList<Defect> Defects { get; } =
    [
        new TapDefect<LinearGeometry, LinearTap>("linear.weight-transposed", Passes.Forward | Passes.InputGradient | Passes.WeightGradient,
            "the weight is read as [in, out]",
            "PyTorch's weight is [out, in]: w[o,i] at o·in + i",
            (g, tap) => tap with { Weight = tap.I * g.O + tap.O }),
        new TapDefect<LinearGeometry, LinearTap>("linear.first-row-for-all", Passes.WeightGradient,
            "the weight gradient pairs every row's output gradient with the first row's input",
            "sum dy[n,o]·x[n,i] with the same n in both",
            (g, tap) => tap with { Row = 0 }),
        new ScaleDefect("linear.bias-gradient-mean", Passes.BiasGradient,
            "the bias gradient is a mean over the rows",
            "sum dy over n; the loss has divided by N already",
            layerCase => 1.0 / layerCase.Input("input").Shape[0]),
        new ScaleDefect("linear.backward-weight-mean", Passes.WeightGradient,
            "the weight gradient is divided by the number of rows once more",
            "sum dy·x over n; the loss has divided by N already",
            layerCase => 1.0 / layerCase.Input("input").Shape[0]),
        new AssignDefect("linear.backward-input-assigned", Passes.InputGradient,
            "the input gradient keeps the last output's contribution alone: = for +=",
            "add each contribution: dx[n,i] += dy[n,o]·w[o,i]"),
    ];

    public static LinearGeometry Geometry(LayerCase layerCase)
    {
        var (x, w) = (layerCase.Input("input"), layerCase.Input("weight"));
        return x.Rank == 2 && w.Rank == 2 && x.Shape[1] == w.Shape[1]
            ? new(x.Shape[0], x.Shape[1], w.Shape[0])
            : throw new ArgumentException($"{layerCase.Id}: input {x} and weight {w} don't belong together");
    }

    protected override LayerCase Draw(Spelling spelling, Func<string, Fill> fill)
    {
        var (n, i, o) = (spelling.Single('n'), spelling.Single('i'), spelling.Single('o'));
        RefuseHuge(spelling, Tensor64.Zeros(n, o).Length, i);
        RequireBudget(spelling, (i, 5 * 4), (o, 3 * 4), (n, 3 * 5));
        var numbers = new Numbers(spelling, fill);
        var inputs = new Dictionary<string, Tensor64>
        {
            ["input"] = numbers.Draw("input", 5, n, i),
            ["weight"] = numbers.Draw("weight", 4, o, i),
        };
        if (!spelling.Word("nobias"))
            inputs["bias"] = numbers.Draw("bias", 9, o);
        return Case(Attributes.None, numbers.Tier, inputs, numbers.Draw("cotangent.output", 3, n, o));
    }

    protected override string RandomGeometry(Fill dice) =>
        $"n{dice.Pick(1, 35)}-i{dice.Pick(1, 50)}-o{dice.Pick(1, 35)}{dice.Pick("", "-nobias")}";

    protected override int[] OutputShape(LayerCase layerCase)
    {
        var g = Geometry(layerCase);
        return [g.N, g.O];
    }

    protected override IEnumerable<Tap> Taps(LayerCase layerCase, Passes pass, Defect? defect)
    {
        var g = Geometry(layerCase);
        var change = defect is TapDefect<LinearGeometry, LinearTap> tapDefect && tapDefect.In(pass) ? tapDefect.Change : null;
        for (var n = 0; n < g.N; n++)
            for (var o = 0; o < g.O; o++)
                for (var i = 0; i < g.I; i++)
                {
                    var right = new LinearTap(n, o, n, i, o * g.I + i);
                    var tap = change is null ? right : change(g, right);
                    yield return new(n * g.O + o, tap.Row * g.I + tap.I, tap.Weight);
                }
    }
}
