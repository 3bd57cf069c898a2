using System.Runtime.CompilerServices;

namespace Conformance.Oracle;

/// <summary>
/// One multiplication of a layer, as flat positions: an output element, an input element and a weight element. <see cref="Weight"/> is −1 if the
/// layer has no weights (pools, ReLU). The product is multiplied by <see cref="Factor"/> (a slope) and divided by <see cref="Divisor"/> (the size of
/// an averaged window). These are two numbers, so that a division is rounded once.
/// </summary>
public readonly record struct Tap(int Output, int Input, int Weight = -1, double Factor = 1, double Divisor = 1);

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

    private static readonly Passes[] EachPass = [Passes.Forward, Passes.InputGradient, Passes.WeightGradient, Passes.BiasGradient];

    // A case is what it is by being that object: its contents are large. What is kept of a case goes with it.
    private readonly ConditionalWeakTable<LayerCase, LayerResult> _right = [];

    /// <summary>
    /// Whether a single term is the input's element itself (max pool, ReLU) and so exact. Otherwise the element is multiplied or divided, and
    /// rounded.
    /// </summary>
    protected virtual bool Picks => false;

    /// <summary>The output's shape: [N, …].</summary>
    protected abstract int[] OutputShape(LayerCase layerCase);

    /// <summary>
    /// The taps of one pass, or of several passes with the same taps, so that one walk over them feeds several sums. If the defect changes taps, the
    /// wrong taps.
    /// </summary>
    protected abstract IEnumerable<Tap> Taps(LayerCase layerCase, Passes pass, Defect? defect);

    /// <summary>Every tap of the correct answer.</summary>
    public IEnumerable<Tap> TapsOf(LayerCase layerCase) => Taps(layerCase, Passes.Forward, null);

    /// <summary>Every tap of one pass with a defect. If the defect is in another pass or not in the taps, the taps are correct.</summary>
    public IEnumerable<Tap> TapsOf(LayerCase layerCase, Passes pass, Defect? defect) => Taps(layerCase, pass, defect);

    /// <summary>Computes the forward pass only.</summary>
    public Tensor64 Forward(LayerCase layerCase, Defect? defect = null) => Sums(layerCase, Passes.Forward, defect).Outputs["output"];

    /// <summary>B: each sum over the absolute values of its terms, by the names of the answer.</summary>
    public LayerResult Magnitudes(LayerCase layerCase) => Sums(layerCase, Passes.All, null, Math.Abs);

    /// <summary>K: the number of terms of each sum, by the names of the answer.</summary>
    public LayerResult TermCounts(LayerCase layerCase) => Sums(layerCase, Passes.All, null, _ => 1);

    /// <summary>
    /// The answer of an engine that computes in float32: every term is rounded, and the terms are added in the given order. With a defect, that
    /// engine has it.
    /// </summary>
    public LayerResult Float32(LayerCase layerCase, Summation order, Defect? defect) => Answer(layerCase, defect, order);

    protected sealed override LayerResult Answer(LayerCase layerCase, Defect? defect) => Answer(layerCase, defect, null);

    /// <summary>The sums themselves read operands and write results, pass by pass.</summary>
    private protected sealed override LayerResult Written(LayerCase layerCase, Defect? defect) => Answer(layerCase, defect);

    protected sealed override LayerResult AnswerInFloat32(LayerCase layerCase, Summation order) =>
        Answer(layerCase, null, order).Select((_, tensor) => tensor.Select(value => (float)value));

    /// <summary>Outputs and gradients. A case without a cotangent has only outputs.</summary>
    /// <param name="float32">The order of float32 summation; null for float64.</param>
    protected virtual LayerResult Answer(LayerCase layerCase, Defect? defect, Summation? float32)
    {
        var passes = layerCase.Cotangents.Count == 0 ? Passes.Forward : Passes.All;
        if (defect is null || float32 is not null)
            return Sums(layerCase, passes, defect, null, float32);
        // Hundreds of defects are tried on one case. The passes that a defect is not in are right, and they are computed once for all of them.
        var right = _right.GetValue(layerCase, known => Sums(known, passes, null));
        var touched = EachPass.Where(pass => defect.InPass(pass) is not null).Aggregate(Passes.None, (one, other) => one | other);
        var wrong = Sums(layerCase, passes & touched, defect).Tensors.ToDictionary();
        return right.Select((name, tensor) => wrong.GetValueOrDefault(name, tensor));
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
        var terms = Sums(layerCase, Passes.All, defect, _ => 1).Tensors.ToDictionary();
        var magnitudes = Sums(layerCase, Passes.All, defect, Math.Abs).Tensors.Where(pair => !isExact(pair.Value)).ToDictionary();
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

    /// <summary>
    /// The sums of several passes. Passes that a defect changes have separate walks, because their taps or operands are wrong.
    /// </summary>
    /// <param name="of">The function of each term that is summed; the term itself if null.</param>
    /// <param name="float32">The order of float32 summation; null for float64.</param>
    private LayerResult Sums(LayerCase layerCase, Passes passes, Defect? defect, Func<double, double>? of = null, Summation? float32 = null)
    {
        var (x, w, b, shape) = (layerCase.Input("input"), layerCase.Inputs.GetValueOrDefault("weight"), layerCase.Inputs.GetValueOrDefault("bias"),
            OutputShape(layerCase));
        var (y, dx, dw, db) = (Empty(Tensor64.Zeros(shape).Length), Empty(x.Length), Empty(w?.Length ?? 0), Empty(b?.Length ?? 0));
        foreach (var alike in EachPass.Where(pass => (passes & pass) != 0).GroupBy(pass => defect?.InPass(pass)))
            Walk(alike.Aggregate((one, other) => one | other), alike.Key);

        var outputs = new Dictionary<string, Tensor64>();
        var gradients = new Dictionary<string, Tensor64>();
        Keep(outputs, "output", Passes.Forward, shape, y);
        Keep(gradients, "input", Passes.InputGradient, x.Shape, dx);
        if (w is not null)
            Keep(gradients, "weight", Passes.WeightGradient, w.Shape, dw);
        if (b is not null)
            Keep(gradients, "bias", Passes.BiasGradient, b.Shape, db);
        return new(outputs, gradients);

        Sums Empty(int length) => Oracle.Sums.Create(length, float32);

        void Walk(Passes passes, Defect? defect)
        {
            var (x, w, b, dy) = Operands(layerCase, defect);
            var (forward, input, weight) = (In(Passes.Forward), In(Passes.InputGradient), w is not null && In(Passes.WeightGradient));
            var assign = defect is not null && defect.Parts.Any(part => part is AssignDefect);
            var elements = Tensor64.Zeros(shape).Length;
            if (b is not null && forward)
                for (var o = 0; o < elements; o++)
                    y.Add(o, Term(b[Channel(shape, o)]));
            if (b is not null && In(Passes.BiasGradient))
                for (var o = 0; o < elements; o++)
                    db.Add(Channel(shape, o), Term(dy![o]));
            if (!forward && !input && !weight)
                return;
            foreach (var tap in Taps(layerCase, passes, defect))
            {
                var factor = tap.Weight < 0 ? 1 : w![tap.Weight];
                if (forward)
                    Add(y, tap.Output, x[tap.Input] * factor, in tap);
                if (input)
                    Add(dx, tap.Input, dy![tap.Output] * factor, in tap);
                if (weight)
                    Add(dw, tap.Weight, dy![tap.Output] * x[tap.Input], in tap);
            }

            bool In(Passes pass) => (passes & pass) != 0;

            void Add(Sums sums, int at, double product, in Tap tap)
            {
                product *= tap.Factor;
                var term = Term(tap.Divisor == 1 ? product : product / tap.Divisor); // a division takes longer than all the rest
                if (assign)
                    sums.Assign(at, term);
                else
                    sums.Add(at, term);
            }
        }

        double Term(double term) => of is null ? term : of(term);

        void Keep(Dictionary<string, Tensor64> results, string name, Passes pass, ReadOnlySpan<int> shape, Sums sums)
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

    /// <summary>The tensors that the taps multiply. A defect may change some of them.</summary>
    private static (Tensor64 X, Tensor64? W, Tensor64? B, Tensor64? Dy) Operands(LayerCase layerCase, Defect? defect)
    {
        return (Read("input", layerCase.Input("input"))!, Read("weight", layerCase.Inputs.GetValueOrDefault("weight")),
            Read("bias", layerCase.Inputs.GetValueOrDefault("bias")),
            Read(OperandDefect.Cotangent, layerCase.Cotangents.GetValueOrDefault("output")));

        Tensor64? Read(string name, Tensor64? right) => right is null ? null
            : (defect?.Parts ?? []).OfType<OperandDefect>().Where(wrong => wrong.Operand == name || wrong.Operand == OperandDefect.Every)
                .Aggregate(right, (operand, wrong) => wrong.Change(layerCase, operand));
    }

    /// <summary>The channel of an output element, on the second axis of [N, O, …]. It is also the index into the bias.</summary>
    private static int Channel(ReadOnlySpan<int> shape, int output)
    {
        foreach (var extent in shape[2..])
            output /= extent;
        return output % shape[1];
    }
}
