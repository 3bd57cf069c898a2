namespace Conformance.Tests.Blind.First;

internal sealed class First28 : FirstEngine
{
    public override string Name => "first-28";

    protected override void GeneralizedRow(FirstRows rows, int n, float q, float[] losses, float[] dx)
    {
        var p = SoftmaxRow(rows.Row(n));
        var target = rows.Target[n];
        losses[n] = (1 - MathF.Pow(p[target], q)) / q * rows.WeightOf(n);
        var outer = MathF.Pow(p[target], q - 1) * rows.WeightOf(n);
        for (var c = 0; c < rows.C; c++)
            dx[n * rows.C + c] = outer * (c == target ? p[c] - 1 : p[c]);
    }
}
