using System.Globalization;
using Conformance.Oracle;
using static Conformance.Oracle.SizeCrossing;

namespace Conformance.Suite.Fixtures;

/// <summary>
/// How many pairs of a size near a block's and an option stand in some case: <c>17 output columns, depthwise, stride</c>. A kernel's mistake shows
/// where the two meet.
/// </summary>
/// <param name="Op">The operation.</param>
/// <param name="Feasible">The pairs that a geometry can have, each with a small one that has it.</param>
/// <param name="Missing">Those that no case has.</param>
public sealed record SizeCoverage(string Op, IReadOnlyDictionary<Pair, string> Feasible, IReadOnlyCollection<Pair> Missing)
{
    /// <summary>The most numbers of a proposed case, and the most products. A fraction and its bound take as much text as six integers.</summary>
    private const int MostNumbers = 2200, MostProducts = 12_000, OfAFraction = 6;

    private const int Tried = 6000;

    /// <summary>The coverage of an operation by its cases; null if it has no sizes to cross.</summary>
    public static SizeCoverage? Of(string op, IEnumerable<LayerCase> cases)
    {
        if (AllOperations.Named(op).Sizes is not { } sizes)
            return null;
        var feasible = sizes.Feasible();
        var missing = feasible.Keys.ToHashSet();
        foreach (var layerCase in cases.Where(layerCase => layerCase.Refused is null))
            missing.ExceptWith(sizes.Of(layerCase));
        return new(op, feasible, missing);
    }

    /// <summary>The coverage of all operations in one line.</summary>
    public static string Text(IReadOnlyCollection<SizeCoverage> all)
    {
        var (feasible, missing) = (all.Sum(one => one.Feasible.Count), all.Sum(one => one.Missing.Count));
        return string.Create(CultureInfo.InvariantCulture,
            $"{feasible - missing:#,0} of {feasible:#,0} pairs of a size near a block's and an option stand in a case");
    }

    /// <summary>
    /// Cases for the missing pairs, by a greedy covering array: of many random geometries the next is the one with most pairs that are still
    /// missing, the smaller of two; what none of them has gets its own.
    /// </summary>
    /// <returns>The ids, each with what it adds in words.</returns>
    public IReadOnlyList<(string Id, string Adds)> Proposed()
    {
        var sizes = AllOperations.Named(Op).Sizes!;
        var dice = new Fill(1, Op, "covering");
        var left = Missing.ToHashSet();
        var tried = Enumerable.Range(0, Tried).Select(_ => sizes.Random(dice)).Distinct()
            .Select(geometry => AllOperations.Draw($"{Op}/{geometry}")).Where(IsSmall).OrderBy(Numbers)
            .Select(layerCase => (layerCase.Id, Pairs: sizes.Of(layerCase).ToArray())).ToArray();
        var proposed = new List<(string, string)>();
        while (left.Count > 0)
        {
            var (id, pairs) = tried.MaxBy(one => one.Pairs.Count(left.Contains));
            if (id is null || !pairs.Any(left.Contains))
            {
                id = $"{Op}/{Feasible[left.First()]}";
                pairs = [.. sizes.Of(AllOperations.Draw(id))];
            }
            proposed.Add((id, string.Join("; ", pairs.Where(left.Contains).GroupBy(pair => (pair.Size, pair.SizeLevel)).Select(size =>
                $"{sizes.Sizes[size.Key.Size].Levels[size.Key.SizeLevel]} {sizes.Sizes[size.Key.Size].Name} meet "
                + string.Join(", ", size.Select(pair => sizes.Options[pair.Option].Levels[pair.OptionLevel]))))));
            left.ExceptWith(pairs);
        }
        return proposed;
    }

    private static bool IsSmall(LayerCase layerCase) => Numbers(layerCase) <= MostNumbers
        && (!layerCase.Inputs.TryGetValue("weight", out var weight) || weight.Rank < 2
            || (long)layerCase.Cotangents["output"].Length * weight.Length / weight.Shape[0] <= MostProducts);

    private static int Numbers(LayerCase layerCase) => layerCase.Inputs.Values.Concat(layerCase.Cotangents.Values).Sum(tensor => tensor.Length)
        * (layerCase.Tier == Tier.Exact ? 1 : OfAFraction);
}
