namespace Conformance.Oracle.Operations;

/// <summary>
/// A pool over windows of H × W: the place of the windows, and PyTorch's refusals. A window is scanned row by row from its first element inside the
/// input.
/// </summary>
public abstract class PoolOperation : TapOperation
{
    private static readonly PoolTerms Right = new(axis => axis.Windows);

    public override OperationKind Kind => OperationKind.Pool;

    public override bool HasWindows => true;

    /// <summary>Walks over the taps of one window, from its elements to <paramref name="output"/>.</summary>
    /// <param name="window">Its elements lie in memory that the next window uses again.</param>
    protected abstract void Walk<TTaker>(PoolWindow window, int output, LayerCase layerCase, Passes pass, Defect? defect, TTaker taker)
        where TTaker : struct, ITapTaker;

    /// <summary>The geometry's attributes under PyTorch's names, without those of one pool only.</summary>
    protected static (string, object?)[] Attributes(Spelling spelling)
    {
        var kernel = spelling.Pair('k');
        var (stride, padding) = (spelling.Pair('s', kernel), spelling.Padding());
        if (padding[0] != padding[1] || padding[2] != padding[3])
            throw spelling.Error("a pool's padding is the same at both ends");
        if (kernel.Contains(0))
            throw spelling.Error("the kernel must be at least 1");
        return [("kernel_size", kernel), ("stride", stride), ("padding", new[] { padding[0], padding[2] }), ("ceil_mode", spelling.Word("ceil"))];
    }

    /// <summary>The reason why PyTorch refuses a case's geometry; null if it does not.</summary>
    protected static string? Refusal(Spelling spelling, LayerCase layerCase)
    {
        var g = Geometry(layerCase);
        var (height, width) = (g.Height, g.Width);
        if (g.Channels == 0)
            throw spelling.Error("c must be at least 1");
        if (height.Padding < 0 || width.Padding < 0)
            return $"negative padding {Math.Min(height.Padding, width.Padding)}";
        if (height.Padding * 2 > height.Kernel || width.Padding * 2 > width.Kernel)
            return $"padding {height.Padding}×{width.Padding} is more than half the kernel {height.Kernel}×{width.Kernel}";
        if (height.Stride == 0 || width.Stride == 0)
            return $"stride {height.Stride}×{width.Stride} must be at least 1";
        foreach (var axis in new[] { height, width })
            if (Enumerable.Range(0, axis.Windows).Any(window => axis.Within(window, 0) == 0))
                throw spelling.Error("a window would see padding alone");
        return height.Windows > 0 && width.Windows > 0
            ? null
            : $"the kernel {height.Kernel}×{width.Kernel} is larger than the padded input";
    }

    protected static PoolGeometry Geometry(LayerCase layerCase)
    {
        var (x, attributes) = (layerCase.Input("input"), layerCase.Attributes);
        if (x.Rank != 4)
            throw new ArgumentException($"{layerCase.Id}: input {x} should have four axes");
        var (kernel, stride, padding) = (attributes.Ints("kernel_size", 2), attributes.Ints("stride", 2), attributes.Ints("padding", 2));
        var (dilation, ceil) = (attributes.Has("dilation") ? attributes.Ints("dilation", 2) : [1, 1], attributes.Flag("ceil_mode"));
        return new(x.Shape[1], Axis(0), Axis(1));

        PoolAxis Axis(int a) => new(x.Shape[2 + a], kernel[a], stride[a], padding[a], dilation[a], ceil);
    }

    protected override int[] OutputShape(LayerCase layerCase) => OutputShape(layerCase, Right);

    protected override LayerResult Answer(LayerCase layerCase, Defect? defect, Summation? float32)
    {
        var (x, answer, terms) = (layerCase.Input("input"), base.Answer(layerCase, defect, float32), Terms.Under(defect, Right));
        if (terms == Right)
            return answer;
        // With another number of windows the output has another shape, and the cotangent does not fit it.
        var shape = OutputShape(layerCase, terms);
        var output = new double?[Tensor64.Zeros(shape).Length];
        var taps = new List<Tap>();
        Walk(layerCase, Passes.Forward, defect, terms, new TapList(taps));
        foreach (var tap in taps)
            output[tap.Output] = (output[tap.Output] ?? 0) + x[tap.Input] * tap.Factor / tap.Divisor;
        var empty = terms.Empty?.Invoke(layerCase) ?? 0;
        return answer with { Outputs = new Dictionary<string, Tensor64> { ["output"] = new(shape, [.. output.Select(value => value ?? empty)]) } };
    }

    protected sealed override void Walk<TTaker>(LayerCase layerCase, Passes pass, Defect? defect, TTaker taker) =>
        Walk(layerCase, pass, defect, Right, taker);

    private void Walk<TTaker>(LayerCase layerCase, Passes pass, Defect? defect, PoolTerms terms, TTaker taker)
        where TTaker : struct, ITapTaker
    {
        var (x, g, shape) = (layerCase.Input("input"), Geometry(layerCase), OutputShape(layerCase, terms));
        var change = Terms.Change<PoolGeometry, PoolTap>(defect, pass);
        var (taps, values) = (new List<PoolTap>(), new List<double>());
        var output = 0;
        for (var plane = 0; plane < shape[0] * shape[1]; plane++)
            for (var oh = 0; oh < shape[2]; oh++)
                for (var ow = 0; ow < shape[3]; ow++)
                {
                    taps.Clear();
                    values.Clear();
                    for (var i = 0; i < g.Height.Kernel; i++)
                        for (var j = 0; j < g.Width.Kernel; j++)
                        {
                            var tap = new PoolTap(plane, oh, ow, i, j, g.Height.At(oh, i), g.Width.At(ow, j));
                            if (change is not null)
                                tap = change(g, tap);
                            if (!g.Holds(tap))
                                continue;
                            taps.Add(tap);
                            values.Add(x[g.Flat(tap)]);
                        }
                    Walk(new(g, oh, ow, taps, values), output, layerCase, pass, defect, taker);
                    output++;
                }
    }

    private static int[] OutputShape(LayerCase layerCase, PoolTerms terms)
    {
        var (x, g) = (layerCase.Input("input"), Geometry(layerCase));
        return [x.Shape[0], x.Shape[1], terms.Windows(g.Height), terms.Windows(g.Width)];
    }

    protected override string[] AxisNames(string name, int rank, bool isOutput) =>
        (name, rank) is ("output", 4) ? ["N", "C", "OH", "OW"] : base.AxisNames(name, rank, isOutput);
}
