namespace Conformance.Tests.Blind.First;

internal sealed class First03 : FirstEngine
{
    public override string Name => "first-03";

    private int _time;

    protected override void AdamStep(FirstSteps s, int t, float[] p, FirstMoments a)
    {
        if (t == 0)
            _time = 0;
        var (beta1, beta2) = ((float)a.Beta1, (float)a.Beta2);
        for (var i = 0; i < s.Count; i++)
        {
            _time++;
            var g = s.G(t, i) + a.Decay * p[i];
            a.M[i] = beta1 * a.M[i] + (1 - beta1) * g;
            a.V[i] = beta2 * a.V[i] + (1 - beta2) * g * g;
            var m = a.M[i] / (float)(1 - Math.Pow(a.Beta1, _time));
            var v = a.V[i] / (float)(1 - Math.Pow(a.Beta2, _time));
            p[i] -= s.Lr[t] * m / (MathF.Sqrt(v) + a.Eps);
        }
    }
}
