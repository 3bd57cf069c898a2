namespace Conformance.Tests.Blind.Second;

internal sealed class Second27 : SecondEngine
{
    public override string Name => "second-27";

    protected override float CrossEntropyRow(float[] row, int target, float[]? weight, float smoothing, float[] gradient)
    {
        var log = LogProbabilities(row);
        var loss = 0f;
        var total = 0f;
        for (var c = 0; c < row.Length; c++)
        {
            var wanted = c == target ? 1 - smoothing : smoothing / (row.Length - 1);
            if (weight is not null)
                wanted *= weight[c];
            if (wanted != 0)
                loss -= wanted * log[c];
            gradient[c] = -wanted;
            total += wanted;
        }
        for (var c = 0; c < row.Length; c++)
            gradient[c] += total * MathF.Exp(log[c]);
        return loss;
    }
}
