using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Diagnosing.Patterns;

/// <summary>A property that a case has or has not.</summary>
/// <param name="Name">As it stands after "where": <c>stride &gt; 1</c>.</param>
/// <param name="Otherwise">What a case without it is like: <c>stride = 1</c>.</param>
/// <param name="Class">The kind of mistake that shows there alone; null where several do.</param>
internal sealed record Condition(string Name, string Otherwise, Func<LayerCase, bool> Test, MistakeClass? Class = null)
{
    /// <summary>A case that has nothing of the kind has not the property.</summary>
    public bool Holds(LayerCase layerCase) => Attempt.Holds(() => Test(layerCase));

    /// <summary>
    /// Whether the property is about the numbers only, and so more likely an accident than a cause. It is then named alone, never together with
    /// another.
    /// </summary>
    public bool IsOfNumbers { get; init; }

    /// <summary>
    /// Whether the property is a limit or a block that fits many cases. It is named only where nothing plainer separates them.
    /// </summary>
    public bool IsOfBlocks { get; init; }

    /// <summary>The properties of which one implies the next are of one family; null if the property stands by itself.</summary>
    public string? Family { get; init; }

    /// <summary>Both properties.</summary>
    public Condition And(Condition other) => new($"{Name} and {other.Name}", "one of them does not hold", c => Holds(c) && other.Holds(c))
    {
        IsOfNumbers = IsOfNumbers || other.IsOfNumbers,
        IsOfBlocks = IsOfBlocks || other.IsOfBlocks,
    };

    /// <summary>Limits: an extent that is at least as large as in the smallest of the cases that fail.</summary>
    public static IEnumerable<Condition> AtLeast(string op, IReadOnlyList<LayerCase> wrong)
    {
        foreach (var (name, of) in Extents(op))
            if (wrong.Min(of) is > 2 and var least)
                yield return new($"{name} ≥ {least}", $"{name} < {least}", c => of(c) >= least) { IsOfBlocks = true };
    }

    /// <summary>The properties in which an operation's cases can differ: specific ones first, the least informative last.</summary>
    public static IReadOnlyList<Condition> ForOperation(string op) =>
    [
        .. AllOperations.Named(op).HasWindows ? Geometry() : [],
        .. AllOperations.KindOf(op) is OperationKind.Normalization ? BatchNorms() : [],
        .. AllOperations.KindOf(op) is OperationKind.ClassLoss or OperationKind.ElementLoss ? Losses() : [],
        .. AllOperations.KindOf(op) is OperationKind.Optimizer ? Optimisers() : Inputs(),
        .. Sizes(),
        .. Extents(op).SelectMany(extent => Blocks(extent.Name, extent.Of)),
    ];

    /// <summary>The extents that a kernel takes in blocks or limits.</summary>
    private static IEnumerable<(string Name, Func<LayerCase, int> Of)> Extents(string op)
    {
        yield return ("N", c => Extent(c, 0));
        yield return ("C", c => Extent(c, 1));
        if (AllOperations.KindOf(op) is OperationKind.Convolution or OperationKind.Linear)
            yield return ("the number of outputs", c => c.Input("weight").Shape[0]);
        if (AllOperations.Named(op).HasWindows)
        {
            yield return ("the kernel's height", c => Kernel(c)[0]);
            yield return ("the kernel's width", c => Kernel(c)[1]);
        }
        yield return ("H", c => Extent(c, 2));
        yield return ("W", c => Extent(c, 3));
        if (AllOperations.KindOf(op) is OperationKind.Optimizer)
        {
            yield return ("the number of steps", c => c.Input("gradients").Shape[0]);
            yield return ("the number of parameters", c => c.Input("parameter").Length);
        }
    }

    /// <summary>The strongest first: a multiple of 16 is one of 8, and what is none of 4 is none of 8.</summary>
    private static IEnumerable<Condition> Blocks(string name, Func<LayerCase, int> of)
    {
        foreach (var block in new[] { 16, 8, 4 })
            yield return new($"{name} is a multiple of {block}", $"{name} is none", c => of(c) is > 0 and var n && n % block == 0)
            {
                IsOfBlocks = true,
                Family = $"{name} is a multiple",
            };
        foreach (var block in new[] { 4, 8, 16 })
            yield return new($"{name} is no multiple of {block}", $"{name} is one", c => of(c) is > 0 and var n && n % block != 0)
            {
                IsOfBlocks = true,
                Family = $"{name} is no multiple",
            };
    }

    private static IEnumerable<Condition> Geometry()
    {
        yield return new("stride > 1", "stride = 1", c => Pair(c, "stride").Any(s => s > 1), MistakeClass.Stride);
        yield return new(
            "the strides of rows and columns differ", "they are the same", c => Pair(c, "stride") is var s && s[0] != s[1], MistakeClass.Stride);
        yield return new("padding > 0", "there is no padding", c => Padding(c).Any(p => p > 0), MistakeClass.Padding);
        yield return new(
            "the padding differs at the two ends of an axis", "it is the same at both ends", c =>
            Padding(c) is { Length: 4 } p && (p[0] != p[1] || p[2] != p[3]), MistakeClass.Padding);
        yield return new(
            "the padding of rows and columns differs", "it is the same", c => Padding(c) is var p && p[0] != p[^1], MistakeClass.Padding);
        yield return new("there is no padding at some edge", "there is padding at each edge", c => Padding(c).Any(p => p == 0), MistakeClass.Padding);
        yield return new("dilation > 1", "dilation = 1", c => Pair(c, "dilation").Any(d => d > 1), MistakeClass.Dilation);
        yield return new("groups > 1", "groups = 1", c => c.Attributes.Has("groups") && c.Attributes.Int("groups") > 1, MistakeClass.ChannelIndex);
        yield return new("ceil_mode is on", "ceil_mode is off", c => Flag(c, "ceil_mode", false), MistakeClass.Option);
        yield return new("count_include_pad is off", "count_include_pad is on", c => !Flag(c, "count_include_pad", true), MistakeClass.Option);
        yield return new(
            "windows overlap (stride < kernel)", "they do not", c => Axes2(c).Any(axis => axis.Kernel > axis.Stride), MistakeClass.Assignment);
        yield return new("there are gaps between windows (stride > kernel)", "there are none", c => Axes2(c).Any(axis => axis.Stride > axis.Kernel));
        yield return new(
            "the last window does not reach the end of the input", "it does", c => Axes2(c).Any(axis => axis.Remainder > 0), MistakeClass.OddInput);
        yield return new("the kernel is not square", "it is square", c => Kernel(c) is var k && k[0] != k[1]);
        yield return new("the kernel is larger than 1×1", "it is 1×1", c => Kernel(c).Any(k => k > 1));
        yield return new("the kernel is 1×1", "it is larger", c => Kernel(c).All(k => k == 1));
        yield return new("groups = 1", "groups > 1", c => c.Attributes.Has("groups") && c.Attributes.Int("groups") == 1);
        yield return new("stride = 1", "stride > 1", c => Pair(c, "stride").All(s => s == 1));
        yield return new("there is no padding", "padding > 0", c => Padding(c).All(p => p == 0));
        yield return new("dilation = 1", "dilation > 1", c => Pair(c, "dilation").All(d => d == 1));
        yield return new("there is a bias", "there is none", c => c.Inputs.ContainsKey("bias"));
        yield return new("there is no bias", "there is one", c => c.Inputs.ContainsKey("weight") && !c.Inputs.ContainsKey("bias"));
    }

    private static IEnumerable<Condition> BatchNorms()
    {
        yield return new("training is on", "training is off", c => Flag(c, "training", false));
        yield return new("training is off", "training is on", c => !Flag(c, "training", true));
        yield return new("momentum is null", "momentum is a number", c => !c.Attributes.Has("momentum"), MistakeClass.Option);
        yield return new("weight and bias are absent", "they are there", c => !c.Inputs.ContainsKey("weight"));
        yield return new("weight and bias are there", "they are absent", c => c.Inputs.ContainsKey("weight"));
        yield return new("a weight is 0", "none is", c => c.Inputs.TryGetValue("weight", out var w) && w.Data.Contains(0));
        yield return new("eps is not the usual 1e-5", "eps is 1e-5", c => c.Attributes.Number("eps") != 1e-5);
    }

    private static IEnumerable<Condition> Losses()
    {
        foreach (var reduction in new[] { "mean", "sum", "none" })
            yield return new(
                $"reduction is {reduction}", "it is another", c => c.Attributes.Has("reduction") && c.Attributes.Text("reduction") == reduction);
        yield return new("classes have weights", "they have none", c => c.Inputs.ContainsKey("weight"), MistakeClass.Option);
        yield return new(
            "a row is ignored", "none is", c =>
            c.Attributes.Has("ignore_index") && c.Input("target").Data.Contains(c.Attributes.Int("ignore_index")), MistakeClass.Option);
        yield return new(
            "every row is ignored", "one counts", c =>
            c.Attributes.Has("ignore_index") && !c.Input("target").Data.ContainsAnyExcept(c.Attributes.Int("ignore_index")));
        yield return new(
            "label_smoothing > 0", "label_smoothing = 0", c =>
            c.Attributes.Has("label_smoothing") && c.Attributes.Number("label_smoothing") > 0, MistakeClass.Option);
    }

    private static IEnumerable<Condition> Optimisers()
    {
        yield return new("momentum > 0", "momentum = 0", c => Above(c, "momentum"), MistakeClass.Optimiser);
        yield return new("nesterov is on", "nesterov is off", c => Flag(c, "nesterov", false), MistakeClass.Optimiser);
        yield return new("dampening > 0", "dampening = 0", c => Above(c, "dampening"), MistakeClass.Optimiser);
        yield return new("weight_decay > 0", "weight_decay = 0", c => Above(c, "weight_decay"), MistakeClass.Optimiser);
        yield return new("there is more than one step", "there is one", c => c.Input("gradients").Shape[0] > 1, MistakeClass.Optimiser);
        yield return new("a gradient is 0", "none is", c => c.Input("gradients").Data.Contains(0));
        yield return new(
            "lr changes", "lr is the same at each step", c => c.Attributes.Numbers("lr", c.Input("gradients").Shape[0]).Distinct().Count() > 1);
    }

    private static IEnumerable<Condition> Inputs()
    {
        yield return new("a window's maximum ties", "no maximum does", c => c.Op == "max_pool2d" && new Windows(c).AnyTie(), MistakeClass.PoolTies);
        yield return OfNumbers("the input has NaN or infinity", "it is finite", c => First(c).Data.ToArray().Any(value => !double.IsFinite(value)));
        yield return new("the input is as large as 100", "it is smaller", c => First(c).Data.ToArray().Any(value => Math.Abs(value) >= 100));
        yield return OfNumbers("the input is nowhere positive", "it is positive somewhere", c => !First(c).Data.ToArray().Any(value => value > 0));
        yield return OfNumbers("the input has negative elements", "it has none", c => First(c).Data.ToArray().Any(value => value < 0));
        yield return OfNumbers("the input has a 0", "it has none", c => First(c).Data.Contains(0));
        yield return OfNumbers(
            "the input has fractions", "it has integers alone", c => First(c).Data.ToArray().Any(value => value != Math.Truncate(value)));
    }

    private static Condition OfNumbers(string name, string otherwise, Func<LayerCase, bool> holds) =>
        new(name, otherwise, c => First(c).Length > 0 && holds(c)) { IsOfNumbers = true };

    private static IEnumerable<Condition> Sizes()
    {
        yield return new("N > 1", "N = 1", c => Extent(c, 0) > 1);
        yield return new("N = 1", "N > 1", c => Extent(c, 0) == 1);
        yield return new("N = 0", "N > 0", c => Extent(c, 0) == 0);
        yield return new("C > 1", "C = 1", c => Extent(c, 1) > 1);
        yield return new("C = 1", "C > 1", c => Extent(c, 1) == 1);
        yield return new("N differs from C", "they are equal", c => Extent(c, 0) != Extent(c, 1));
        yield return new("the input is an image", "it is not", IsImage);
        yield return new("the input is a row of numbers", "it is not", c => First(c).Rank == 2);
        yield return new("the input is a batch of sequences", "it is not", c => First(c).Rank == 3);
        yield return new("H differs from W", "they are equal", c => IsImage(c) && Extent(c, 2) != Extent(c, 3), MistakeClass.OddInput);
        yield return new("H > W", "H ≤ W", c => IsImage(c) && Extent(c, 2) > Extent(c, 3));
        yield return new("W > H", "W ≤ H", c => Extent(c, 3) > Extent(c, 2));
        yield return new("H is odd", "H is even", c => Extent(c, 2) % 2 == 1);
        yield return new("W is odd", "W is even", c => Extent(c, 3) % 2 == 1);
        yield return new("H or W is odd", "both are even", c => Extent(c, 2) % 2 == 1 || Extent(c, 3) % 2 == 1, MistakeClass.OddInput);
        yield return new("the same question is put twice", "it is put once", c => c.Repeat > 1);
    }

    /// <summary>The main tensor of a case.</summary>
    private static Tensor64 First(LayerCase c) => c.Inputs.TryGetValue("input", out var input) ? input : c.Inputs.Values.First();

    /// <summary>An extent of the input; −1 if it has no such axis.</summary>
    private static int Extent(LayerCase c, int axis) => c.Inputs.TryGetValue("input", out var input) && axis < input.Rank ? input.Shape[axis] : -1;

    private static bool IsImage(LayerCase c) => First(c).Rank == 4;

    private static bool Above(LayerCase c, string name) => c.Attributes.Has(name) && c.Attributes.Number(name) > 0;

    private static bool Flag(LayerCase c, string name, bool otherwise) => c.Attributes.Has(name) ? c.Attributes.Flag(name) : otherwise;

    private static int[] Pair(LayerCase c, string name) => c.Attributes.Has(name) ? c.Attributes.Ints(name, 2) : [1, 1];

    private static int[] Padding(LayerCase c) => c.Attributes.Ints("padding", c.Op == "conv2d" ? 4 : 2);

    private static int[] Kernel(LayerCase c) => c.Op == "conv2d" ? c.Input("weight").Shape[2..].ToArray() : Pair(c, "kernel_size");

    private static IReadOnlyList<WindowAxis> Axes2(LayerCase c) => new Windows(c).Axes;
}
