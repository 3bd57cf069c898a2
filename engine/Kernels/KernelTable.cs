using System.Runtime.Intrinsics;
using Conformance.Engine.Kernels.Clear;
using Conformance.Engine.Kernels.Fast;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Kernels;

/// <summary>One way to compute one operation.</summary>
/// <param name="Operation">PyTorch's functional name, such as <c>conv2d</c>.</param>
/// <param name="Name"><c>clear</c>: the loop nest that states the operation. <c>fast</c>: vectors over sixteen images.</param>
public sealed record KernelRow(string Operation, string Name)
{
    internal object Kernel { get; init; } = null!;
}

/// <summary>Every kernel of the engine. A kernel that is not here does not exist; each row runs through the whole conformance suite.</summary>
public static class KernelTable
{
    /// <summary>All rows.</summary>
    public static IReadOnlyList<KernelRow> Rows { get; } = [.. Clear(), .. FastForThisMachine()];

    /// <summary>The row that a layer will use.</summary>
    /// <exception cref="ArgumentException">The table has no such row, or the environment names none.</exception>
    internal static KernelRow Find(string operation, KernelChoice? kernels)
    {
        string name = (KernelChoice.Forced ?? kernels ?? KernelChoice.Fast).Name;
        return Rows.FirstOrDefault(row => row.Operation == operation && row.Name == name)
            ?? throw new ArgumentException($"{operation}: there is no kernel named '{name}'");
    }

    /// <summary>The widest vectors that are fast here. The bits of a result do not depend on the width.</summary>
    private static KernelRow[] FastForThisMachine() =>
        Vector512.IsHardwareAccelerated ? Fast<Simd512>() : Vector256.IsHardwareAccelerated ? Fast<Simd256>() : Fast<Simd128>();

    private static KernelRow[] Clear() =>
    [
        new("conv2d", "clear") { Kernel = new ClearConv2d() },
        new("max_pool2d", "clear") { Kernel = new ClearMaxPool2d() },
        new("avg_pool2d", "clear") { Kernel = new ClearAveragePool() },
        new("adaptive_avg_pool2d", "clear") { Kernel = new ClearAveragePool() },
        new("relu", "clear") { Kernel = new ClearReLU() },
        new("leaky_relu", "clear") { Kernel = new ClearLeakyReLU() },
        new("tanh", "clear") { Kernel = new ClearTanh() },
        new("sigmoid", "clear") { Kernel = new ClearSigmoid() },
        new("softmax", "clear") { Kernel = new ClearSoftmax(logarithm: false) },
        new("log_softmax", "clear") { Kernel = new ClearSoftmax(logarithm: true) },
        new("dropout", "clear") { Kernel = new ClearDropout(Layout.Nchw) },
        new("linear", "clear") { Kernel = new ClearLinear() },
        new("batch_norm1d", "clear") { Kernel = new ClearBatchNorm() },
        new("batch_norm2d", "clear") { Kernel = new ClearBatchNorm() },
        new("cross_entropy", "clear") { Kernel = new ClearCrossEntropy() },
        new("nll_loss", "clear") { Kernel = new ClearNll() },
        new("generalized_cross_entropy", "clear") { Kernel = new ClearGeneralizedCrossEntropy() },
        new("mse_loss", "clear") { Kernel = new ClearMse() },
        new("sgd", "clear") { Kernel = new ClearSgd() },
        new("adam", "clear") { Kernel = new ClearAdam() },
        new("adamw", "clear") { Kernel = new ClearAdam() },
    ];

    internal static KernelRow[] Fast<T>() where T : unmanaged, ISimd<T> =>
    [
        new("conv2d", "fast") { Kernel = new FastConv2d<T>() },
        new("max_pool2d", "fast") { Kernel = new FastMaxPool2d<T>() },
        new("avg_pool2d", "fast") { Kernel = new FastAveragePool<T>() },
        new("adaptive_avg_pool2d", "fast") { Kernel = new FastAveragePool<T>() },
        new("relu", "fast") { Kernel = new FastReLU<T>() },
        new("leaky_relu", "fast") { Kernel = new FastLeakyReLU<T>() },
        new("tanh", "fast") { Kernel = new FastTanh<T>() },
        new("sigmoid", "fast") { Kernel = new FastSigmoid<T>() },
        new("softmax", "fast") { Kernel = new FastSoftmax<T>(logarithm: false) },
        new("log_softmax", "fast") { Kernel = new FastSoftmax<T>(logarithm: true) },
        new("dropout", "fast") { Kernel = new ClearDropout(Layout.Blocked) }, // drawing the mask takes the time, and is the same on vectors
        new("linear", "fast") { Kernel = new FastLinear<T>() },
        new("batch_norm1d", "fast") { Kernel = new FastBatchNorm<T>() },
        new("batch_norm2d", "fast") { Kernel = new FastBatchNorm<T>() },
        new("cross_entropy", "fast") { Kernel = new FastCrossEntropy<T>() },
        // These losses see a number for each class, once a step, and no network of ours trains by them day by day: the clear loops are fast enough.
        new("nll_loss", "fast") { Kernel = new ClearNll() },
        new("generalized_cross_entropy", "fast") { Kernel = new ClearGeneralizedCrossEntropy() },
        new("mse_loss", "fast") { Kernel = new ClearMse() },
        new("sgd", "fast") { Kernel = new FastSgd<T>() },
        new("adam", "fast") { Kernel = new FastAdam<T>() },
        new("adamw", "fast") { Kernel = new FastAdam<T>() },
    ];
}

/// <summary>Which rows of the <see cref="KernelTable"/> a layer takes.</summary>
public sealed record KernelChoice
{
    /// <summary>The environment variable that forces one choice on every layer made while it is set, whatever the layer was told.</summary>
    public const string Variable = "CONFORMANCE_KERNEL";

    private KernelChoice(string name) => Name = name;

    /// <summary>The loop nests that state the operations.</summary>
    public static KernelChoice Clear { get; } = new("clear");

    /// <summary>The fast variants; what a layer takes when it is told nothing.</summary>
    public static KernelChoice Fast { get; } = new("fast");

    public string Name { get; }

    /// <summary>The choice of the environment, if there is one.</summary>
    /// <exception cref="ArgumentException">The variable names no kernels.</exception>
    public static KernelChoice? Forced => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } name ? Named(name, Variable) : null;

    /// <exception cref="ArgumentException">There are no such kernels.</exception>
    public static KernelChoice Named(string name) => Named(name, "kernel");

    private static KernelChoice Named(string name, string origin) => name switch
    {
        "clear" => Clear,
        "fast" => Fast,
        _ => throw new ArgumentException($"{origin}: expected clear or fast, got '{name}'"),
    };

    public override string ToString() => Name;
}
