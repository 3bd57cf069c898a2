namespace Conformance.Oracle.Operations;

/// <summary>
/// batch_norm1d over [N, C] or [N, C, L] and batch_norm2d over [N, C, H, W], as PyTorch defines them (Ioffe and Szegedy 2015, Algorithm 1). For each
/// channel with M = N·H·W values, x̂ = (x − mean)/σ with σ = √(var + eps), y = γ·x̂ + β, and
/// <code>
/// dx = γ/σ · (dy − mean(dy) − x̂·mean(dy·x̂))     dγ = Σ dy·x̂     dβ = Σ dy
/// running_mean ← (1 − f)·running_mean + f·mean    running_var ← (1 − f)·running_var + f·var·M/(M − 1)
/// </code>
/// var is divided by M. f is the momentum; without a momentum it is 1/(n + 1) after n batches, so that the running statistics are plain averages. In
/// evaluation mean and var are the running statistics, which don't change, and dx = γ/σ·dy.
/// </summary>
public sealed class BatchNormOperation : Operation
{
    private const int Shift = 100;

    /// <param name="name"><c>batch_norm1d</c> or <c>batch_norm2d</c>.</param>
    public BatchNormOperation(string name)
    {
        Name = name;
        Defects =
        [
            .. BatchNormStatisticsDefects.Groups(name), .. BatchNormScaleDefects.Deviation(name), .. BatchNormScaleDefects.Affine(name),
            .. BatchNormGradientDefects.Missing(name), .. BatchNormRunningDefects.Momentum(name), .. BatchNormStatisticsDefects.Axes(name),
            .. BatchNormScaleDefects.AffineIndex(name), .. BatchNormStatisticsDefects.Moments(name), .. BatchNormScaleDefects.Epsilon(name),
            .. BatchNormRunningDefects.Blending(name), .. BatchNormGradientDefects.Derived(name), .. BatchNormStatisticsDefects.Counted(name),
            .. BatchNormLoopDefects.For(name),
            // For the other sign and for none they have names of their own.
            .. GradientDefects.For(name, "gradient-negated", "gradient-missing"),
            .. GradientDefects.OfKept(name, Passes.InputGradient | Passes.WeightGradient), .. GradientDefects.OfAnEarlyUpdate(name),
            .. ValueDefects.For(name, ("input", Passes.All), ("bias", Passes.Forward), ("running_mean", Passes.All), ("running_var", Passes.All),
                (OperandDefect.Cotangent, Passes.Backward)),
            .. ValueDefects.NaNLost(name, ("weight", Passes.Forward | Passes.InputGradient)),
            .. ValueDefects.Clipped(name, ("weight", Passes.Forward | Passes.InputGradient)),
        ];
    }

    public override string Name { get; }

    public override OperationKind Kind => OperationKind.Normalization;

    public override SizeCrossing? Sizes => Name == "batch_norm1d" ? BatchNormSizes.OfLength : BatchNormSizes.OfImages;

    public override IReadOnlyCollection<string> IntegerInputs => ["num_batches_tracked"];

    public override IReadOnlyList<Defect> Defects { get; }

    /// <summary>
    /// An id such as <c>batch_norm2d/n3c4h5w6</c>, <c>batch_norm1d/n5c4</c> or <c>n5c4l6</c>. γ is negative in odd channels and positive in even
    /// ones. Words: <c>eval</c> · <c>noaffine</c> (no γ and β) · <c>gamma0</c> (γ is 0 in every third channel) · <c>shifted</c> (values far
    /// from 0 and close together) · <c>constant</c> (the first channel is constant) · <c>mnull</c>, <c>m0.25</c> (momentum) · <c>e0.1</c> (eps).
    /// </summary>
    protected override LayerCase Draw(Spelling spelling, Func<string, Fill> fill)
    {
        var shape = Name == "batch_norm1d" ? spelling.AnyExtents("ncl", "nc") : spelling.Extents("nchw");
        var (shifted, constant, training) = (spelling.Word("shifted"), spelling.Word("constant"), !spelling.Word("eval"));
        double? momentum = spelling.Word("mnull") ? null : spelling.Decimal('m', 0.1);
        var geometry = Geometry(shape);
        if (geometry.C == 0 || geometry.Positions == 0)
            throw spelling.Error("channels and positions must be at least 1");

        var inputs = new Dictionary<string, Tensor64> { ["input"] = Input() };
        if (!spelling.Word("noaffine"))
        {
            var zeros = spelling.Word("gamma0");
            inputs["weight"] = ByChannel("weight", 2, (c, value) => zeros && c % 3 == 0 ? 0 : c % 2 == 0 ? Math.Abs(value) : -Math.Abs(value));
            inputs["bias"] = ByChannel("bias", 2, (_, value) => value);
        }
        inputs["running_mean"] = ByChannel("running_mean", 2, (c, value) => (float)(Offset(c) + value));
        inputs["running_var"] = ByChannel("running_var", 2, (_, value) => (float)(Math.Abs(value) + 0.5));
        if (momentum is null)
            inputs["num_batches_tracked"] = fill("num_batches_tracked").Integers(1, 9);
        var attributes = Attributes.FromPairs(("training", training), ("momentum", momentum), ("eps", spelling.Decimal('e', 1e-5)));
        return training && geometry.Values == 1
            ? Case(attributes, Tier.Bounded, inputs, cotangent: null) with { Refused = "one value in each channel has no variance to train with" }
            : Case(attributes, Tier.Bounded, inputs, fill("cotangent.output").Integers(-3, 3, shape));

        int Offset(int c) => !shifted ? 0 : c % 2 == 0 ? Shift : -Shift;

        Tensor64 Input()
        {
            var drawn = fill("input").Uniform(shifted ? 0.1 : 4, shape);
            return new(shape, [.. Elements(geometry).Select(at => (double)(float)(drawn[constant && at.C == 0 ? 0 : at.Flat] + Offset(at.C)))]);
        }

        Tensor64 ByChannel(string name, double scale, Func<int, double, double> value)
        {
            var drawn = fill(name).Uniform(scale, geometry.C);
            return new([geometry.C], [.. Enumerable.Range(0, geometry.C).Select(c => value(c, drawn[c]))]);
        }
    }

    protected override string RandomGeometry(Fill dice)
    {
        var (n, c) = (dice.Pick(1, 2, 3, 4, 15, 16, 17, 33), dice.Pick(1, 2, 3, 7, 15, 16, 17, 33));
        var rest = Name == "batch_norm2d" ? $"h{dice.Pick(1, 9)}w{dice.Pick(1, 9)}" : dice.Pick("", $"l{dice.Pick(1, 20)}");
        return $"n{n}c{c}{rest}{dice.Pick("", "-eval")}{dice.Pick("", "-noaffine", "-gamma0")}"
            + $"{dice.Pick("", "-constant")}{dice.Pick("", "-mnull", "-m0.25")}{dice.Pick("", "-e0.1")}";
    }

    protected override LayerResult Answer(LayerCase layerCase, Defect? defect)
    {
        var (g, terms, training) = (Geometry(layerCase.Input("input").Shape), Terms.Under(defect, BatchNormTerms.Right),
            layerCase.Attributes.Flag("training"));
        var (gamma, beta) = Affine(layerCase, g, terms);
        var (x, dy) = (layerCase.Input("input"), layerCase.Cotangents["output"]);
        var (y, dx, dgamma, dbeta) = (new double[x.Length], new double[x.Length], new double[g.C], new double[g.C]);
        foreach (var group in Groups(layerCase, terms))
        {
            var (meanH, meanHNormal) = terms.Differentiates(training)
                ? (group.Elements.Average(H), Enumerable.Range(0, group.Elements.Count).Average(i => H(group.Elements[i]) * group.Normal[i]))
                : (0, 0);
            for (var i = 0; i < group.Elements.Count; i++)
            {
                var (at, normal) = (group.Elements[i], group.Normal[i]);
                var channel = terms.Affine(g, at);
                y[at.Flat] = terms.Output(normal, gamma[channel], beta[channel]);
                var term = terms.Differentiates(training) ? normal : 0; // a term that is not there stays out even where x̂ is NaN
                dx[at.Flat] = terms.Slope(new(H(at), meanH, term, meanHNormal, group.Deviation[i], group.Elements.Count)
                {
                    Variance = group.Variances[i],
                });
                var share = new BatchNormShare(dy[at.Flat], x[at.Flat], normal, y[at.Flat], group.Deviation[i], gamma[channel], at, g)
                {
                    Variance = group.Variances[i],
                };
                dgamma[channel] += terms.WeightTerm(share);
                dbeta[channel] += terms.BiasTerm(share);
            }
        }
        var gradients = new Dictionary<string, Tensor64> { ["input"] = new(x.Shape, dx) };
        if (layerCase.Inputs.ContainsKey("weight"))
            (gradients["weight"], gradients["bias"]) = (new([g.C], dgamma), new([g.C], dbeta));
        var (mean, variance) = RunningStatistics(layerCase, terms);
        return new(new Dictionary<string, Tensor64> { ["output"] = new(x.Shape, y), ["running_mean"] = mean, ["running_var"] = variance }, gradients);

        double H(BatchNormElement at) => terms.Upstream(dy[at.Flat], gamma[terms.Affine(g, at)]);
    }

    /// <summary>
    /// First-order error analysis. F = 4√M + 16 is the most roundings of a sum over a channel, as in <see cref="ErrorBound.Roundings"/>, with some
    /// for the few operations after it. F is M + 20 in a constant channel, whose roundings have the same sign, and 20 in evaluation, where nothing is
    /// summed. The error of the mean is u·F·mean|x|, so that of x̂ is u·F·X with X = (|x| + mean|x|)/σ. The variance, by any stable method (two
    /// passes, or Welford's single pass: Chan, Golub and LeVeque 1983), has a relative error of u·F·κ with its condition κ = 1 + mean|x|/σ. The
    /// errors of the results are:
    /// <code>
    /// y   u·F·(|γ|·X + |β|)      dx            u·F·κ·|γ|/σ·(|dy| + (1 + |x̂|)·mean(|dy|·(1 + |x̂|)))
    /// dγ  u·F·Σ|dy|·X            running_mean  u·(F·f·mean|x| + 8·|running_mean|)
    /// dβ  u·T(M)·Σ|dy|           running_var   u·(F·f·κ·var·M/(M − 1) + 8·|running_var|) + f·(u·F·mean|x|)²
    /// </code>
    /// In evaluation mean|x| is |running_mean|, the error of dx is u·F·|γ|/σ·|dy|, and the running statistics stay exactly the same. Calibrated
    /// over 300 draws of each of 21 shapes, with 1 to 999 values per channel, near 0 and far from it: a naive float32 engine with two passes reaches
    /// 0.24 of the tolerance, one with Welford's update 0.22 (<c>BatchNormTests</c> repeats a part of it).
    /// </summary>
    public override ErrorBound Bound(LayerCase layerCase, LayerResult expected) => Bound(layerCase, expected, BatchNormTerms.Right);

    /// <summary>The same with the convention's own σ, which may be far smaller in a constant channel.</summary>
    public override ErrorBound BoundUnder(LayerCase layerCase, LayerResult answer, Defect? meant) =>
        Bound(layerCase, answer, BatchNormTerms.Right with { Deviation = Terms.Under(meant, BatchNormTerms.Right).Deviation });

    private static ErrorBound Bound(LayerCase layerCase, LayerResult expected, BatchNormTerms terms)
    {
        var g = Geometry(layerCase.Input("input").Shape);
        var (attributes, training) = (layerCase.Attributes, layerCase.Attributes.Flag("training"));
        var (x, dy, rm, rv) = (layerCase.Input("input"), layerCase.Cotangents["output"], layerCase.Input("running_mean"),
            layerCase.Input("running_var"));
        var (gamma, beta) = Affine(layerCase, g, BatchNormTerms.Right);
        var factor = Factor(layerCase, BatchNormTerms.Right);
        var (y, dx, dgamma, dbeta, mean, variance) = (new double[x.Length], new double[x.Length], new double[g.C], new double[g.C], new double[g.C],
            new double[g.C]);
        foreach (var group in Groups(layerCase, terms))
        {
            var (c, sigma) = (group.Elements[0].C, group.Deviation[0]);
            var sum = group.Variance == 0 ? g.Values + 20 : 4 * Math.Sqrt(g.Values) + 16;
            var f = training ? sum : 20;
            var meanX = training ? group.Elements.Average(at => Math.Abs(x[at.Flat])) : Math.Abs(rm[c]);
            var kappa = training ? 1 + meanX / sigma : 1;
            var meanDy = training
                ? Enumerable.Range(0, group.Elements.Count).Average(i => Math.Abs(dy[group.Elements[i].Flat]) * (1 + Math.Abs(group.Normal[i]))) : 0;
            for (var i = 0; i < group.Elements.Count; i++)
            {
                var flat = group.Elements[i].Flat;
                var reach = (Math.Abs(x[flat]) + meanX) / sigma;
                y[flat] = f * (Math.Abs(gamma[c]) * reach + Math.Abs(beta[c]));
                var shared = training ? (1 + Math.Abs(group.Normal[i])) * meanDy : 0;
                dx[flat] = f * kappa * Math.Abs(gamma[c]) / sigma * (Math.Abs(dy[flat]) + shared);
                dgamma[c] += sum * Math.Abs(dy[flat]) * reach;
                dbeta[c] += ErrorBound.Roundings(g.Values) * Math.Abs(dy[flat]);
            }
            mean[c] = sum * factor * meanX + 8 * Math.Abs(rm[c]);
            variance[c] = sum * factor * kappa * group.Variance * g.Values / (g.Values - 1) + 8 * rv[c]
                + factor * ErrorBound.U * Math.Pow(sum * meanX, 2);
        }
        var bounds = new Dictionary<string, Tensor64>();
        Add("outputs.output", expected.Outputs["output"], y);
        Add("gradients.input", expected.Gradients["input"], dx);
        if (expected.Gradients.ContainsKey("weight"))
        {
            Add("gradients.weight", expected.Gradients["weight"], dgamma);
            Add("gradients.bias", expected.Gradients["bias"], dbeta);
        }
        if (training)
        {
            Add("outputs.running_mean", expected.Outputs["running_mean"], mean);
            Add("outputs.running_var", expected.Outputs["running_var"], variance);
        }
        return new(bounds);

        void Add(string name, Tensor64 result, double[] sensitivity) => bounds[name] = ErrorBound.NonLinear(result, _ => 0, i => sensitivity[i]);
    }

    /// <summary>
    /// The running statistics after the call: the mean, and the variance divided by M − 1. A batch without images does not change them.
    /// </summary>
    private static (Tensor64 Mean, Tensor64 Variance) RunningStatistics(LayerCase layerCase, BatchNormTerms terms)
    {
        var (x, rm, rv) = (layerCase.Input("input"), layerCase.Input("running_mean"), layerCase.Input("running_var"));
        var g = Geometry(x.Shape);
        var (means, variances, factor) = (rm.Data.ToArray(), rv.Data.ToArray(), Factor(layerCase, terms));
        if (terms.Updates(layerCase.Attributes.Flag("training")))
            foreach (var channel in Elements(g, terms).GroupBy(at => at.C))
            {
                var (c, values) = (channel.Key, terms.Counted(g, [.. channel.Select(at => x[at.Flat])]));
                means[c] = terms.BlendMean(rm[c], values.Average(), factor);
                variances[c] = terms.BlendVariance(rv[c], terms.Running(terms.Variance(values), g), factor);
            }
        return (new(rm.Shape, means), new(rv.Shape, variances));
    }

    /// <summary>Normalises the input, by the groups of elements that share statistics.</summary>
    private static IEnumerable<Group> Groups(LayerCase layerCase, BatchNormTerms terms)
    {
        var (x, rm, rv, attributes) = (layerCase.Input("input"), layerCase.Input("running_mean"), layerCase.Input("running_var"),
            layerCase.Attributes);
        var (g, training, factor) = (Geometry(x.Shape), attributes.Flag("training"), Factor(layerCase, terms));
        foreach (var elements in Elements(g, terms).GroupBy(at => terms.Group(g, at)).Select(group => group.ToArray()))
        {
            var values = Array.ConvertAll(elements, at => x[at.Flat]);
            var counted = terms.Counted(g, values);
            var (mean, variance) = (counted.Average(), terms.Variance(counted));
            var moments = Array.ConvertAll(elements, at =>
                terms.Normalising(new(training, mean, variance, values.Length, g.Positions, rm[at.C], rv[at.C], factor)));
            var deviation = Array.ConvertAll(moments, of => terms.Deviation(of.Variance, attributes.Number("eps")));
            var normal = new double[elements.Length];
            for (var i = 0; i < elements.Length; i++)
                normal[i] = (values[i] - moments[i].Mean) / deviation[i];
            yield return new(elements, normal, deviation, variance, Array.ConvertAll(moments, of => of.Variance));
        }
    }

    /// <param name="Normal">x̂, by element.</param>
    /// <param name="Deviation">σ, by element.</param>
    /// <param name="Variance">The variance of the batch, divided by M.</param>
    /// <param name="Variances">The variance of σ, by element.</param>
    private sealed record Group(
        IReadOnlyList<BatchNormElement> Elements, double[] Normal, double[] Deviation, double Variance, double[] Variances);

    private static BatchNormGeometry Geometry(ReadOnlySpan<int> shape)
    {
        var positions = 1;
        foreach (var extent in shape[2..])
            positions *= extent;
        return new(shape[0], shape[1], positions, shape[^1]);
    }

    private static IEnumerable<BatchNormElement> Elements(BatchNormGeometry g)
    {
        for (var flat = 0; flat < g.N * g.C * g.Positions; flat++)
            yield return new(flat / (g.C * g.Positions), flat / g.Positions % g.C, flat % g.Positions, flat);
    }

    private static IEnumerable<BatchNormElement> Elements(BatchNormGeometry g, BatchNormTerms terms) =>
        Elements(g).Select(at => at with { C = terms.Channel(g, at) });

    private static (Tensor64 Gamma, Tensor64 Beta) Affine(LayerCase layerCase, BatchNormGeometry g, BatchNormTerms terms) => (
        layerCase.Inputs.GetValueOrDefault("weight") ?? Tensor64.Zeros(g.C).Select(_ => terms.PlainGamma),
        layerCase.Inputs.GetValueOrDefault("bias") ?? Tensor64.Zeros(g.C));

    private static double Factor(LayerCase layerCase, BatchNormTerms terms) => layerCase.Attributes.Has("momentum")
        ? terms.Factor(layerCase.Attributes.Number("momentum"), 0)
        : terms.Factor(null, layerCase.Input("num_batches_tracked")[0]);

    protected override LayerResult AnswerInFloat32(LayerCase layerCase, Summation order) => PlainBatchNorm.Run(layerCase, order);
}
