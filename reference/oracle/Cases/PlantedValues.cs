namespace Conformance.Oracle;

/// <summary>
/// Words of an id that change the numbers of the drawn tensors, of any operation: <c>huge</c> changes every tensor of floats, <c>huge.weight</c> the
/// weight alone.
/// </summary>
public static class PlantedValues
{
    /// <summary>
    /// Powers of two, so that scaled integers stay exact, and the squares and products of two scaled numbers stay within float32's normal numbers.
    /// </summary>
    private static readonly (string Word, int Exponent)[] Scales = [("big", 10), ("huge", 40), ("tiny", -40), ("subnormal", -140)];

    private static readonly (string Word, Func<Tensor64, Tensor64> Plant)[] NotFinite = [("special", Special), ("nan", OneNaN)];

    private static readonly (string Word, Func<Tensor64, Tensor64> Change)[] Others = [("mzero", NegativeZeros), ("same", Same)];

    /// <summary>The drawn case with the numbers that the rest of its id asks for.</summary>
    /// <param name="integers">The inputs that hold integers, such as class numbers. No word changes them.</param>
    /// <exception cref="ArgumentException">A word names a tensor that the case does not have.</exception>
    internal static LayerCase Change(Spelling spelling, LayerCase drawn, IReadOnlyCollection<string> integers)
    {
        foreach (var (word, exponent) in Scales)
            while (spelling.WordOf(word) is { } tensor)
                drawn = Changed(drawn with { Tier = Tier.Bounded }, tensor,
                    value => value.Select(number => (float)Math.ScaleB(number, exponent)));
        foreach (var (word, change) in Others)
            while (spelling.WordOf(word) is { } tensor)
                drawn = Changed(drawn, tensor, change);
        var met = Met(drawn);
        var planted = met;
        foreach (var (word, plant) in NotFinite)
            while (spelling.WordOf(word) is { } tensor)
                planted = Changed(planted, tensor, plant);
        return ReferenceEquals(planted, met) ? drawn : planted;

        LayerCase Changed(LayerCase layerCase, string tensor, Func<Tensor64, Tensor64> change)
        {
            var found = tensor is "" or OperandDefect.Cotangent || (layerCase.Inputs.ContainsKey(tensor) && !integers.Contains(tensor));
            return found
                ? layerCase with
                {
                    Inputs = layerCase.Inputs.ToDictionary(pair => pair.Key, pair =>
                        !integers.Contains(pair.Key) && (tensor.Length == 0 || tensor == pair.Key) ? change(pair.Value) : pair.Value),
                    Cotangents = tensor is "" or OperandDefect.Cotangent
                        ? layerCase.Cotangents.ToDictionary(pair => pair.Key, pair => change(pair.Value)) : layerCase.Cotangents,
                }
                : throw spelling.Error($"there is no tensor '{tensor}' of floats: there are "
                    + string.Join(", ", layerCase.Inputs.Keys.Except(integers).Append(OperandDefect.Cotangent)));
        }

        // 0·∞ is NaN, and an engine may leave products with 0 out. ∞ − ∞ is NaN too, and an engine may sum dy and x·dy apart. So nothing that meets
        // these numbers is 0, and the output gradient has one sign.
        LayerCase Met(LayerCase layerCase) => layerCase with
        {
            Inputs = layerCase.Inputs.ToDictionary(pair => pair.Key, pair => integers.Contains(pair.Key) ? pair.Value : WithoutZeros(pair.Value)),
            Cotangents = layerCase.Cotangents.ToDictionary(pair => pair.Key, pair => WithoutZeros(pair.Value).Select(Math.Abs)),
        };
    }

    /// <summary>
    /// By rows, the first axis: NaN, ∞, −∞, NaN beside −∞, ∞ beside −∞, −∞ throughout, and the rest as it is. Row k has its number in column k, along
    /// the second axis, so that results over rows and over columns are judged apart. A tensor of one axis has the first three in turn.
    /// </summary>
    private static Tensor64 Special(Tensor64 tensor)
    {
        var data = tensor.Data.ToArray();
        if (tensor.Rank == 1)
        {
            for (var k = 0; k < Math.Min(3, data.Length); k++)
                data[k] = new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity }[k];
            return new(tensor.Shape, data);
        }
        for (var row = 0; row < Math.Min(6, tensor.Shape[0]); row++)
            for (var column = 0; column < tensor.Shape[1]; column++)
                data[At(tensor, row, column)] = (row, (column - row % tensor.Shape[1] + tensor.Shape[1]) % tensor.Shape[1]) switch
                {
                    (0 or 3, 0) => double.NaN,
                    (1 or 4, 0) => double.PositiveInfinity,
                    (2, 0) or (3 or 4, 1) or (5, _) => double.NegativeInfinity,
                    _ => data[At(tensor, row, column)],
                };
        return new(tensor.Shape, data);
    }

    /// <summary>Every 0 is replaced by the first number that is not 0.</summary>
    private static Tensor64 WithoutZeros(Tensor64 tensor)
    {
        var other = Nonzero(tensor);
        return tensor.Select(number => number == 0 ? other : number);
    }

    /// <summary>A NaN as the first element.</summary>
    private static Tensor64 OneNaN(Tensor64 tensor)
    {
        var first = true;
        return tensor.Select(number => first && !(first = false) ? double.NaN : number);
    }

    /// <summary>Every second zero is −0, from the first on.</summary>
    private static Tensor64 NegativeZeros(Tensor64 tensor)
    {
        var negative = false;
        return tensor.Select(number => number == 0 && (negative = !negative) ? double.NegativeZero : number);
    }

    /// <summary>Every element is the first that is not 0.</summary>
    private static Tensor64 Same(Tensor64 tensor)
    {
        var first = Nonzero(tensor);
        return tensor.Select(_ => first);
    }

    private static double Nonzero(Tensor64 tensor) => tensor.Data.ToArray().FirstOrDefault(number => number != 0);

    /// <summary>The position of [row, column, …]: along the other axes the row's number, as far as they reach.</summary>
    private static int At(Tensor64 tensor, int row, int column)
    {
        var flat = row * tensor.Shape[1] + column;
        foreach (var extent in tensor.Shape[2..])
            flat = flat * extent + row % extent;
        return flat;
    }
}
