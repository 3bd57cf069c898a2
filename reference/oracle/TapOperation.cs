namespace Conformance.Oracle;

/// <summary>
/// One multiplication of a layer: which output element takes which input element times which weight element, as flat positions.
/// <see cref="Weight"/> is −1 where the layer has none (pools, ReLU). The product is multiplied by <see cref="Factor"/> (a slope) and divided by
/// <see cref="Divisor"/> (the size of an averaged window); two numbers, so that a division stays one rounding.
/// </summary>
public readonly record struct Tap(int Output, int Input, int Weight = -1, double Factor = 1, double Divisor = 1);

/// <summary>
/// An operation that is a set of taps (o, i, k). One enumerator gives everything:
/// <code>
/// forward  y[o] += x[i]·w[k]      input gradient   dx[i] += dy[o]·w[k]
/// bias     y[o] += b[k]           weight gradient  dw[k] += dy[o]·x[i]      bias gradient  db[k] += dy[o]
/// </code>
/// So the gradients follow from the definition, not from a second formula that could be wrong in the same way.
/// </summary>
public abstract class TapOperation : Operation
{
    private const long MostTaps = 100_000_000;
    private const int LargestBias = 9;

    /// <summary>
    /// Whether a single term is the input's element itself (max pool, ReLU), and so exact; else it is multiplied or divided on its way, and rounded.
    /// </summary>
    protected virtual bool Picks => false;

    /// <summary>The output's shape: [N, …].</summary>
    protected abstract int[] OutputShape(LayerCase layerCase);

    /// <summary>The taps of one pass; with a defect of that pass, the wrong ones.</summary>
    protected abstract IEnumerable<Tap> Taps(LayerCase layerCase, Passes pass, Defect? defect);

    /// <summary>The forward pass alone.</summary>
    public Tensor64 Forward(LayerCase layerCase, Defect? defect = null) => Forward(layerCase, Operands.Of(layerCase), defect);

    protected override LayerResult Answer(LayerCase layerCase, Defect? defect) => Answer(layerCase, Operands.Of(layerCase), defect);

    /// <summary>
    /// The exact tier's tolerance is 0. Else it is <see cref="ErrorBound.Accumulated"/>, where B is the same sum over absolute values and K the same
    /// sum over ones; what is picked and not summed stays exact.
    /// </summary>
    public override ErrorBound Bound(LayerCase layerCase, LayerResult expected, LayerResult float32)
    {
        if (layerCase.Tier == Tier.Exact)
            return ErrorBound.Exact;
        var operands = Operands.Of(layerCase);
        var magnitudes = Answer(layerCase, operands.Magnitudes, null).Tensors.ToDictionary();
        var terms = Answer(layerCase, operands.Ones, null).Tensors.ToDictionary();
        return new(magnitudes.ToDictionary(pair => pair.Key, pair => ErrorBound.Accumulated(pair.Value, terms[pair.Key], Picks)))
        {
            Spreads = operands.W is null ? new Dictionary<string, Spread>() : magnitudes.ToDictionary(pair => pair.Key, pair => ErrorBound.SpreadOf(pair.Value, terms[pair.Key])),
        };
    }

    /// <summary>Refuses a spelled geometry whose every tap would take minutes to walk.</summary>
    protected static void RefuseHuge(Spelling spelling, int outputs, int termsOfEach)
    {
        if ((long)outputs * termsOfEach > MostTaps)
            throw spelling.Error($"more than {MostTaps} multiplications");
    }

    /// <summary>
    /// Refuses integers whose sums float32 would round: K terms of at most <c>Product</c> each, and a bias, must stay within 2²⁴, for the output and for
    /// each gradient.
    /// </summary>
    protected static void RequireBudget(Spelling spelling, params ReadOnlySpan<(int Terms, int Product)> sums)
    {
        foreach (var (terms, product) in sums)
            if ((long)terms * product > ErrorBound.Budget - LargestBias)
                throw spelling.Error($"a sum of {terms} integer products would not be exact in float32: add the word float");
    }

    private Tensor64 Forward(LayerCase layerCase, Operands operands, Defect? defect)
    {
        var y = new Sum(Tensor64.Zeros(OutputShape(layerCase)), Passes.Forward);
        for (var o = 0; operands.B is not null && o < y.Length; o++)
            y[o] = operands.B[Channel(y.Shape, o)];
        y.Add(Taps(layerCase, Passes.Forward, defect), tap => tap.Output, tap => operands.Term(operands.X[tap.Input] * operands.Weight(tap), tap), defect);
        return y.Result(layerCase, defect);
    }

    private LayerResult Answer(LayerCase layerCase, Operands operands, Defect? defect)
    {
        var (x, w, b, dy) = (operands.X, operands.W, operands.B, operands.Dy);
        var y = Forward(layerCase, operands, defect);
        var dx = new Sum(x, Passes.InputGradient);
        dx.Add(Taps(layerCase, Passes.InputGradient, defect), tap => tap.Input, tap => operands.Term(dy![tap.Output] * operands.Weight(tap), tap), defect);
        var gradients = new Dictionary<string, Tensor64> { ["input"] = dx.Result(layerCase, defect) };
        if (w is not null)
        {
            var dw = new Sum(w, Passes.WeightGradient);
            dw.Add(Taps(layerCase, Passes.WeightGradient, defect), tap => tap.Weight, tap => operands.Term(dy![tap.Output] * x[tap.Input], tap), defect);
            gradients["weight"] = dw.Result(layerCase, defect);
        }
        if (b is not null)
        {
            var db = new Sum(b, Passes.BiasGradient);
            for (var o = 0; o < dy!.Length; o++)
                db[Channel(y.Shape, o)] += dy[o];
            gradients["bias"] = db.Result(layerCase, defect);
        }
        return new(new Dictionary<string, Tensor64> { ["output"] = y }, gradients);
    }

    /// <summary>What the taps multiply: a case's own tensors, their absolute values, or ones.</summary>
    private sealed record Operands(Tensor64 X, Tensor64? W, Tensor64? B, Tensor64? Dy, Func<double, Tap, double> Term)
    {
        public static Operands Of(LayerCase layerCase) => new(
            layerCase.Input("input"), layerCase.Inputs.GetValueOrDefault("weight"), layerCase.Inputs.GetValueOrDefault("bias"),
            layerCase.Cotangents.GetValueOrDefault("output"), (product, tap) => product * tap.Factor / tap.Divisor);

        /// <summary>Their absolute values: the sums are then B.</summary>
        public Operands Magnitudes => Select(Math.Abs, (product, tap) => product * Math.Abs(tap.Factor) / tap.Divisor);

        /// <summary>Ones: the sums are then K, the terms of each element.</summary>
        public Operands Ones => Select(_ => 1, (_, _) => 1);

        private Operands Select(Func<double, double> map, Func<double, Tap, double> term) => new(X.Select(map), W?.Select(map), B?.Select(map), Dy?.Select(map), term);

        public double Weight(Tap tap) => tap.Weight < 0 ? 1 : W![tap.Weight];
    }

    /// <summary>The channel of an output element, which is also its bias: the second axis of [N, O, …].</summary>
    private static int Channel(ReadOnlySpan<int> shape, int output)
    {
        foreach (var extent in shape[2..])
            output /= extent;
        return output % shape[1];
    }

    /// <summary>An accumulator shaped like a tensor, for one pass.</summary>
    private sealed class Sum(Tensor64 like, Passes pass)
    {
        private readonly double[] _values = new double[like.Length];

        public int Length => _values.Length;

        public ReadOnlySpan<int> Shape => like.Shape;

        public double this[int flat]
        {
            get => _values[flat];
            set => _values[flat] = value;
        }

        public void Add(IEnumerable<Tap> taps, Func<Tap, int> target, Func<Tap, double> term, Defect? defect)
        {
            var assign = defect is AssignDefect && defect.In(pass);
            foreach (var tap in taps)
                _values[target(tap)] = term(tap) + (assign ? 0 : _values[target(tap)]);
        }

        public Tensor64 Result(LayerCase layerCase, Defect? defect)
        {
            var factor = defect is ScaleDefect scale && scale.In(pass) ? scale.Factor(layerCase) : 1;
            return new(like.Shape, Array.ConvertAll(_values, value => value * factor));
        }
    }
}
