namespace Conformance.Tests.Blind.First;

internal sealed class First10 : FirstEngine
{
    public override string Name => "first-10";

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
            var before = buffer[i];
            buffer[i] = t == 0 ? g : momentum * before + (1 - dampening) * g;
            var step = nesterov ? g + momentum * before : buffer[i];
            p[i] -= s.Lr[t] * step;
        }
    }
}
