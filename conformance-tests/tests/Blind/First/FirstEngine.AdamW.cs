using Conformance.Oracle;

namespace Conformance.Tests.Blind.First;

internal partial class FirstEngine
{
    protected virtual LayerResult AdamW(LayerCase layerCase) => AdamRun(layerCase, 0.01, AdamWStep);

    protected virtual void AdamWStep(FirstSteps s, int t, float[] p, FirstMoments a)
    {
        for (var i = 0; i < s.Count; i++)
        {
            p[i] *= 1 - s.Lr[t] * a.Decay;
            AdamElement(s, t, p, a, i, s.G(t, i));
        }
    }
}
