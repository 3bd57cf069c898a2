namespace Conformance.Oracle.Operations;

/// <summary>
/// How clear a network stays of its kinks while it trains. Where a ReLU's input, or the lead of a pool's maximum, is as small as rounding, two right
/// engines may take different ways, and no tolerance says anything.
/// </summary>
public static class LeNetKinks
{
    /// <summary>What the stored networks keep in all their steps.</summary>
    public const double Least = 1e-5;

    private const int MostVariations = 50;

    private static readonly string[] BeforeReLU = ["conv1", "conv2", "fc1", "fc2"];

    /// <summary>The id itself, or its first variation (<c>…-v2</c>) that stays clear with this seed.</summary>
    /// <exception cref="ArgumentException">None does.</exception>
    public static string Clear(string id, ulong seed) =>
        Enumerable.Range(1, MostVariations).Select(v => v == 1 ? id : $"{Unvaried(id)}-v{v}")
            .FirstOrDefault(variation => Margin(AllOperations.Draw(variation, seed)) > Least)
        ?? throw new ArgumentException($"{id}: with seed {seed} none of {MostVariations} variations stays clear of its kinks");

    /// <summary>The smallest |input of a ReLU| and lead of a positive maximum over its pool's window, in any step.</summary>
    public static double Margin(LayerCase layerCase) => Steps(layerCase).Min(layers => Math.Min(ReluMargin(layers), PoolMargin(layers)));

    private static string Unvaried(string id) => string.Join('-', id.Split('-').Where(part => !(part.StartsWith('v') && part[1..].All(char.IsAsciiDigit))));

    /// <summary>What the layers answer at each step, from the parameters that the step before left.</summary>
    private static IEnumerable<IReadOnlyDictionary<string, Tensor64>> Steps(LayerCase layerCase)
    {
        var (operation, steps, padding) = (AllOperations.Named("lenet"), layerCase.Attributes.Int("steps"), layerCase.Attributes.Int("padding"));
        var trained = operation.Evaluate(layerCase).Outputs;
        for (var step = 0; step < steps; step++)
        {
            var state = layerCase.Inputs.ToDictionary(
                pair => pair.Key, pair => step > 0 && trained.TryGetValue(pair.Key, out var trace) ? StepOf(trace, step - 1) : pair.Value);
            yield return LeNetStep.Run(state, padding, _ => null).Outputs;
        }
    }

    private static Tensor64 StepOf(Tensor64 trace, int step)
    {
        var length = trace.Length / trace.Shape[0];
        return new(trace.Shape[1..], trace.Data.Slice(step * length, length).ToArray());
    }

    private static double ReluMargin(IReadOnlyDictionary<string, Tensor64> layers) =>
        BeforeReLU.SelectMany(name => layers[name].Data.ToArray()).Min(Math.Abs);

    /// <summary>A window of zeros is no tie that matters: the ReLU before it lets no gradient through.</summary>
    private static double PoolMargin(IReadOnlyDictionary<string, Tensor64> layers)
    {
        var least = double.PositiveInfinity;
        foreach (var x in new[] { layers["relu1"], layers["relu2"] })
            for (var i = 0; i < x.Length; i++)
            {
                var (h, w) = (i / x.Shape[3] % x.Shape[2], i % x.Shape[3]);
                if (h % 2 != 0 || w % 2 != 0)
                    continue;
                var window = new[] { x[i], x[i + 1], x[i + x.Shape[3]], x[i + x.Shape[3] + 1] }.OrderDescending().ToArray();
                if (window[0] > 0)
                    least = Math.Min(least, window[0] - window[1]);
            }
        return least;
    }
}
