using Conformance.Oracle;

namespace Conformance.Tests.Blind.First;

/// <summary>Adam's moments and constants.</summary>
internal sealed class FirstMoments
{
    public float[] M = [], V = [];

    public double Beta1, Beta2;

    public float Eps, Decay;
}

internal partial class FirstEngine
{
    protected virtual LayerResult Adam(LayerCase layerCase) => AdamRun(layerCase, 0, AdamStep);

    protected static LayerResult AdamRun(LayerCase layerCase, double decay, Action<FirstSteps, int, float[], FirstMoments> step)
    {
        var s = StepsOf(layerCase);
        var attributes = layerCase.Attributes;
        var betas = attributes.Has("betas") ? attributes.Numbers("betas", 2) : [0.9, 0.999];
        var a = new FirstMoments
        {
            M = new float[s.Count],
            V = new float[s.Count],
            Beta1 = betas[0],
            Beta2 = betas[1],
            Eps = Number(attributes, "eps", 1e-8),
            Decay = Number(attributes, "weight_decay", decay),
        };
        if (betas.Any(beta => !(beta >= 0 && beta < 1)) || a.Eps < 0 || a.Decay < 0 || s.Lr.Any(lr => lr < 0))
            throw new ArgumentException("betas must be from 0 to below 1; lr, eps and weight_decay not negative");
        var p = s.Parameter;
        var (parameters, ms, vs) = (new float[s.Steps * s.Count], new float[s.Steps * s.Count], new float[s.Steps * s.Count]);
        for (var t = 0; t < s.Steps; t++)
        {
            step(s, t, p, a);
            p.CopyTo(parameters, t * s.Count);
            a.M.CopyTo(ms, t * s.Count);
            a.V.CopyTo(vs, t * s.Count);
        }
        return Result(
            new() { ["parameter"] = Tensor(s.Shape, parameters), ["exp_avg"] = Tensor(s.Shape, ms), ["exp_avg_sq"] = Tensor(s.Shape, vs) }, []);
    }

    protected virtual void AdamStep(FirstSteps s, int t, float[] p, FirstMoments a)
    {
        for (var i = 0; i < s.Count; i++)
            AdamElement(s, t, p, a, i, s.G(t, i) + a.Decay * p[i]);
    }

    protected static void AdamElement(FirstSteps s, int t, float[] p, FirstMoments a, int i, float g)
    {
        var correction1 = 1 - Math.Pow(a.Beta1, t + 1);
        var correction2 = 1 - Math.Pow(a.Beta2, t + 1);
        a.M[i] = (float)a.Beta1 * a.M[i] + (float)(1 - a.Beta1) * g;
        a.V[i] = (float)a.Beta2 * a.V[i] + (float)(1 - a.Beta2) * g * g;
        var root = MathF.Sqrt(a.V[i]) / (float)Math.Sqrt(correction2) + a.Eps;
        p[i] -= (float)(s.Lr[t] / correction1) * a.M[i] / root;
    }
}
