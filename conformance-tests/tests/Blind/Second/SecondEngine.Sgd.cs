using Conformance.Oracle;

namespace Conformance.Tests.Blind.Second;

internal sealed record SgdPlan(float Momentum, float Dampening, float Decay, bool Nesterov);

internal partial class SecondEngine
{
    private LayerResult Sgd(LayerCase layerCase)
    {
        var (p, gradients, lr) = Descent(layerCase);
        var plan = new SgdPlan(
            Real(layerCase, "momentum", 0), Real(layerCase, "dampening", 0), Real(layerCase, "weight_decay", 0), Flag(layerCase, "nesterov", false));
        Require(plan.Momentum >= 0 && plan.Decay >= 0, "sgd: momentum and weight_decay must not be negative");
        Require(!plan.Nesterov || plan.Momentum > 0 && plan.Dampening == 0, "sgd: nesterov needs a momentum and no dampening");
        var size = p.Length;
        var parameters = new float[gradients.Length];
        var buffers = new float[gradients.Length];
        var buffer = new float[size];
        for (var t = 0; t < lr.Length; t++)
        {
            SgdStep(p.Data, gradients.Data.AsSpan(t * size, size), buffer, lr[t], t, plan);
            p.Data.CopyTo(parameters, t * size);
            buffer.CopyTo(buffers, t * size);
        }
        var outputs = new Dictionary<string, Tensor64> { ["parameter"] = Grid.Wide(gradients.Shape, parameters) };
        if (plan.Momentum != 0)
            outputs["momentum_buffer"] = Grid.Wide(gradients.Shape, buffers);
        return new(outputs, new Dictionary<string, Tensor64>());
    }

    protected static (Grid Parameter, Grid Gradients, float[] Rates) Descent(LayerCase layerCase)
    {
        var parameter = In(layerCase, "parameter");
        var gradients = In(layerCase, "gradients");
        Require(
            gradients.Rank == parameter.Rank + 1 && gradients.Shape.AsSpan(1).SequenceEqual(parameter.Shape),
            "optimiser: parameter and gradients disagree");
        var lr = Array.ConvertAll(layerCase.Attributes.Numbers("lr", gradients.Shape[0]), rate => (float)rate);
        Require(lr.All(rate => rate >= 0), "optimiser: lr must not be negative");
        return (parameter, gradients, lr);
    }

    protected virtual void SgdStep(float[] p, ReadOnlySpan<float> gradient, float[] buffer, float lr, int step, SgdPlan plan)
    {
        for (var k = 0; k < p.Length; k++)
        {
            var g = gradient[k] + plan.Decay * p[k];
            if (plan.Momentum != 0)
            {
                buffer[k] = step == 0 ? g : plan.Momentum * buffer[k] + (1 - plan.Dampening) * g;
                g = plan.Nesterov ? g + plan.Momentum * buffer[k] : buffer[k];
            }
            p[k] -= lr * g;
        }
    }
}
