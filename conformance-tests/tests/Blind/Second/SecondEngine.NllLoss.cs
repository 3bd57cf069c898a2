using Conformance.Oracle;

namespace Conformance.Tests.Blind.Second;

internal partial class SecondEngine
{
    private LayerResult NllLoss(LayerCase layerCase) => ClassLoss(layerCase, NllRow);

    protected virtual float NllRow(float[] row, int target, float[]? weight, float[] gradient)
    {
        var w = weight is null ? 1 : weight[target];
        Array.Clear(gradient);
        gradient[target] = -w;
        return -w * row[target];
    }
}
