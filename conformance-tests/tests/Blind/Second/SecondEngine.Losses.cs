using Conformance.Oracle;

namespace Conformance.Tests.Blind.Second;

internal partial class SecondEngine
{
    /// <summary>One row's loss, and what its gradient is; the row's scale comes later.</summary>
    protected delegate float RowLoss(float[] row, int target, float[]? weight, float[] gradient);

    private LayerResult ClassLoss(LayerCase layerCase, RowLoss loss)
    {
        var x = In(layerCase, "input");
        var target = layerCase.Input("target");
        var weight = Maybe(layerCase, "weight")?.Data;
        Require(x.Rank >= 2, "loss: input has an axis of rows and one of classes");
        var classes = x.Shape[1];
        int[] rows = [x.Shape[0], .. x.Shape[2..]];
        Require(target.HasShape(rows), "loss: one target per row");
        Require(weight is null || weight.Length == classes, "loss: one weight per class");
        var ignore = Whole(layerCase, "ignore_index", -100);
        var targets = Array.ConvertAll(target.Data.ToArray(), value => (int)value);
        foreach (var t in targets)
            Require(t == ignore || t >= 0 && t < classes, "loss: no such class");
        var reduction = layerCase.Attributes.Has("reduction") ? layerCase.Attributes.Text("reduction") : "mean";

        var inner = Grid.Count(x.Shape.AsSpan(2));
        var losses = new float[targets.Length];
        var dx = new float[x.Length];
        var row = new float[classes];
        var gradient = new float[classes];
        var divisor = reduction == "mean" ? MeanDivisor(layerCase.Op, targets, weight, ignore) : 1;
        var dy = reduction == "none" ? Upstream(layerCase, losses.Length) : null;
        for (var r = 0; r < targets.Length; r++)
        {
            if (targets[r] == ignore)
                continue;
            var start = r / inner * classes * inner + r % inner;
            for (var c = 0; c < classes; c++)
                row[c] = x.Data[start + c * inner];
            losses[r] = loss(row, targets[r], weight, gradient);
            for (var c = 0; c < classes; c++)
                dx[start + c * inner] = dy is null ? gradient[c] / divisor : gradient[c] * dy[r];
        }
        var gradients = ("input", Grid.Wide(x.Shape, dx));
        if (reduction == "none")
            return Answer(rows, losses, gradients);
        var sum = 0f;
        foreach (var each in losses)
            sum += each;
        return Answer([], [sum / divisor], gradients);
    }

    protected virtual float MeanDivisor(string op, int[] targets, float[]? weight, int ignore)
    {
        var sum = 0f;
        foreach (var target in targets)
            if (target != ignore)
                sum += weight is null ? 1 : weight[target];
        return sum;
    }

    protected static float[] LogProbabilities(float[] row)
    {
        var most = row.Max();
        var sum = 0f;
        foreach (var value in row)
            sum += MathF.Exp(value - most);
        var log = MathF.Log(sum);
        return Array.ConvertAll(row, value => value - most - log);
    }
}
