namespace Conformance.Oracle.Operations;

/// <summary>
/// The distance of a network from its kinks while it trains. A kink is an input of a ReLU, or a lead of a pool's maximum, that is as small as
/// rounding. There two correct engines may take different branches, and no tolerance is valid.
/// </summary>
public static class LeNetKinks
{
    /// <summary>The smallest distance that the stored networks keep in all their steps.</summary>
    public const double Least = 1e-5;

    private const int MostVariations = 50;

    private static readonly string[] BeforeReLU = ["conv1", "conv2", "fc1", "fc2"];

    /// <summary>The id itself, or its first variation (<c>…-v2</c>) that keeps this distance with the given seed.</summary>
    /// <exception cref="ArgumentException">No variation keeps the distance.</exception>
    public static string Clear(string id, ulong seed) =>
        Enumerable.Range(1, MostVariations).Select(v => v == 1 ? id : $"{Unvaried(id)}-v{v}")
            .FirstOrDefault(variation => Margin(new LeNetOperation().Draw(variation, seed)) > Least)
        ?? throw new ArgumentException($"{id}: with seed {seed} none of {MostVariations} variations stays clear of its kinks");

    /// <summary>The smallest absolute input of a ReLU, or lead of a positive maximum in its pool's window, in any step.</summary>
    public static double Margin(LayerCase layerCase) =>
        LeNetTraining.Train(layerCase, LeNetTerms.Right).Min(step => Math.Min(ReluMargin(step.Answer.Outputs), PoolMargin(step.Answer.Outputs)));

    private static string Unvaried(string id) =>
        string.Join('-', id.Split('-').Where(part => !(part.StartsWith('v') && part[1..].All(char.IsAsciiDigit))));

    private static double ReluMargin(IReadOnlyDictionary<string, Tensor64> layers) =>
        BeforeReLU.SelectMany(name => layers[name].Data.ToArray()).Min(Math.Abs);

    /// <summary>A tie in a window of zeros does not matter, because the ReLU before it stops the gradient.</summary>
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
