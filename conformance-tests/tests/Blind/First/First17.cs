namespace Conformance.Tests.Blind.First;

internal sealed class First17 : FirstEngine
{
    public override string Name => "first-17";

    protected override void AdamWStep(FirstSteps s, int t, float[] p, FirstMoments a)
    {
        var shrink = 1 - s.Lr[0] * a.Decay;
        for (var i = 0; i < s.Count; i++)
        {
            p[i] *= shrink;
            AdamElement(s, t, p, a, i, s.G(t, i));
        }
    }
}
