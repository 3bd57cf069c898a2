using Conformance.Oracle;

namespace Conformance.Tests.Blind.First;

/// <summary>What the optimisers are asked: the parameter and its gradients, step by step.</summary>
internal sealed class FirstSteps
{
    public int Steps, Count;

    public float[] Parameter = [], Gradients = [], Lr = [];

    public int[] Shape = [];

    public float G(int step, int i) => Gradients[step * Count + i];
}

internal partial class FirstEngine
{
    protected virtual LayerResult Sgd(LayerCase layerCase)
    {
        var s = StepsOf(layerCase);
        var attributes = layerCase.Attributes;
        var momentum = Number(attributes, "momentum", 0);
        var dampening = Number(attributes, "dampening", 0);
        var decay = Number(attributes, "weight_decay", 0);
        var nesterov = Flag(attributes, "nesterov", false);
        if (momentum < 0 || decay < 0 || s.Lr.Any(lr => lr < 0))
            throw new ArgumentException("lr, momentum and weight_decay must not be negative");
        if (nesterov && (momentum == 0 || dampening != 0))
            throw new ArgumentException("nesterov needs a momentum and no dampening");
        var (p, buffer) = (s.Parameter, new float[s.Count]);
        var (parameters, buffers) = (new float[s.Steps * s.Count], new float[s.Steps * s.Count]);
        for (var t = 0; t < s.Steps; t++)
        {
            SgdStep(s, t, p, buffer, momentum, dampening, decay, nesterov);
            p.CopyTo(parameters, t * s.Count);
            buffer.CopyTo(buffers, t * s.Count);
        }
        var outputs = new Dictionary<string, Tensor64> { ["parameter"] = Tensor(s.Shape, parameters) };
        if (momentum != 0)
            outputs["momentum_buffer"] = Tensor(s.Shape, buffers);
        return Result(outputs, []);
    }

    protected virtual void SgdStep(
        FirstSteps s, int t, float[] p, float[] buffer, float momentum, float dampening, float decay, bool nesterov)
    {
        for (var i = 0; i < s.Count; i++)
        {
            var g = s.G(t, i) + decay * p[i];
            if (momentum != 0)
            {
                buffer[i] = t == 0 ? g : momentum * buffer[i] + (1 - dampening) * g;
                g = nesterov ? g + momentum * buffer[i] : buffer[i];
            }
            p[i] -= s.Lr[t] * g;
        }
    }

    protected static FirstSteps StepsOf(LayerCase layerCase)
    {
        var gradients = layerCase.Input("gradients");
        var parameter = layerCase.Input("parameter");
        if (gradients.Rank < 1 || !gradients.Shape[1..].SequenceEqual(parameter.Shape))
            throw new ArgumentException("a step's gradient must have the parameter's shape");
        var steps = gradients.Shape[0];
        return new()
        {
            Steps = steps,
            Count = parameter.Length,
            Shape = gradients.Shape.ToArray(),
            Parameter = Floats(parameter),
            Gradients = Floats(gradients),
            Lr = Array.ConvertAll(layerCase.Attributes.Numbers("lr", steps), value => (float)value),
        };
    }
}
