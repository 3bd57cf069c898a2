namespace Conformance.Oracle.Operations;

/// <summary>
/// max_pool2d as PyTorch defines it: the taps that win. A window is scanned row by row from its first element inside the input, and a later
/// element replaces the maximum when it is greater or NaN, so the first of a tie wins, and the last NaN.
/// </summary>
public sealed class MaxPool2dTaps : TapOperation
{
    public override string Name => "max_pool2d";

    public override IReadOnlyList<Defect> Defects { get; } =
    [
        new WinnerDefect("max_pool2d.ties-to-all", Passes.InputGradient,
            "every element that equals the maximum gets the gradient",
            "keep the index of the first maximum in forward and add dy there alone",
            window => Enumerable.Range(0, window.Count).Where(i => window[i] == window.Max())),
        new WinnerDefect("max_pool2d.ties-to-last", Passes.InputGradient,
            "the last of equal maxima gets the gradient: >= for >",
            "replace the maximum only by a greater element",
            window => [Enumerable.Range(0, window.Count).Last(i => window[i] == window.Max())]),
        new WinnerDefect("max_pool2d.backward-to-first-element", Passes.InputGradient,
            "the gradient goes to the window's first element instead of the maximum",
            "keep the index of the maximum in forward and add dy there",
            _ => [0]),
        new AssignDefect("max_pool2d.overlap-assigned", Passes.InputGradient,
            "where windows overlap the gradient is assigned: = for +=",
            "add each window's gradient: dx[argmax] += dy"),
        new AcceptDefect("max_pool2d.kernel-too-large-accepted",
            "a kernel larger than the padded input is answered with numbers",
            "refuse it: (kernel − 1)·dilation + 1 must be at most the padded extent",
            layerCase => layerCase.Refused!.StartsWith("the kernel", StringComparison.Ordinal)),
        new AcceptDefect("max_pool2d.padding-unchecked",
            "padding below 0, or more than half the kernel, is taken",
            "refuse padding below 0 or above kernel/2",
            layerCase => layerCase.Refused!.Contains("padding ", StringComparison.Ordinal) && !layerCase.Refused.StartsWith("the kernel", StringComparison.Ordinal)),
    ];

    protected override LayerCase Draw(Spelling spelling, Func<string, Fill> fill)
    {
        var extents = spelling.Extents("nchw");
        var kernel = spelling.Pair('k');
        var (stride, dilation, padding) = (spelling.Pair('s', kernel), spelling.Pair('d', [1, 1]), spelling.Padding());
        if (padding[0] != padding[1] || padding[2] != padding[3])
            throw spelling.Error("a pool's padding is the same at both ends");
        if (kernel.Contains(0) || stride.Contains(0) || dilation.Contains(0))
            throw spelling.Error("kernel, stride and dilation must be at least 1");
        var attributes = Attributes.Of(
            ("kernel_size", kernel), ("stride", stride), ("padding", new[] { padding[0], padding[2] }), ("dilation", dilation),
            ("ceil_mode", spelling.Word("ceil")));
        var (low, high) = spelling.OneOf("", "ties", "negative") switch { "ties" => (0, 1), "negative" => (-9, -1), _ => (-50, 50) };
        var inputs = new Dictionary<string, Tensor64> { ["input"] = fill("input").Integers(low, high, extents) };
        var drawn = Case(attributes, Tier.Exact, inputs, cotangent: null);
        if (padding[0] < 0 || padding[2] < 0)
            return drawn with { Refused = $"negative padding {Math.Min(padding[0], padding[2])}" };
        if (padding[0] * 2 > kernel[0] || padding[2] * 2 > kernel[1])
            return drawn with { Refused = $"padding {padding[0]}×{padding[2]} is more than half the kernel {kernel[0]}×{kernel[1]}" };
        var shape = OutputShape(drawn);
        if (Axes(drawn).Any(axis => Enumerable.Range(0, axis.Windows).Any(window => !axis.Inside(window).Any())))
            throw spelling.Error("a window would see padding alone, which has no maximum");
        return shape[2] > 0 && shape[3] > 0
            ? Case(attributes, Tier.Exact, inputs, fill("cotangent.output").Integers(-3, 3, shape))
            : drawn with { Refused = $"the kernel {kernel[0]}×{kernel[1]} is larger than the padded input" };
    }

    protected override string RandomGeometry(Fill dice)
    {
        var (n, kh, kw) = (dice.Pick(1, 2, 15, 16, 17, 33), dice.Pick(1, 4), dice.Pick(1, 4));
        var window = $"k{kh}x{kw}-s{dice.Pick(1, 4)}x{dice.Pick(1, 4)}-p{dice.Pick(0, kh / 2)}x{dice.Pick(0, kw / 2)}-d{dice.Pick(1, 3)}x{dice.Pick(1, 3)}";
        return $"n{n}c{dice.Pick(1, 3)}h{dice.Pick(1, 12)}w{dice.Pick(1, 12)}-{window}{dice.Pick("", "-ceil")}{dice.Pick("", "-ties", "-negative")}";
    }

    protected override int[] OutputShape(LayerCase layerCase)
    {
        var (x, axes) = (layerCase.Input("input"), Axes(layerCase));
        return [x.Shape[0], x.Shape[1], axes[0].Windows, axes[1].Windows];
    }

    protected override IEnumerable<Tap> Taps(LayerCase layerCase, Passes pass, Defect? defect)
    {
        var (x, axes) = (layerCase.Input("input"), Axes(layerCase));
        var winners = defect is WinnerDefect wrong && wrong.In(pass) ? wrong.Winners : FirstMaximum;
        var output = 0;
        for (var plane = 0; plane < x.Shape[0] * x.Shape[1]; plane++)
            for (var oh = 0; oh < axes[0].Windows; oh++)
                for (var ow = 0; ow < axes[1].Windows; ow++)
                {
                    var window = axes[0].Inside(oh).SelectMany(h => axes[1].Inside(ow).Select(w => (plane * axes[0].Length + h) * axes[1].Length + w)).ToArray();
                    foreach (var winner in winners([.. window.Select(i => x[i])]))
                        yield return new(output, window[winner]);
                    output++;
                }
    }

    private static IEnumerable<int> FirstMaximum(IReadOnlyList<double> window)
    {
        var best = 0;
        for (var i = 1; i < window.Count; i++)
            if (window[i] > window[best] || double.IsNaN(window[i]))
                best = i;
        return [best];
    }

    private static Axis[] Axes(LayerCase layerCase)
    {
        var (x, attributes) = (layerCase.Input("input"), layerCase.Attributes);
        if (x.Rank != 4)
            throw new ArgumentException($"{layerCase.Id}: input {x} should have four axes");
        var (kernel, stride) = (attributes.Ints("kernel_size", 2), attributes.Ints("stride", 2));
        var (padding, dilation) = (attributes.Ints("padding", 2), attributes.Ints("dilation", 2));
        var ceil = attributes.Flag("ceil_mode");
        return [.. Enumerable.Range(0, 2).Select(a => new Axis(x.Shape[2 + a], kernel[a], stride[a], padding[a], dilation[a], ceil))];
    }

    /// <summary>The windows along one axis.</summary>
    private readonly record struct Axis(int Length, int Kernel, int Stride, int Padding, int Dilation, bool Ceil)
    {
        /// <summary>With ceil_mode a last, partial window counts when it starts inside the input or the padding before it.</summary>
        public int Windows
        {
            get
            {
                var room = Length + 2 * Padding - Dilation * (Kernel - 1) - 1;
                if (room < 0)
                    return 0;
                var windows = room / Stride + 1;
                var partial = Ceil && room % Stride != 0 && windows * Stride < Length + Padding;
                return partial ? windows + 1 : windows;
            }
        }

        /// <summary>The positions of a window that lie inside the input.</summary>
        public IEnumerable<int> Inside(int window)
        {
            for (var tap = 0; tap < Kernel; tap++)
            {
                var position = window * Stride - Padding + tap * Dilation;
                if (position >= 0 && position < Length)
                    yield return position;
            }
        }
    }
}
