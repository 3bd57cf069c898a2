using Conformance.Oracle;

namespace Conformance.Suite.Diagnosing.Patterns;

/// <summary>A part of a tensor that may contain all errors.</summary>
/// <param name="Name">The text after "wrong only": <c>in the last row</c>.</param>
/// <param name="Of">For one case, whether the element at a flat position is in the part; null if the case has no such part.</param>
internal sealed record Place(string Name, Func<Sight, Func<int, bool>?> Of, MistakeClass? Class = null)
{
    /// <summary>Whether its limits come from the wrong elements themselves, so that it is told only where most of it is wrong.</summary>
    public bool IsFitted { get; init; }

    /// <param name="wrong">The wrong elements of each failing case.</param>
    public static IReadOnlyList<Place> All(Evidence evidence, IReadOnlyList<(Sight Sight, int[] Flat)> wrong)
    {
        // Tensors of several ranks have no common axes to name.
        var names = evidence.Wrong.Select(sight => sight.Expected.Rank).Distinct().ToArray() is [var rank]
            ? Axes.Names(evidence.Op, evidence.Tensor, rank) : [];
        var kind = AllOperations.KindOf(evidence.Op);
        return
        [
            .. evidence.Op is "max_pool2d" ? MaxPools(evidence.Tensor) : [],
            .. AllOperations.Named(evidence.Op).HasWindows ? OfWindows(evidence.Tensor) : [],
            .. kind is OperationKind.ClassLoss ? Losses(evidence.Tensor) : [],
            .. kind is OperationKind.Activation or OperationKind.Softmax or OperationKind.Dropout or OperationKind.ElementLoss ? Operands() : [],
            .. kind is OperationKind.Normalization && evidence.Tensor is ("outputs.output" or "gradients.input") ? Channels() : [],
            .. Expected(),
            .. names.SelectMany((name, axis) => Axis(name, axis)),
            .. Borders(names),
            .. names.SelectMany((name, axis) => Blocks(name, axis)),
            .. names.SelectMany((name, axis) => From(name, axis, wrong)),
        ];
    }

    /// <summary>Both parts at once.</summary>
    public Place And(Place other) => new(
        $"{Name} and {other.Name}", s => Of(s) is { } one && other.Of(s) is { } two ? flat => one(flat) && two(flat) : null, Class ?? other.Class);

    /// <summary>The rest that is left when an axis is taken in blocks.</summary>
    private static IEnumerable<Place> Blocks(string name, int axis)
    {
        foreach (var block in new[] { 4, 8, 16 })
            yield return At(
                $"in the last {Axes.Nouns(name)}, where a block of {block} is not full",
                s => s.Expected.Shape[axis] is var extent && extent > block ? index => index[axis] >= extent / block * block : null,
                MistakeClass.OddInput);
    }

    /// <summary>Behind some place of an axis, or before one, as far as the wrong elements reach.</summary>
    private static IEnumerable<Place> From(string name, int axis, IReadOnlyList<(Sight Sight, int[] Flat)> wrong)
    {
        var reached = wrong.SelectMany(one => one.Flat.Select(flat => one.Sight.Expected.IndexOf(flat)[axis])).ToArray();
        if (reached.Length == 0)
            yield break;
        var (first, last) = (reached.Min(), reached.Max());
        if (first > 1)
            yield return At($"from {Axes.Nouns(name)} {first} on", s => index => index[axis] >= first) with { IsFitted = true };
        if (last > 0)
            yield return At($"in the first {last + 1} {Axes.Nouns(name)}", s => index => index[axis] <= last) with { IsFitted = true };
    }

    private static IEnumerable<Place> MaxPools(string tensor) => tensor == "gradients.input"
        ? [At("in windows whose maximum ties", s => new Windows(s.Case).InATie, MistakeClass.PoolTies)]
        : [At("in windows whose maximum is negative", s => index => s.Expected[Flat(s, index)] < 0, MistakeClass.PoolPadding)];

    private static IEnumerable<Place> OfWindows(string tensor) => tensor switch
    {
        "outputs.output" => [At("in windows that reach into the padding", s => new Windows(s.Case).ReachesOut, MistakeClass.Padding)],
        "gradients.input" =>
        [
            At("where windows overlap", s => new Windows(s.Case) is var w ? index => w.Seeing(index) > 1 : null),
            Rest("in the last row or column, where a remainder is left behind the last window", 2, 3),
            Rest("in the last row, where a remainder is left", 2),
            Rest("in the last column, where a remainder is left", 3),
            At("where no window looks", s => new Windows(s.Case) is var w ? index => w.Seeing(index) == 0 : null),
        ],
        _ => [],
    };

    private static IEnumerable<Place> Losses(string tensor)
    {
        yield return At(
            "in rows that are ignored", s =>
            s.Expected.Rank > 0 && s.Case.Attributes.Has("ignore_index") ? index => Target(s, index) == s.Case.Attributes.Int("ignore_index") : null);
        if (tensor != "gradients.input")
            yield break;
        yield return At("at the target's class", s => index => index[1] == Target(s, index), MistakeClass.Derivative);
        yield return At("at other classes than the target's", s => index => index[1] != Target(s, index), MistakeClass.Derivative);
    }

    private static IEnumerable<Place> Operands()
    {
        foreach (var (name, text) in new[] { ("input", "the input"), ("mask", "the mask"), ("target", "the target") })
        {
            foreach (var (kind, holds) in Kinds())
                yield return new(
                    $"where {text} is {kind}", s =>
                    s.Case.Inputs.TryGetValue(name, out var x) && x.Length == s.Expected.Length ? flat => holds(x[flat]) : null);
            yield return new(
                $"where {text} is 100 or more in size", s =>
                s.Case.Inputs.TryGetValue(name, out var x) && x.Length == s.Expected.Length ? flat => Math.Abs(x[flat]) >= 100 : null);
        }
        foreach (var (kind, holds) in Kinds())
            yield return new(
                $"where the gradient that comes in is {kind}", s =>
                s.Case.Cotangents.TryGetValue("output", out var dy) && dy.Length == s.Expected.Length ? flat => holds(dy[flat]) : null);
    }

    private static IEnumerable<Place> Channels()
    {
        yield return At("in channels whose weight is 0", s => index => s.Case.Inputs.TryGetValue("weight", out var w) && w[index[1]] == 0);
        yield return At("in channels whose weight is negative", s => index => s.Case.Inputs.TryGetValue("weight", out var w) && w[index[1]] < 0);
    }

    private static IEnumerable<Place> Expected()
    {
        foreach (var (kind, holds) in Kinds())
            yield return new($"where the right value is {kind}", s => flat => holds(s.Expected[flat]));
    }

    /// <summary>The kinds of factors. "Other than 0" is not among them, because most mistakes are invisible where a factor is 0.</summary>
    private static IEnumerable<(string Kind, Func<double, bool> Holds)> Kinds() =>
    [
        ("0", value => value == 0), ("negative", value => value < 0), ("positive", value => value > 0), ("0 or negative", value => value <= 0),
        ("NaN", double.IsNaN), ("infinite", double.IsInfinity),
    ];

    private static IEnumerable<Place> Axis(string name, int axis)
    {
        var (first, last, others, low) = name switch
        {
            "N" => ("in the first image or row of the batch", "in the last image or row of the batch",
                "behind the first image or row of the batch (n > 0)", "n"),
            "H" or "OH" => ("in the first row", "in the last row", "behind the first row", "h"),
            "W" or "OW" => ("in the first column", "in the last column", "behind the first column", "w"),
            "C" => ("in the first channel", "in the last channel", "behind the first channel (c > 0)", "c"),
            _ => ($"at the first {name}", $"at the last {name}", $"behind the first {name}", name),
        };
        MistakeClass? batch = name == "N" ? MistakeClass.BatchIndex : name is "C" or "O" ? MistakeClass.ChannelIndex : null;
        yield return At(first, s => index => index[axis] == 0, batch);
        yield return At(
            last, s => index => index[axis] == s.Expected.Shape[axis] - 1, name is "H" or "W" or "OH" or "OW" ? MistakeClass.OddInput : batch);
        yield return At(others, s => index => index[axis] > 0, batch);
        yield return At($"before the last {low}", s => index => index[axis] < s.Expected.Shape[axis] - 1, batch);
        yield return At($"at odd {low}", s => index => index[axis] % 2 == 1);
        yield return At($"at even {low}", s => index => index[axis] % 2 == 0);
    }

    private static IEnumerable<Place> Borders(IReadOnlyList<string> names)
    {
        if (names.Count < 4)
            yield break;
        yield return At("in the last row or column", s => index => IsEnd(s, index, 2) || IsEnd(s, index, 3), MistakeClass.OddInput);
        yield return At("in the first row or column", s => index => index[2] == 0 || index[3] == 0);
        yield return At(
            "at the border", s => index => index[2] == 0 || index[3] == 0 || IsEnd(s, index, 2) || IsEnd(s, index, 3), MistakeClass.Padding);
        yield return At("inside, not at the border", s => index => !(index[2] == 0 || index[3] == 0 || IsEnd(s, index, 2) || IsEnd(s, index, 3)));
    }

    private static Place Rest(string name, params int[] axes) => At(name, s => new Windows(s.Case).Axes is var windows
        ? index => axes.Any(axis => windows[axis - 2].Remainder > 0 && IsEnd(s, index, axis)) : null, MistakeClass.OddInput);

    private static bool IsEnd(Sight s, int[] index, int axis) => index[axis] == s.Expected.Shape[axis] - 1;

    private static double Target(Sight s, int[] index) => s.Case.Input("target")[index[0]];

    private static int Flat(Sight s, int[] index) =>
        index.Select((at, axis) => (at, axis)).Aggregate(0, (flat, pair) => flat * s.Expected.Shape[pair.axis] + pair.at);

    private static Place At(string name, Func<Sight, Func<int[], bool>?> of, MistakeClass? mistake = null) =>
        new(name, s => of(s) is { } holds ? flat => holds(s.Expected.IndexOf(flat)) : null, mistake);
}
