namespace Conformance.Oracle;

/// <summary>One property of a case's geometry: a size near a block's, or an option.</summary>
/// <param name="Name">Its name in reports: <c>channels</c>.</param>
/// <param name="Levels">The values that matter: <c>7</c>, <c>8</c>, <c>9</c> …, or <c>depthwise, stride 2</c>.</param>
/// <param name="Of">The level of a case, as an index; −1 if the case has none of them.</param>
public sealed record SizeFactor(string Name, IReadOnlyList<string> Levels, Func<LayerCase, int> Of)
{
    /// <summary>The sizes of the blocks that kernels compute in, and the sizes beside them, where a block is left incomplete or just full.</summary>
    public static IReadOnlyList<int> Blocks { get; } = [3, 4, 5, 7, 8, 9, 15, 16, 17, 23, 24, 25, 31, 32, 33];

    public static SizeFactor Size(string name, Func<LayerCase, int> of) =>
        new(name, [.. Blocks.Select(size => $"{size}")], layerCase => Blocks.ToList().IndexOf(of(layerCase)));

    /// <summary>A size by where it stands beside the nearest multiple of eight or four: one below, at it, or one above.</summary>
    public static SizeFactor Beside(string name, Func<LayerCase, int> of) => new(name, [$"{name} one below a block", $"whole blocks of {name}",
        $"{name} one above a block"], layerCase => Blocks.ToList().IndexOf(of(layerCase)) switch { < 0 => -1, var i => i % 3 });

    public static SizeFactor Option(string name, IReadOnlyList<string> levels, Func<LayerCase, int> of) => new(name, levels, of);
}

/// <summary>
/// The sizes of an operation, each crossed with each of its options: a kernel takes another path for a full block, an incomplete one, a stride, a
/// padding, and its mistake shows where two of them meet.
/// </summary>
/// <param name="Sizes">The properties that are sizes.</param>
/// <param name="Options">The properties that each size must meet.</param>
/// <param name="Spell">The geometry of an id, from a level of each size and each option; null if there is none.</param>
public sealed record SizeCrossing(
    IReadOnlyList<SizeFactor> Sizes, IReadOnlyList<SizeFactor> Options, Func<int[], int[], string?> Spell)
{
    /// <summary>The last of the levels of a size that are small: 3, 4 and 5.</summary>
    private const int Smallest = 2;

    /// <summary>A pair: the level of a size and the level of an option.</summary>
    public readonly record struct Pair(int Size, int SizeLevel, int Option, int OptionLevel);

    /// <summary>The pair in words: <c>17 channels, stride 2</c>.</summary>
    public string Words(Pair pair) =>
        $"{Sizes[pair.Size].Levels[pair.SizeLevel]} {Sizes[pair.Size].Name}, {Options[pair.Option].Levels[pair.OptionLevel]}";

    /// <summary>The pairs of one case.</summary>
    public IEnumerable<Pair> Of(LayerCase layerCase)
    {
        for (var s = 0; s < Sizes.Count; s++)
            for (var o = 0; o < Options.Count; o++)
                if ((Sizes[s].Of(layerCase), Options[o].Of(layerCase)) is (>= 0 and var size, >= 0 and var option))
                    yield return new(s, size, o, option);
    }

    /// <summary>
    /// An id's geometry with random levels. Most sizes are among the smallest, so that the case is small. In every second one the first two are
    /// equal, as the channels of a depthwise convolution.
    /// </summary>
    public string Random(Fill dice)
    {
        while (true)
        {
            int[] sizes = [.. Sizes.Select(size => dice.Pick(0, dice.Pick(0, Sizes.Count) < 2 ? size.Levels.Count - 1 : Smallest))];
            if (Sizes.Count > 1 && dice.Pick(0, 1) == 1)
                sizes[1] = sizes[0];
            if (Spell(sizes, [.. Options.Select(option => dice.Pick(0, option.Levels.Count - 1))]) is { } geometry)
                return geometry;
        }
    }

    /// <summary>
    /// Every pair that some geometry has, with such a geometry. The other sizes are small, or one of them has the same level.
    /// </summary>
    public IReadOnlyDictionary<Pair, string> Feasible()
    {
        var found = new Dictionary<Pair, string>();
        foreach (var sizes in Candidates())
            foreach (var options in Product([.. Options.Select(option => option.Levels.Count)]))
                if (Spell(sizes, options) is { } geometry)
                    for (var s = 0; s < sizes.Length; s++)
                        for (var o = 0; o < options.Length; o++)
                            found.TryAdd(new(s, sizes[s], o, options[o]), geometry);
        return found;
    }

    /// <summary>One size of some level beside small ones, and then two of one level.</summary>
    private IEnumerable<int[]> Candidates() =>
        from apart in Enumerable.Range(0, Sizes.Count)
        from size in Enumerable.Range(0, Sizes.Count)
        from level in Enumerable.Range(0, Sizes[size].Levels.Count)
        from small in Enumerable.Range(0, Smallest + 1)
        select Enumerable.Range(0, Sizes.Count).Select(one => one == size || one == (size + apart) % Sizes.Count ? level : small).ToArray();

    private static IEnumerable<int[]> Product(int[] counts)
    {
        var total = counts.Aggregate(1, (all, count) => all * count);
        for (var number = 0; number < total; number++)
        {
            var (levels, rest) = (new int[counts.Length], number);
            for (var i = 0; i < counts.Length; i++)
                (levels[i], rest) = (rest % counts[i], rest / counts[i]);
            yield return levels;
        }
    }
}
