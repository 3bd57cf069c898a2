using Conformance.Oracle;

namespace Conformance.Tests.Blind.Second;

internal partial class SecondEngine
{
    private LayerResult GeneralizedCrossEntropy(LayerCase layerCase)
    {
        var q = Real(layerCase, "q", 0.7);
        Require(q is > 0 and <= 1, "generalized_cross_entropy: q is between 0 and 1");
        return ClassLoss(layerCase, (row, target, weight, gradient) => GeneralizedRow(row, target, weight, q, gradient));
    }

    protected virtual float GeneralizedRow(float[] row, int target, float[]? weight, float q, float[] gradient)
    {
        var w = weight is null ? 1 : weight[target];
        var log = LogProbabilities(row);
        var power = MathF.Exp(q * log[target]);
        for (var c = 0; c < row.Length; c++)
            gradient[c] = w * power * (MathF.Exp(log[c]) - (c == target ? 1 : 0));
        return w * -ExpMinusOne(q * log[target]) / q;
    }

    private static float ExpMinusOne(float x)
    {
        var e = MathF.Exp(x);
        if (e == 1)
            return x;
        return e - 1 == -1 ? -1 : (e - 1) * x / MathF.Log(e);
    }
}
