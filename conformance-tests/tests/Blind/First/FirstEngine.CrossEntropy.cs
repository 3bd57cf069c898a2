using Conformance.Oracle;

namespace Conformance.Tests.Blind.First;

/// <summary>The rows of a classification loss.</summary>
internal sealed class FirstRows
{
    public int N, C, Ignore;

    public int[] Target = [];

    public float[] X = [];

    public float[]? Weight;

    public string Reduction = "mean";

    public bool Counts(int row) => Target[row] != Ignore;

    public float WeightOf(int row) => Weight is null ? 1 : Weight[Target[row]];

    public float[] Row(int row) => X[(row * C)..(row * C + C)];
}

internal partial class FirstEngine
{
    protected virtual LayerResult CrossEntropy(LayerCase layerCase)
    {
        var rows = Rows(layerCase);
        var smoothing = Number(layerCase.Attributes, "label_smoothing", 0);
        if (!(smoothing >= 0 && smoothing <= 1))
            throw new ArgumentException("label_smoothing must be from 0 to 1");
        var (losses, dx) = (new float[rows.N], new float[rows.X.Length]);
        for (var n = 0; n < rows.N; n++)
            if (rows.Counts(n))
                CrossEntropyRow(rows, n, smoothing, losses, dx);
        return Reduced(layerCase, rows, losses, dx);
    }

    protected virtual void CrossEntropyRow(FirstRows rows, int n, float smoothing, float[] losses, float[] dx)
    {
        var logs = LogSoftmaxRow(rows.Row(n));
        var share = new float[rows.C];
        var total = 0f;
        for (var c = 0; c < rows.C; c++)
        {
            share[c] = smoothing / rows.C * (rows.Weight?[c] ?? 1);
            if (c == rows.Target[n])
                share[c] += (1 - smoothing) * rows.WeightOf(n);
            total += share[c];
            if (share[c] != 0)
                losses[n] -= share[c] * logs[c];
        }
        for (var c = 0; c < rows.C; c++)
            dx[n * rows.C + c] = MathF.Exp(logs[c]) * total - share[c];
    }

    protected virtual FirstRows Rows(LayerCase layerCase)
    {
        var x = Shape(layerCase, "input", 2);
        var target = layerCase.Input("target");
        if (!target.HasShape([x[0]]))
            throw new ArgumentException("one target for each row");
        var rows = new FirstRows
        {
            N = x[0],
            C = x[1],
            X = Floats(layerCase.Input("input")),
            Weight = FloatsOrNull(layerCase, "weight"),
            Target = Array.ConvertAll(target.Data.ToArray(), value => (int)value),
            Ignore = layerCase.Attributes.Has("ignore_index") ? layerCase.Attributes.Int("ignore_index") : -100,
            Reduction = layerCase.Attributes.Has("reduction") ? layerCase.Attributes.Text("reduction") : "mean",
        };
        for (var n = 0; n < rows.N; n++)
            if (rows.Counts(n) && (rows.Target[n] < 0 || rows.Target[n] >= rows.C))
                throw new ArgumentException($"target {rows.Target[n]} is not one of {rows.C} classes");
        if (rows.Weight is not null && rows.Weight.Length != rows.C)
            throw new ArgumentException("one weight for each class");
        return rows.Reduction is "none" or "sum" or "mean" ? rows : throw new ArgumentException($"no reduction '{rows.Reduction}'");
    }

    /// <summary>From the loss of each row and its gradient to what was asked for.</summary>
    protected virtual LayerResult Reduced(LayerCase layerCase, FirstRows rows, float[] losses, float[] dx)
    {
        if (rows.Reduction == "none")
        {
            var dy = Cotangent(layerCase);
            for (var i = 0; i < dx.Length; i++)
                dx[i] *= dy[i / rows.C];
            return Result(Tensor([rows.N], losses), Tensor([rows.N, rows.C], dx));
        }
        var (sum, weights) = (0f, 0f);
        for (var n = 0; n < rows.N; n++)
            if (rows.Counts(n))
            {
                sum += losses[n];
                weights += rows.WeightOf(n);
            }
        if (rows.Reduction == "mean")
        {
            sum /= weights;
            for (var i = 0; i < dx.Length; i++)
                if (rows.Counts(i / rows.C))
                    dx[i] /= weights;
        }
        return Result(Tensor([], [sum]), Tensor([rows.N, rows.C], dx));
    }
}
