using Conformance.Oracle;

namespace Conformance.Tests.Oracle;

/// <summary>Losses and optimisers as anyone would write them: plain loops over float32, right, and with every rounding that comes with it.</summary>
internal static class NaiveFloat32
{
    public static LayerResult Run(LayerCase layerCase) => layerCase.Op switch
    {
        "mse_loss" => Mse(layerCase),
        "sgd" => Sgd(layerCase),
        "adam" or "adamw" => Adam(layerCase),
        _ => ClassLoss(layerCase),
    };

    private static LayerResult ClassLoss(LayerCase layerCase)
    {
        var (x, target, attributes) = (Floats(layerCase, "input"), layerCase.Input("target"), layerCase.Attributes);
        var (rows, classes) = (target.Length, layerCase.Input("input").Shape[1]);
        var weight = layerCase.Inputs.ContainsKey("weight") ? Floats(layerCase, "weight") : [.. Enumerable.Repeat(1f, classes)];
        var ignored = attributes.Has("ignore_index") ? attributes.Int("ignore_index") : int.MinValue;
        var (losses, dx, divisor) = (new float[rows], new float[x.Length], 0f);
        for (var n = 0; n < rows; n++)
            if (target[n] != ignored)
            {
                divisor += weight[(int)target[n]];
                losses[n] = Row(layerCase, x.AsSpan(n * classes, classes), (int)target[n], weight, dx.AsSpan(n * classes, classes));
            }
        return Reduced(layerCase, target.Shape, losses, dx, divisor);
    }

    /// <summary>The loss of a row and its gradient.</summary>
    private static float Row(LayerCase layerCase, ReadOnlySpan<float> x, int y, float[] weight, Span<float> dx)
    {
        if (layerCase.Op == "nll_loss")
        {
            dx[y] = -weight[y];
            return -weight[y] * x[y];
        }
        float max = float.NegativeInfinity, sum = 0;
        foreach (var logit in x)
            max = MathF.Max(max, logit);
        var p = new float[x.Length];
        for (var c = 0; c < p.Length; c++)
            sum += p[c] = MathF.Exp(x[c] - max);
        for (var c = 0; c < p.Length; c++)
            p[c] /= sum;
        var lse = max + MathF.Log(sum);

        if (layerCase.Op == "generalized_cross_entropy")
        {
            var q = (float)layerCase.Attributes.Number("q");
            var power = MathF.Exp(q * (x[y] - lse));
            for (var c = 0; c < p.Length; c++)
                dx[c] = power * (p[c] - (c == y ? 1 : 0));
            return (1 - power) / q;
        }
        var (smoothing, loss, all) = ((float)layerCase.Attributes.Number("label_smoothing"), 0f, 0f);
        var wanted = new float[p.Length];
        for (var c = 0; c < p.Length; c++)
        {
            all += wanted[c] = weight[c] * (smoothing / p.Length + (c == y ? 1 - smoothing : 0));
            loss += wanted[c] * (lse - x[c]);
        }
        for (var c = 0; c < p.Length; c++)
            dx[c] = p[c] * all - wanted[c];
        return loss;
    }

    private static LayerResult Mse(LayerCase layerCase)
    {
        var (x, target) = (Floats(layerCase, "input"), Floats(layerCase, "target"));
        var difference = x.Zip(target, (a, b) => a - b).ToArray();
        return Reduced(
            layerCase, layerCase.Input("input").Shape, Array.ConvertAll(difference, d => d * d), Array.ConvertAll(difference, d => 2 * d), x.Length);
    }

    private static LayerResult Reduced(LayerCase layerCase, ReadOnlySpan<int> shape, float[] losses, float[] dx, float divisor)
    {
        var (reduction, sum) = (layerCase.Attributes.Text("reduction"), 0f);
        foreach (var loss in losses)
            sum += loss;
        for (var i = 0; i < dx.Length; i++)
            dx[i] = reduction switch
            {
                "mean" => divisor == 0 ? 0 : dx[i] / divisor,
                "none" => dx[i] * (float)layerCase.Cotangents["output"][i / (dx.Length / losses.Length)],
                _ => dx[i],
            };
        var output = reduction == "none" ? Tensor(shape, losses) : Tensor([], [reduction == "mean" ? sum / divisor : sum]);
        return new(
            new Dictionary<string, Tensor64> { ["output"] = output },
            new Dictionary<string, Tensor64> { ["input"] = Tensor(layerCase.Input("input").Shape, dx) });
    }

    private static LayerResult Sgd(LayerCase layerCase)
    {
        var momentum = Option(layerCase, "momentum");
        var (dampening, decay, nesterov) = (Option(layerCase, "dampening"), Option(layerCase, "weight_decay"), layerCase.Attributes.Flag("nesterov"));
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

    /// <summary>The betas as float32, from which 1 − β keeps few digits: engines do so.</summary>
    private static LayerResult Adam(LayerCase layerCase)
    {
        var betas = Array.ConvertAll(layerCase.Attributes.Numbers("betas", 2), beta => (float)beta);
        var (epsilon, decay, decoupled) = (Option(layerCase, "eps"), Option(layerCase, "weight_decay"), layerCase.Op == "adamw");
        return Steps(layerCase, ["parameter", "exp_avg", "exp_avg_sq"], (state, gradient, rate, step) =>
        {
            var g = decoupled ? gradient : gradient + decay * state[0];
            if (decoupled)
                state[0] *= 1 - rate * decay;
            state[1] = betas[0] * state[1] + (1 - betas[0]) * g;
            state[2] = betas[1] * state[2] + (1 - betas[1]) * g * g;
            var (first, second) = (1 - MathF.Pow(betas[0], step), 1 - MathF.Pow(betas[1], step));
            state[0] -= rate * (state[1] / first) / (MathF.Sqrt(state[2] / second) + epsilon);
        });
    }

    /// <summary>Runs one element after the other through all steps; a state is the parameter, then what the optimiser keeps.</summary>
    private static LayerResult Steps(LayerCase layerCase, string[] names, Action<float[], float, float, int> update)
    {
        var (parameter, gradients) = (Floats(layerCase, "parameter"), Floats(layerCase, "gradients"));
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
        return new(
            names.Zip(outputs).ToDictionary(pair => pair.First, pair => Tensor(layerCase.Input("gradients").Shape, pair.Second)), new Dictionary<string, Tensor64>());
    }

    private static float Option(LayerCase layerCase, string name) => (float)layerCase.Attributes.Number(name);

    private static float[] Floats(LayerCase layerCase, string name) => Array.ConvertAll(layerCase.Input(name).Data.ToArray(), value => (float)value);

    private static Tensor64 Tensor(ReadOnlySpan<int> shape, float[] data) => new(shape, Array.ConvertAll(data, value => (double)value));
}
