namespace Conformance.Tests.Blind.First;

internal sealed class First08 : FirstEngine
{
    public override string Name => "first-08";

    protected override void CrossEntropyRow(FirstRows rows, int n, float smoothing, float[] losses, float[] dx)
    {
        var logs = LogSoftmaxRow(rows.Row(n));
        var share = new float[rows.C];
        for (var c = 0; c < rows.C; c++)
        {
            share[c] = c == rows.Target[n] ? 1 - smoothing : smoothing / Math.Max(rows.C - 1, 1);
            if (rows.Weight is not null)
                share[c] *= rows.Weight[c];
            if (share[c] != 0)
                losses[n] -= share[c] * logs[c];
        }
        var total = share.Sum();
        for (var c = 0; c < rows.C; c++)
            dx[n * rows.C + c] = MathF.Exp(logs[c]) * total - share[c];
    }
}
