using Conformance.Oracle;

namespace Conformance.Tests.Blind.Second;

internal partial class SecondEngine
{
    private LayerResult AdamW(LayerCase layerCase) => AdamRun(layerCase, AdamWStep);

    protected virtual void AdamWStep(float[] p, float[] gradient, AdamState state, float lr, AdamPlan plan)
    {
        var keep = (float)(1 - lr * plan.Decay);
        for (var k = 0; k < p.Length; k++)
            p[k] *= keep;
        AdamMove(p, gradient, state, lr, plan);
    }
}
