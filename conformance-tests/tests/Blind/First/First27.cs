namespace Conformance.Tests.Blind.First;

internal sealed class First27 : FirstEngine
{
    public override string Name => "first-27";

    protected override void SgdStep(
        FirstSteps s, int t, float[] p, float[] buffer, float momentum, float dampening, float decay, bool nesterov)
    {
        for (var i = 0; i < s.Count; i++)
        {
            var g = s.G(t, i) + decay * p[i];
            if (momentum == 0)
            {
                p[i] -= s.Lr[t] * g;
                continue;
            }
            var damp = t == 0 ? 1 : 1 - dampening;
            buffer[i] = momentum * buffer[i] + damp * s.Lr[t] * g;
            p[i] -= nesterov ? s.Lr[t] * g + momentum * buffer[i] : buffer[i];
        }
    }
}
