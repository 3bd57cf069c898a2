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
            .FirstOrDefault(variation => Margin(new LeNetOperation().Draw(variation, seed)) > Least)
        ?? throw new ArgumentException($"{id}: with seed {seed} none of {MostVariations} variations stays clear of its kinks");

    /// <summary>The smallest |input of a ReLU| and lead of a positive maximum over its pool's window, in any step.</summary>
    public static double Margin(LayerCase layerCase) =>
        LeNetTraining.Train(layerCase, LeNetTerms.Right).Min(step => Math.Min(ReluMargin(step.Answer.Outputs), PoolMargin(step.Answer.Outputs)));

    private static string Unvaried(string id) =>
        string.Join('-', id.Split('-').Where(part => !(part.StartsWith('v') && part[1..].All(char.IsAsciiDigit))));

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
