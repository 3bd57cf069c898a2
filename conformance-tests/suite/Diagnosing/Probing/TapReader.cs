using System.Numerics;
using Conformance.Oracle;

namespace Conformance.Suite.Diagnosing.Probing;

/// <summary>
/// Finds the products of a sum from a few answers. The bits of each answer are counters: an operand's elements are powers of two, far enough apart
/// that the sums over several groups of elements do not overlap. A group with a count is halved until it is a single element. All numbers stay below
/// 2²⁰, so that a float32 engine is exact, and one that divides by 3 is accurate enough.
/// </summary>
/// <param name="ask">Returns the element for the numbers of the left and the right operand.</param>
/// <param name="rights">The length of the right operand; 0 if there is none.</param>
internal sealed class TapReader(Func<double[], double[], double> ask, int lefts, int rights)
{
    private const int Bits = 18;
    private const int LargestDivisor = 400;
    private const double MostNoise = 0.1;

    /// <summary>The unit of all factors: 1, or less if an answer was no integer.</summary>
    private double _unit = 1;

    /// <exception cref="UnreadableException">The element is no sum of products with factors of one sign.</exception>
    public IReadOnlyList<TapProduct> Read()
    {
        FindUnit(3);
        for (var searched = false; ;)
        {
            var unit = _unit;
            try
            {
                TapProduct[] products = [.. Products()];
                return Predicts(products) ? products : throw NoSum();
            }
            catch (FinerUnitException finer)
            {
                _unit /= finer.Divisor;
            }
            catch (UnreadableException) when (!searched)
            {
                // Fractions may add up to integers by chance, and counters are then misread.
                searched = true;
                FindUnit(8);
                if (_unit == unit)
                    throw;
            }
        }
    }

    /// <summary>Finds a small enough unit, and its sign, from answers to random numbers.</summary>
    private void FindUnit(int questions)
    {
        for (var i = 0; i < questions; i++)
        {
            var answer = ask(AtRandom(lefts, $"unit {questions} {i}"), Ones(rights));
            if (answer < 0)
                _unit = -Math.Abs(_unit);
            try
            {
                Whole(answer);
            }
            catch (FinerUnitException finer)
            {
                _unit /= finer.Divisor;
            }
        }
    }

    private bool Predicts(TapProduct[] products)
    {
        var (left, right) = (AtRandom(lefts, "left"), AtRandom(rights, "right"));
        var predicted = products.Sum(product => product.Factor * left[product.Left] * (rights == 0 ? 1 : right[product.Right]));
        return Math.Abs(predicted - ask(left, right)) <= 1e-5 * Math.Abs(predicted);
    }

    private IEnumerable<TapProduct> Products()
    {
        var left = Counts(lefts, weights => ask(weights, Ones(rights)));
        if (rights == 0)
            return left.Select(one => new TapProduct(one.Key, -1, one.Value * _unit));
        var single = left.Keys.Where(at => left[at] == 1).ToArray();
        var several = left.Keys.Except(single)
            .SelectMany(at => Counts(rights, weights => ask(Only(at), weights)).Select(one => new TapProduct(at, one.Key, one.Value * _unit)));
        return Partners(single).Concat([.. several]).OrderBy(product => product.Right).ThenBy(product => product.Left);
    }

    /// <summary>The count of each element; elements with a count of 0 are left out.</summary>
    private Dictionary<int, long> Counts(int length, Func<double[], double> ask)
    {
        var groups = new List<(int From, int To, long Count)> { (0, length, Whole(ask(Ones(length)))) };
        while (groups.Exists(group => group.To - group.From > 1 && group.Count > 0))
        {
            var halved = groups.Where(group => group.Count > 0 && group.To - group.From == 1).ToList();
            foreach (var pack in Packs(groups.Where(group => group.Count > 0 && group.To - group.From > 1), group => Width(group.Count)))
            {
                var (weights, shift) = (new double[length], 0);
                foreach (var (from, to, count) in pack)
                {
                    weights.AsSpan(from..Middle(from, to)).Fill(1L << shift);
                    shift += Width(count);
                }
                var rest = Whole(ask(weights));
                foreach (var (from, to, count) in pack)
                {
                    var first = rest & ((1L << Width(count)) - 1);
                    rest >>= Width(count);
                    if (first > count)
                        throw NoSum();
                    halved.AddRange([(from, Middle(from, to), first), (Middle(from, to), to, count - first)]);
                }
                if (rest != 0)
                    throw NoSum();
            }
            groups = halved;
        }
        return groups.Where(group => group.Count > 0).ToDictionary(group => group.From, group => group.Count);
    }

    /// <summary>The right element of each left element that has a single partner. Each question gives one bit of its address.</summary>
    private IEnumerable<TapProduct> Partners(int[] single)
    {
        foreach (var pack in single.Chunk(Bits))
        {
            var address = new int[pack.Length];
            for (var bit = 0; 1 << bit < rights; bit++)
            {
                var weights = new double[lefts];
                for (var i = 0; i < pack.Length; i++)
                    weights[pack[i]] = 1L << i;
                var answer = Whole(ask(weights, [.. Enumerable.Range(0, rights).Select(at => (double)(at >> bit & 1))]));
                if (answer >> pack.Length != 0)
                    throw NoSum();
                for (var i = 0; i < pack.Length; i++)
                    address[i] |= (int)(answer >> i & 1) << bit;
            }
            for (var i = 0; i < pack.Length; i++)
                yield return address[i] < rights ? new(pack[i], address[i], _unit) : throw NoSum();
        }
    }

    /// <summary>An answer as a number of units. If it is no integer, the unit is too large, and everything is read again.</summary>
    private long Whole(double answer)
    {
        var units = answer / _unit;
        if (!(units >= 0 && units < 1L << 40))
            throw NoSum();
        for (var divisor = 1; divisor <= LargestDivisor; divisor++)
            if (Math.Abs(units * divisor - Math.Round(units * divisor)) <= Math.Min(MostNoise, 1e-6 * divisor * Math.Max(1, units)))
                return divisor == 1 ? (long)Math.Round(units) : throw new FinerUnitException(divisor);
        throw NoSum();
    }

    private static double[] AtRandom(int length, string name) => new Fill(1, "probe", name).Integers(1, 99, length).Data.ToArray();

    private double[] Only(int at)
    {
        var one = new double[lefts];
        one[at] = 1;
        return one;
    }

    private static double[] Ones(int length) => Tensor64.Zeros(length).Select(_ => 1).Data.ToArray();

    private static int Middle(int from, int to) => from + (to - from) / 2;

    /// <summary>The number of bits for all numbers up to this one.</summary>
    private static int Width(long count) => BitOperations.Log2((ulong)count) + 1;

    /// <summary>Packs groups so that their counters fit into one answer.</summary>
    private static IEnumerable<List<T>> Packs<T>(IEnumerable<T> all, Func<T, int> width)
    {
        var (pack, used) = (new List<T>(), 0);
        foreach (var one in all)
        {
            if (pack.Count > 0 && used + width(one) > Bits)
            {
                yield return pack;
                (pack, used) = ([], 0);
            }
            pack.Add(one);
            used += width(one);
        }
        if (pack.Count > 0)
            yield return pack;
    }

    private static UnreadableException NoSum() => new("the element is no sum of products");

    private sealed class FinerUnitException(int divisor) : Exception
    {
        public int Divisor => divisor;
    }
}
