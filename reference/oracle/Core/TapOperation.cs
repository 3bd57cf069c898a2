using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Conformance.Oracle;

/// <summary>
/// An operation defined by a set of taps (o, i, k). One enumerator gives every pass:
/// <code>
/// forward  y[o] += x[i]·w[k]      input gradient   dx[i] += dy[o]·w[k]
/// bias     y[o] += b[k]           weight gradient  dw[k] += dy[o]·x[i]      bias gradient  db[k] += dy[o]
/// </code>
/// So the gradients follow from the definition, and not from a second formula that could have the same mistake.
/// </summary>
public abstract class TapOperation : Operation
{
    private const long MostTaps = 100_000_000;
    private const int LargestBias = 9;

    /// <summary>The names of all results, in the order of an answer.</summary>
    private static readonly string[] Names = ["output", "input", "weight", "bias"];

    private static readonly Passes[] EachPass = [Passes.Forward, Passes.InputGradient, Passes.WeightGradient, Passes.BiasGradient];

    // A case is what it is by being that object: its contents are large. What is kept of a case goes with it.
    private readonly ConditionalWeakTable<LayerCase, ConcurrentDictionary<(Passes, Summation?), LayerResult>> _right = [];

    /// <summary>
    /// Whether a single term is the input's element itself (max pool, ReLU) and so exact. Otherwise the element is multiplied or divided, and
    /// rounded.
    /// </summary>
    protected virtual bool Picks => false;

    /// <summary>The output's shape: [N, …].</summary>
    protected abstract int[] OutputShape(LayerCase layerCase);

    /// <summary>
    /// Walks over the taps of one pass, or of several passes with the same taps, so that one walk feeds several sums. If the defect changes taps,
    /// over the wrong taps.
    /// </summary>
    protected abstract void Walk<TTaker>(LayerCase layerCase, Passes pass, Defect? defect, TTaker taker)
        where TTaker : struct, ITapTaker;

    /// <summary>The wanted taps of the correct answer.</summary>
    public IReadOnlyList<Tap> TapsOf(LayerCase layerCase, Func<Tap, bool> isWanted) => TapsOf(layerCase, Passes.Forward, null, isWanted);

    /// <summary>The wanted taps of one pass with a defect. If the defect is in another pass or not in the taps, the taps are correct.</summary>
    public IReadOnlyList<Tap> TapsOf(LayerCase layerCase, Passes pass, Defect? defect, Func<Tap, bool> isWanted)
    {
        var taps = new List<Tap>();
        Walk(layerCase, pass, defect, new TapList(taps, isWanted));
        return taps;
    }

    /// <summary>Computes the forward pass only.</summary>
    public Tensor64 Forward(LayerCase layerCase, Defect? defect = null) => Sums(layerCase, Passes.Forward, defect, float32: null).Outputs["output"];

    /// <summary>B: each sum over the absolute values of its terms, by the names of the answer.</summary>
    public LayerResult Magnitudes(LayerCase layerCase, Defect? defect = null) =>
        Sums(layerCase, Passes.All, defect, length => new Magnitudes(length));

    /// <summary>K: the number of terms of each sum, by the names of the answer.</summary>
    public LayerResult TermCounts(LayerCase layerCase, Defect? defect = null) =>
        Sums(layerCase, Passes.All, defect, length => new TermCounts(length));

    /// <summary>
    /// The answer of an engine that computes in float32: every term is rounded, and the terms are added in the given order. With a defect, that
    /// engine has it.
    /// </summary>
    public LayerResult Float32(LayerCase layerCase, Summation order, Defect? defect) => Answer(layerCase, defect, order);

    protected sealed override LayerResult Answer(LayerCase layerCase, Defect? defect) => Answer(layerCase, defect, null);

    protected sealed override LayerResult AnswerInFloat32(LayerCase layerCase, Summation order) =>
        Answer(layerCase, null, order).Select((_, tensor) => tensor.Select(value => (float)value));

    /// <summary>Outputs and gradients. A case without a cotangent has only outputs.</summary>
    /// <param name="float32">The order of float32 summation; null for float64.</param>
    protected virtual LayerResult Answer(LayerCase layerCase, Defect? defect, Summation? float32)
    {
        var passes = layerCase.Cotangents.Count == 0 ? Passes.Forward : Passes.All;
        if (defect is null)
            return Sums(layerCase, passes, null, float32);
        // Hundreds of defects are tried on one case. The passes that a defect is not in are right, and they are computed once for all of them.
        var touched = EachPass.Where(pass => defect.InPass(pass) is not null).Aggregate(Passes.None, (one, other) => one | other);
        var right = _right.GetValue(layerCase, _ => []).GetOrAdd((passes & ~touched, float32), key => Sums(layerCase, key.Item1, null, key.Item2));
        var wrong = Sums(layerCase, passes & touched, defect, float32);
        return new(Joined(right.Outputs, wrong.Outputs), Joined(right.Gradients, wrong.Gradients));

        static Dictionary<string, Tensor64> Joined(IReadOnlyDictionary<string, Tensor64> right, IReadOnlyDictionary<string, Tensor64> wrong) =>
            right.Concat(wrong).OrderBy(pair => Array.IndexOf(Names, pair.Key)).ToDictionary();
    }

    /// <summary>
    /// The tolerance is 0 in the exact tier. Otherwise it is <see cref="ErrorBound.Accumulated"/> of <see cref="Magnitudes"/> and
    /// <see cref="TermCounts"/>; an element that is selected and not summed stays exact.
    /// </summary>
    public override ErrorBound Bound(LayerCase layerCase, LayerResult expected) =>
        layerCase.Tier == Tier.Exact ? ErrorBound.Exact : Accumulated(layerCase, null, Picks, _ => false);

    /// <summary>
    /// The bound over the terms of the engine's convention. In the exact tier, a tensor stays exact if its sums are still integers.
    /// </summary>
    public override ErrorBound BoundUnder(LayerCase layerCase, LayerResult answer, Defect? meant) => Accumulated(
        layerCase, meant, picks: false, magnitudes =>
            layerCase.Tier == Tier.Exact && !magnitudes.Data.ToArray().Any(sum => double.IsFinite(sum) && !double.IsInteger(sum)));

    private ErrorBound Accumulated(LayerCase layerCase, Defect? defect, bool picks, Func<Tensor64, bool> isExact)
    {
        var terms = TermCounts(layerCase, defect).Tensors.ToDictionary();
        var magnitudes = Magnitudes(layerCase, defect).Tensors.Where(pair => !isExact(pair.Value)).ToDictionary();
        return new(magnitudes.ToDictionary(pair => pair.Key, pair => ErrorBound.Accumulated(pair.Value, terms[pair.Key], picks)))
        {
            Spreads = !layerCase.Inputs.ContainsKey("weight") ? new Dictionary<string, Spread>()
                : magnitudes.ToDictionary(pair => pair.Key, pair => ErrorBound.SpreadOf(pair.Value, terms[pair.Key])),
        };
    }

    /// <summary>Refuses a geometry with so many taps that a walk would take minutes.</summary>
    protected static void RefuseHuge(Spelling spelling, int outputs, int termsOfEach)
    {
        if ((long)outputs * termsOfEach > MostTaps)
            throw spelling.Error($"more than {MostTaps} multiplications");
    }

    /// <summary>
    /// Refuses integers whose sums float32 would round. K terms of at most <c>Product</c> each, and a bias, must stay within 2²⁴, for the output
    /// and for each gradient.
    /// </summary>
    protected static void RequireBudget(Spelling spelling, params ReadOnlySpan<(int Terms, int Product)> sums)
    {
        foreach (var (terms, product) in sums)
            if ((long)terms * product > ErrorBound.Budget - LargestBias)
                throw spelling.Error($"a sum of {terms} integer products would not be exact in float32: add the word float");
    }

    /// <param name="float32">The order of float32 summation; null for float64.</param>
    private LayerResult Sums(LayerCase layerCase, Passes passes, Defect? defect, Summation? float32)
    {
        if (float32 is not { } order)
            return Sums(layerCase, passes, defect, length => new Sums64(length));
        if (layerCase.Tier == Tier.Exact)
        {
            var all = new List<ExactSums>();
            var results = Sums(layerCase, passes, defect, length => Kept(new(length)));
            if (all.TrueForAll(sums => sums.AreExact))
                return results;

            ExactSums Kept(ExactSums sums)
            {
                all.Add(sums);
                return sums;
            }
        }
        return Sums(layerCase, passes, defect, length => new Sums32(length, order));
    }

    /// <summary>
    /// The sums of several passes. Passes that a defect changes have separate walks, because their taps or operands are wrong.
    /// </summary>
    /// <param name="empty">Sums of a given number of elements, without terms yet.</param>
    private LayerResult Sums<TSums>(LayerCase layerCase, Passes passes, Defect? defect, Func<int, TSums> empty)
        where TSums : struct, ISums
    {
        var (x, w, b, shape) = (layerCase.Input("input"), layerCase.Inputs.GetValueOrDefault("weight"), layerCase.Inputs.GetValueOrDefault("bias"),
            OutputShape(layerCase));
        var elements = Tensor64.Zeros(shape).Length;
        var (y, dx, dw, db) = (empty(elements), empty(x.Length), empty(w?.Length ?? 0), empty(b?.Length ?? 0));
        foreach (var alike in EachPass.Where(pass => (passes & pass) != 0).GroupBy(pass => defect?.InPass(pass)))
            AddTerms(alike.Aggregate((one, other) => one | other), alike.Key);

        var outputs = new Dictionary<string, Tensor64>();
        var gradients = new Dictionary<string, Tensor64>();
        Keep(outputs, "output", Passes.Forward, shape, y);
        Keep(gradients, "input", Passes.InputGradient, x.Shape, dx);
        if (w is not null)
            Keep(gradients, "weight", Passes.WeightGradient, w.Shape, dw);
        if (b is not null)
            Keep(gradients, "bias", Passes.BiasGradient, b.Shape, db);
        return new(outputs, gradients);

        void AddTerms(Passes passes, Defect? defect)
        {
            var read = Operands.Read(layerCase, defect);
            if (read.B is { } bias && (passes & Passes.Forward) != 0)
                for (var o = 0; o < elements; o++)
                    y.Add(o, bias[Channel(shape, o)]);
            if (read.B is not null && (passes & Passes.BiasGradient) != 0)
                for (var o = 0; o < elements; o++)
                    db.Add(Channel(shape, o), read.Dy![o]);
            if (read.W is null)
                passes &= ~Passes.WeightGradient;
            if ((passes & ~Passes.BiasGradient) != 0)
                Walk(layerCase, passes, defect, new Products<TSums>(
                    read, passes, defect is not null && defect.Parts.Any(part => part is AssignDefect), y, dx, dw));
        }

        void Keep(Dictionary<string, Tensor64> results, string name, Passes pass, ReadOnlySpan<int> shape, TSums sums)
        {
            if ((passes & pass) != 0)
                results[name] = (defect?.InPass(pass)?.Parts ?? []).Aggregate(new Tensor64(shape, sums.Results()), (result, part) => part switch
                {
                    ScaleDefect scale when scale.Factor(layerCase) is var factor => result.Select(value => value * factor),
                    ResultDefect change => change.Change(layerCase, result),
                    CaseDefect change => Forward(change.Change(layerCase)),
                    _ => result,
                });
        }
    }

    /// <summary>The channel of an output element, on the second axis of [N, O, …]. It is also the index into the bias.</summary>
    private static int Channel(ReadOnlySpan<int> shape, int output)
    {
        foreach (var extent in shape[2..])
            output /= extent;
        return output % shape[1];
    }

    /// <summary>The tensors that the taps multiply.</summary>
    private sealed record Operands(Tensor64 X, Tensor64? W, Tensor64? B, Tensor64? Dy)
    {
        /// <param name="defect">A defect may change some of the tensors.</param>
        public static Operands Read(LayerCase layerCase, Defect? defect)
        {
            return new(Read("input", layerCase.Input("input"))!, Read("weight", layerCase.Inputs.GetValueOrDefault("weight")),
                Read("bias", layerCase.Inputs.GetValueOrDefault("bias")), Read("cotangent", layerCase.Cotangents.GetValueOrDefault("output")));

            Tensor64? Read(string name, Tensor64? right) => right is null ? null
                : (defect?.Parts ?? []).OfType<OperandDefect>().Where(wrong => wrong.Operand == name || wrong.Operand == OperandDefect.Every)
                    .Aggregate(right, (operand, wrong) => wrong.Change(layerCase, operand));
        }
    }

    /// <summary>Adds the product of each tap to the sums of some passes.</summary>
    /// <param name="assigns">Whether a product replaces the earlier ones.</param>
    private readonly struct Products<TSums>(Operands read, Passes passes, bool assigns, TSums y, TSums dx, TSums dw) : ITapTaker
        where TSums : struct, ISums
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Take(in Tap tap)
        {
            var factor = tap.Weight < 0 ? 1 : read.W![tap.Weight];
            if ((passes & Passes.Forward) != 0)
                Add(y, tap.Output, read.X[tap.Input] * factor, in tap);
            if ((passes & Passes.InputGradient) != 0)
                Add(dx, tap.Input, read.Dy![tap.Output] * factor, in tap);
            if ((passes & Passes.WeightGradient) != 0)
                Add(dw, tap.Weight, read.Dy![tap.Output] * read.X[tap.Input], in tap);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Add(TSums sums, int at, double product, in Tap tap)
        {
            product *= tap.Factor;
            var term = tap.Divisor == 1 ? product : product / tap.Divisor; // a division takes longer than all the rest
            if (assigns)
                sums.Assign(at, term);
            else
                sums.Add(at, term);
        }
    }
}
