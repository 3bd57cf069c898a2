using Conformance.Oracle;

namespace Conformance.Tests.Blind.Second;

internal partial class SecondEngine
{
    private LayerResult CrossEntropy(LayerCase layerCase)
    {
        var smoothing = Real(layerCase, "label_smoothing", 0);
        Require(smoothing is >= 0 and <= 1, "cross_entropy: label_smoothing is between 0 and 1");
        return ClassLoss(layerCase, (row, target, weight, gradient) => CrossEntropyRow(row, target, weight, smoothing, gradient));
    }

    protected virtual float CrossEntropyRow(float[] row, int target, float[]? weight, float smoothing, float[] gradient)
    {
        var log = LogProbabilities(row);
        var loss = 0f;
        var total = 0f;
        for (var c = 0; c < row.Length; c++)
        {
            var share = (weight is null ? 1 : weight[c]) * smoothing / row.Length;
            if (c == target)
                share += (weight is null ? 1 : weight[c]) * (1 - smoothing);
            if (share != 0)
                loss -= share * log[c];
            total += share;
            gradient[c] = -share;
        }
        for (var c = 0; c < row.Length; c++)
            gradient[c] += MathF.Exp(log[c]) * total;
        return loss;
    }
}
