namespace Conformance.Tests.Blind.First;

internal sealed class First34 : FirstEngine
{
    public override string Name => "first-34";

    protected override void AdamStep(FirstSteps s, int t, float[] p, FirstMoments a)
    {
        var rate = s.Lr[t] * (float)(Math.Sqrt(1 - Math.Pow(a.Beta2, t + 1)) / (1 - Math.Pow(a.Beta1, t + 1)));
        var (beta1, beta2) = ((float)a.Beta1, (float)a.Beta2);
        for (var i = 0; i < s.Count; i++)
        {
            var g = s.G(t, i);
            a.M[i] = beta1 * a.M[i] + (1 - beta1) * (g + a.Decay * p[i]);
            a.V[i] = beta2 * a.V[i] + (1 - beta2) * g * g;
            p[i] -= rate * a.M[i] / (MathF.Sqrt(a.V[i]) + a.Eps);
        }
    }
}
