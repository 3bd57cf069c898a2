using System.Numerics;
using Conformance.Oracle;

namespace Conformance.Suite.Diagnosing;

/// <summary>
/// Reads from a few answers which products an element is the sum of. Every answer is a number whose bits are counters: an operand's elements are powers of
/// two far enough apart that the sums over several groups of elements stand side by side in it. Groups that count something are halved until each is one
/// element. All of it stays below 2²⁰, so that a float32 engine is exact, and one that divides by 3 near enough.
/// </summary>
/// <param name="ask">The element, for the numbers of the left and the right operand.</param>
/// <param name="rights">The length of the right operand; 0 where there is none.</param>
internal sealed class TapReader(Func<double[], double[], double> ask, int lefts, int rights)
{
    private const int Bits = 20;
    private const int LargestDivisor = 400;

    /// <summary>What every factor is a multiple of: 1, or less where an answer was no whole number.</summary>
    private double _unit = 1;

    /// <exception cref="UnreadableException">The element is no sum of products with factors of one sign.</exception>
    public IReadOnlyList<TapProduct> Read()
    {
        while (true)
        {
            try
            {
                return [.. Products()];
            }
            catch (FinerUnitException finer)
            {
                _unit /= finer.Divisor;
            }
        }
    }

    private IEnumerable<TapProduct> Products()
    {
        var left = Counts(lefts, weights => ask(weights, Ones(rights)));
        if (rights == 0)
            return left.Select(one => new TapProduct(one.Key, -1, one.Value * _unit));
        var single = left.Keys.Where(at => left[at] == 1).ToArray();
        var several = left.Keys.Except(single).SelectMany(at => Counts(rights, weights => ask(Only(at), weights)).Select(one => new TapProduct(at, one.Key, one.Value * _unit)));
        return Partners(single).Concat([.. several]).OrderBy(product => product.Right).ThenBy(product => product.Left);
    }

    /// <summary>How often each of some elements is counted, without those that aren't.</summary>
    private Dictionary<int, long> Counts(int length, Func<double[], double> ask)
    {
        var total = ask(Ones(length));
        if (total < 0)
            _unit = -Math.Abs(_unit);
        var groups = new List<(int From, int To, long Count)> { (0, length, Whole(total)) };
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

    /// <summary>The right element of each left one that has a single partner: one bit of its address in each question.</summary>
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

    /// <summary>An answer in units; where it is no whole number of them, the unit is too large, and everything is read again.</summary>
    private long Whole(double answer)
    {
        var units = answer / _unit;
        if (!(units >= 0 && units < 1L << 40))
            throw NoSum();
        for (var divisor = 1; divisor <= LargestDivisor; divisor++)
            if (Math.Abs(units * divisor - Math.Round(units * divisor)) <= 1e-6 * Math.Max(divisor, units * divisor))
                return divisor == 1 ? (long)Math.Round(units) : throw new FinerUnitException(divisor);
        throw NoSum();
    }

    private double[] Only(int at)
    {
        var one = new double[lefts];
        one[at] = 1;
        return one;
    }

    private static double[] Ones(int length) => Tensor64.Zeros(length).Select(_ => 1).Data.ToArray();

    private static int Middle(int from, int to) => from + (to - from) / 2;

    /// <summary>How many bits hold every number up to this one.</summary>
    private static int Width(long count) => BitOperations.Log2((ulong)count) + 1;

    /// <summary>Groups whose counters fit into one answer.</summary>
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
