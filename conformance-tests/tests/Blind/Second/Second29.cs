namespace Conformance.Tests.Blind.Second;

internal sealed class Second29 : SecondEngine
{
    public override string Name => "second-29";

    protected override float GeneralizedRow(float[] row, int target, float[]? weight, float q, float[] gradient)
    {
        var loss = base.GeneralizedRow(row, target, weight, q, gradient);
        var w = weight is null ? 1 : weight[target];
        var p = Array.ConvertAll(LogProbabilities(row), MathF.Exp);
        for (var c = 0; c < row.Length; c++)
            gradient[c] = -w * MathF.Pow(p[target], q - 1) * ((c == target ? 1 : 0) - p[c]);
        return loss;
    }
}
