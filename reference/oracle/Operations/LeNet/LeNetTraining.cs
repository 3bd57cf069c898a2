namespace Conformance.Oracle.Operations;

/// <summary>Trains the network of a case on its one batch.</summary>
internal static class LeNetTraining
{
    /// <summary>The case's answer, with the terms of a possible defect.</summary>
    /// <param name="float32">The order of float32 summation; null for float64.</param>
    public static LayerResult Answer(LayerCase layerCase, LeNetTerms terms, Summation? float32 = null)
    {
        var trained = Train(layerCase, terms, float32).ToArray();
        var (first, layers) = (trained[0].Answer, layerCase.Attributes.Flag("layers"));
        var outputs = first.Outputs.Where(pair => layers || !LeNetNetwork.Layers.Contains(pair.Key)).ToDictionary();
        if (trained.Length > 1)
        {
            outputs["losses"] = new([trained.Length], [.. trained.Select(step => step.Answer.Outputs["loss"][0])]);
            foreach (var name in Parameters(layerCase.Inputs))
                outputs[name] = new([trained.Length, .. layerCase.Input(name).Shape],
                    [.. trained.SelectMany(step => step.After[name].Data.ToArray())]);
        }
        return new(outputs, first.Gradients.Where(pair => layers || !LeNetNetwork.Layers.Contains(pair.Key)).ToDictionary());
    }

    /// <summary>
    /// The steps of a case's training. Each has the network's answer before the update, with every layer's output, and the state after the update.
    /// </summary>
    /// <param name="float32">The order of float32 summation; null for float64.</param>
    public static IEnumerable<(LayerResult Answer, IReadOnlyDictionary<string, Tensor64> After)> Train(LayerCase layerCase, LeNetTerms terms,
        Summation? float32 = null)
    {
        var attributes = layerCase.Attributes;
        var (steps, lr, momentum) = (attributes.Int("steps"), R(attributes.Number("lr")), R(attributes.Number("momentum")));
        var state = layerCase.Inputs.ToDictionary();
        var sums = Parameters(state).ToDictionary(name => name, name => new double[state[name].Length]);
        var velocity = Parameters(state).ToDictionary(name => name, name => new double[state[name].Length]);
        for (var step = 0; step < steps; step++)
        {
            var result = LeNetNetwork.Run(state, attributes.Int("padding"), terms.Layer, float32);
            state = new(state);
            foreach (var (name, v) in velocity)
            {
                var (parameter, gradient, sum) = (state[name].Data.ToArray(), result.Gradients[name], sums[name]);
                for (var i = 0; terms.Learns(name) && i < v.Length; i++)
                {
                    sum[i] = R(gradient[i] + (terms.ZeroesGradients ? 0 : sum[i]));
                    v[i] = R(sum[i] + (terms.KeepsBuffer ? R(momentum * v[i]) : 0));
                    parameter[i] = R(parameter[i] - R(lr * v[i]));
                }
                state[name] = new(gradient.Shape, parameter);
            }
            yield return (result, state);
        }

        double R(double number) => float32 is null ? number : (float)number;
    }

    /// <summary>The names of the parameters among a state's tensors.</summary>
    public static IEnumerable<string> Parameters(IReadOnlyDictionary<string, Tensor64> inputs) =>
        inputs.Keys.Where(name => name is not ("input" or "target"));
}
