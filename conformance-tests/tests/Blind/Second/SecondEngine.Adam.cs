using Conformance.Oracle;

namespace Conformance.Tests.Blind.Second;

internal sealed record AdamPlan(double Beta1, double Beta2, float Eps, double Decay);

/// <summary>What Adam keeps from step to step.</summary>
internal sealed class AdamState(int size)
{
    public float[] Mean { get; } = new float[size];

    public float[] Square { get; } = new float[size];

    public int Steps { get; set; }
}

internal partial class SecondEngine
{
    private LayerResult Adam(LayerCase layerCase) => AdamRun(layerCase, AdamStep);

    private LayerResult AdamRun(LayerCase layerCase, Action<float[], float[], AdamState, float, AdamPlan> step)
    {
        var (p, gradients, lr) = Descent(layerCase);
        var betas = layerCase.Attributes.Has("betas") ? layerCase.Attributes.Numbers("betas", 2) : [0.9, 0.999];
        Require(betas.All(beta => beta is >= 0 and < 1), "adam: a beta is at least 0 and less than 1");
        var decay = layerCase.Attributes.Has("weight_decay") ? layerCase.Attributes.Number("weight_decay") : layerCase.Op == "adamw" ? 0.01 : 0;
        var plan = new AdamPlan(betas[0], betas[1], Real(layerCase, "eps", 1e-8), decay);
        Require(plan.Eps >= 0 && decay >= 0, "adam: eps and weight_decay must not be negative");
        var size = p.Length;
        var parameters = new float[gradients.Length];
        var means = new float[gradients.Length];
        var squares = new float[gradients.Length];
        var state = AdamStart(layerCase.Op, size);
        for (var t = 0; t < lr.Length; t++)
        {
            step(p.Data, gradients.Data.AsSpan(t * size, size).ToArray(), state, lr[t], plan);
            p.Data.CopyTo(parameters, t * size);
            state.Mean.CopyTo(means, t * size);
            state.Square.CopyTo(squares, t * size);
        }
        return new(new Dictionary<string, Tensor64>
        {
            ["parameter"] = Grid.Wide(gradients.Shape, parameters),
            ["exp_avg"] = Grid.Wide(gradients.Shape, means),
            ["exp_avg_sq"] = Grid.Wide(gradients.Shape, squares),
        }, new Dictionary<string, Tensor64>());
    }

    protected virtual AdamState AdamStart(string op, int size) => new(size);

    protected virtual void AdamStep(float[] p, float[] gradient, AdamState state, float lr, AdamPlan plan)
    {
        var decay = (float)plan.Decay;
        for (var k = 0; k < p.Length; k++)
            gradient[k] += decay * p[k];
        AdamMove(p, gradient, state, lr, plan);
    }

    protected virtual void AdamMove(float[] p, float[] gradient, AdamState state, float lr, AdamPlan plan)
    {
        state.Steps++;
        var beta1 = (float)plan.Beta1;
        var beta2 = (float)plan.Beta2;
        var rest1 = (float)(1 - plan.Beta1);
        var rest2 = (float)(1 - plan.Beta2);
        var rate = (float)(lr / (1 - Math.Pow(plan.Beta1, state.Steps)));
        var root = (float)Math.Sqrt(1 - Math.Pow(plan.Beta2, state.Steps));
        for (var k = 0; k < p.Length; k++)
        {
            state.Mean[k] = beta1 * state.Mean[k] + rest1 * gradient[k];
            state.Square[k] = beta2 * state.Square[k] + rest2 * gradient[k] * gradient[k];
            p[k] -= rate * (state.Mean[k] / (MathF.Sqrt(state.Square[k]) / root + plan.Eps));
        }
    }
}
