namespace Conformance.Oracle.Operations;

/// <summary>Naive sgd, adam and adamw in float32.</summary>
internal static class PlainOptimizers
{
    public static LayerResult Sgd(LayerCase layerCase)
    {
        var momentum = PlainNumbers.Option(layerCase, "momentum");
        var (dampening, decay, nesterov) = (PlainNumbers.Option(layerCase, "dampening"), PlainNumbers.Option(layerCase, "weight_decay"),
            layerCase.Attributes.Flag("nesterov"));
        string[] names = momentum == 0 ? ["parameter"] : ["parameter", "momentum_buffer"];
        return Steps(layerCase, names, (state, gradient, rate, step) =>
        {
            var g = gradient + decay * state[0];
            if (momentum == 0)
            {
                state[0] -= rate * g;
                return;
            }
            state[1] = step == 1 ? g : momentum * state[1] + (1 - dampening) * g;
            state[0] -= rate * (nesterov ? g + momentum * state[1] : state[1]);
        });
    }

    /// <summary>adam or adamw with float32 betas, as in most engines, so that 1 − β has few correct digits.</summary>
    public static LayerResult Adam(LayerCase layerCase, bool decoupled)
    {
        var betas = Array.ConvertAll(layerCase.Attributes.Numbers("betas", 2), beta => (float)beta);
        var (epsilon, decay) = (PlainNumbers.Option(layerCase, "eps"), PlainNumbers.Option(layerCase, "weight_decay"));
        return Steps(layerCase, ["parameter", "exp_avg", "exp_avg_sq"], (state, gradient, rate, step) =>
        {
            var g = decoupled ? gradient : gradient + decay * state[0];
            if (decoupled)
                state[0] *= 1 - rate * decay;
            state[1] = betas[0] * state[1] + (1 - betas[0]) * g;
            state[2] = betas[1] * state[2] + (1 - betas[1]) * g * g;
            var (first, second) = (1 - (float)Math.Pow(betas[0], step), 1 - (float)Math.Pow(betas[1], step));
            state[0] -= rate * (state[1] / first) / (MathF.Sqrt(state[2] / second) + epsilon);
        });
    }

    /// <summary>Runs each element through all steps. A state is the parameter, then the optimiser's state.</summary>
    private static LayerResult Steps(LayerCase layerCase, string[] names, Action<float[], float, float, int> update)
    {
        var (parameter, gradients) = (PlainNumbers.Floats(layerCase, "parameter"), PlainNumbers.Floats(layerCase, "gradients"));
        var steps = gradients.Length / parameter.Length;
        var rates = layerCase.Attributes.Numbers("lr", steps);
        var outputs = names.Select(_ => new float[gradients.Length]).ToArray();
        for (var i = 0; i < parameter.Length; i++)
        {
            float[] state = [parameter[i], 0, 0];
            for (var step = 0; step < steps; step++)
            {
                update(state, gradients[step * parameter.Length + i], (float)rates[step], step + 1);
                for (var output = 0; output < outputs.Length; output++)
                    outputs[output][step * parameter.Length + i] = state[output];
            }
        }
        return names.Zip(outputs)
            .Aggregate(LayerResult.Empty, (result, output) => result.WithOutput(output.First, layerCase.Input("gradients").Shape, output.Second));
    }
}
