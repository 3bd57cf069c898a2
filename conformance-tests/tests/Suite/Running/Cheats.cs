using Conformance.Oracle;
using Conformance.Suite.Diagnosing;
using Conformance.Suite.Judging;

namespace Conformance.Tests.Suite.Running;

/// <summary>Engines that want to pass without computing what they are asked.</summary>
internal static class Cheats
{
    private static readonly OracleSubject Right = new(Summation.Reversed);

    private static Question[] Stored => CheatTests.Stored;

    private static readonly Lazy<Dictionary<string, LayerResult>> ById = new(() => Stored.ToDictionary(one => one.Case.Id, one => one.Expected));

    private static readonly Lazy<Dictionary<string, LayerResult>> ByNumbers = new(() =>
        Stored.DistinctBy(one => Numbers(one.Case)).ToDictionary(one => Numbers(one.Case), one => one.Expected));

    /// <summary>Those that an ordinary check sees.</summary>
    public static IReadOnlyList<(string Name, Func<ISubject> Make)> Seen { get; } =
    [
        ("stored answers by id", () => Engine(asked => ById.Value.GetValueOrDefault(asked.Id) ?? Zeros(asked))),
        ("stored answers by a hash of the request", () => Engine(asked => ByNumbers.Value.GetValueOrDefault(Numbers(asked)) ?? Zeros(asked))),
        ("stored answers, and else not supported", () => Engine(asked => ByNumbers.Value.GetValueOrDefault(Numbers(asked))
            ?? throw new NotSupportedException("other numbers"))),
        ("stored answers, and else an error", () => Engine(asked => ByNumbers.Value.GetValueOrDefault(Numbers(asked))
            ?? throw new InvalidOperationException("never seen"))),
        ("the stored file of the id on the disk", () => Engine(asked => Repository.Fixtures.Has(asked.Id)
            ? Repository.Fixtures.Vector(asked.Id).Question.Expected : Zeros(asked))),
        ("the stored answer with the nearest numbers", () => Engine(asked => Stored.Where(one => HasSizes(one.Case, asked))
            .MinBy(one => Distance(one.Case, asked))?.Expected ?? Zeros(asked))),
        ("zeros", () => Engine(Zeros)),
        ("ones", () => Engine(asked => Each(Zeros(asked), _ => 1))),
        ("NaN", () => Engine(asked => Each(Zeros(asked), _ => double.NaN))),
        ("the previous answer", Previous),
        ("the previous answer where it has the same shapes", PreviousOfShape),
        ("bfloat16 inside", () => Engine(asked => Each(Right.Run(Rounded(asked, 8)), value => Short(value, 8)))),
        ("float16 inside", () => Engine(asked => Each(Right.Run(Rounded(asked, 11)), value => Short(value, 11)))),
        ("TF32 inside", () => Engine(asked => Right.Run(Rounded(asked, 11)))),
        ("four decimals", () => Engine(asked => Each(Right.Run(asked), value => Math.Round(value, 4)))),
        ("gradients of zero", () => Engine(asked => WithGradients(Right.Run(asked), _ => 0))),
        ("gradients of one", () => Engine(asked => WithGradients(Right.Run(asked), _ => 1))),
        ("gradients to three digits", () => Engine(asked => WithGradients(Right.Run(asked), value => Short(value, 10) * 1.001))),
        ("no gradients where the numbers are not known", () => Engine(asked => ByNumbers.Value.ContainsKey(Numbers(asked)) ? Right.Run(asked)
            : Right.Run(asked) with { Gradients = new Dictionary<string, Tensor64>() })),
        ("wrong with another seed", () => Engine(asked => asked.Seed == 1 ? Right.Run(asked) : Zeros(asked))),
        ("careless with numbers that are not stored", () => Engine(asked =>
            ByNumbers.Value.ContainsKey(Numbers(asked)) ? Right.Run(asked) : Each(Right.Run(asked), value => value * 1.01))),
        ("stored answers in the order of the questions", InOrder),
        ("right fifty times", FiftyTimes),
        ("every seventh question is answered with the one before", EverySeventh),
        ("gradients add up, and a repeated question gets its first answer", () => Memo(Accumulating())),
        ("stale memory, and a repeated question gets its first answer", () => Memo(Stale("linear.context-of-first-call"))),
        ("memory that is not cleared, and a repeated question gets its first answer", () => Memo(Stale("linear.output-not-cleared"))),
        ("right for integers", () => Engine(asked => Right.Run(Each(asked, Math.Truncate)))),
        ("right for small numbers", () => Engine(asked => Right.Run(Each(asked, value => Math.Clamp(value, -5, 5))))),
        ("right for the first image", () => Engine(asked => Each(Right.Run(asked), (value, i, length) => i < (length + 1) / 2 ? value : 0))),
    ];

    /// <summary>Those that only a strict check sees.</summary>
    public static IReadOnlyList<(string Name, Func<ISubject> Make)> SeenByStrict { get; } =
    [
        ("answers of an earlier run", EarlierRun),
        ("right for stored sizes", () => Engine(asked => Stored.Any(one => HasSizes(one.Case, asked)) ? Right.Run(asked) : Zeros(asked))),
        ("right for stored ids", () => Engine(asked => ById.Value.ContainsKey(asked.Id) ? Right.Run(asked) : Zeros(asked))),
    ];

    private static Cheat Engine(Func<LayerCase, LayerResult> run) => new Cheat(run);

    private static Cheat Previous()
    {
        LayerResult? before = null;
        return Engine(asked =>
        {
            var answer = before ?? Right.Run(asked);
            before = Right.Run(asked);
            return answer;
        });
    }

    private static Cheat PreviousOfShape()
    {
        var before = new Dictionary<string, LayerResult>();
        return Engine(asked =>
        {
            var (key, right) = (string.Join(' ', asked.Inputs.Select(pair => $"{asked.Op} {pair.Key}{pair.Value}")), Right.Run(asked));
            var answer = before.GetValueOrDefault(key) ?? right;
            before[key] = right;
            return answer;
        });
    }

    private static Cheat InOrder()
    {
        var next = 0;
        return Engine(_ => Stored[next++ % Stored.Length].Expected);
    }

    private static Cheat FiftyTimes()
    {
        var left = 50;
        return Engine(asked => left-- > 0 ? Right.Run(asked) : Zeros(asked));
    }

    private static Cheat EverySeventh()
    {
        var (count, before) = (0, LayerResult.Empty);
        return Engine(asked => before = ++count % 7 == 0 ? before : Right.Run(asked));
    }

    private static Cheat Accumulating()
    {
        var sums = new Dictionary<string, LayerResult>();
        return Engine(asked =>
        {
            var (key, right) = (string.Join(' ', asked.Inputs.Select(pair => $"{asked.Op} {pair.Key}{pair.Value}")), Right.Run(asked));
            var before = sums.GetValueOrDefault(key)?.Gradients;
            return sums[key] = before is null ? right : right with
            {
                Gradients = right.Gradients.ToDictionary(pair => pair.Key, pair =>
                {
                    var i = 0;
                    return pair.Value.Select(value => value + before[pair.Key][i++]);
                }),
            };
        });
    }

    private static ISubject Stale(string id) => StaleDefects.All.Single(defect => defect.Id == id).Wrap(Right);

    private static Cheat Memo(ISubject engine)
    {
        var known = new Dictionary<string, LayerResult>();
        return Engine(asked => known.TryGetValue(Numbers(asked), out var answer) ? answer : known[Numbers(asked)] = engine.Run(asked));
    }

    /// <summary>It has what a right engine answered when it was asked the same.</summary>
    private static Cheat EarlierRun()
    {
        var answers = new Dictionary<string, LayerResult>();
        CheatTests.Judged(Engine(asked => answers[Numbers(asked)] = Right.Run(asked)), seed: null);
        return Engine(asked => answers.GetValueOrDefault(Numbers(asked)) ?? Zeros(asked));
    }

    private static string Numbers(LayerCase asked) => $"{asked.Op} " + string.Join(' ', asked.Attributes.All) + string.Join(
        ' ', asked.Inputs.Concat(asked.Cotangents).Select(pair => $"{pair.Key}{pair.Value}{string.Join(',', pair.Value.Data.ToArray())}"));

    private static bool HasSizes(LayerCase one, LayerCase other) => one.Op == other.Op && one.Inputs.Count == other.Inputs.Count
        && one.Inputs.All(pair => other.Inputs.TryGetValue(pair.Key, out var tensor) && tensor.HasShape(pair.Value.Shape));

    private static double Distance(LayerCase one, LayerCase other) =>
        one.Inputs.Sum(pair => pair.Value.Data.ToArray().Zip(other.Inputs[pair.Key].Data.ToArray()).Sum(two => Math.Abs(two.First - two.Second)));

    private static LayerResult Zeros(LayerCase asked) => Each(Right.Run(asked), _ => 0);

    private static LayerResult Each(LayerResult result, Func<double, double> change) => result.Select((_, tensor) => tensor.Select(change));

    private static LayerResult Each(LayerResult result, Func<double, int, int, double> change) => result.Select((_, tensor) =>
    {
        var i = 0;
        return tensor.Select(value => change(value, i++, tensor.Length));
    });

    private static LayerCase Each(LayerCase asked, Func<double, double> change) =>
        asked with { Inputs = asked.Inputs.ToDictionary(pair => pair.Key, pair => pair.Value.Select(change)) };

    private static LayerResult WithGradients(LayerResult result, Func<double, double> change) =>
        result with { Gradients = result.Gradients.ToDictionary(pair => pair.Key, pair => pair.Value.Select(change)) };

    private static LayerCase Rounded(LayerCase asked, int bits) => Each(asked, value => Short(value, bits));

    /// <summary>A number to so many binary digits.</summary>
    private static double Short(double value, int bits)
    {
        if (value == 0 || !double.IsFinite(value))
            return value;
        var unit = Math.ScaleB(1, Math.ILogB(value) - bits + 1);
        return Math.Round(value / unit) * unit;
    }

    private sealed class Cheat(Func<LayerCase, LayerResult> run) : ISubject
    {
        public string Name => "cheat";

        public LayerResult Run(LayerCase layerCase) => run(layerCase);
    }
}
