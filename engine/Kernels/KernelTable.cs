using System.Runtime.Intrinsics;
using Conformance.Engine.Kernels.Clear;
using Conformance.Engine.Kernels.Fast;
using Conformance.Engine.Kernels.Operations;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Kernels;

/// <summary>A row of the kernel table: one implementation of one operation.</summary>
public abstract record KernelRow
{
    private protected KernelRow(string operation, string name) => (Operation, Name) = (operation, name);

    /// <summary>PyTorch's functional name, such as <c>conv2d</c>.</summary>
    public string Operation { get; }

    /// <summary><c>clear</c> is plain loops. <c>fast</c> computes sixteen images at a time with vector instructions.</summary>
    public string Name { get; }
}

/// <param name="Kernel">For an optimiser the kernel itself. For a layer or a loss the function that creates the kernel for its operands.</param>
internal sealed record KernelRow<T>(string Operation, string Name, T Kernel) : KernelRow(Operation, Name);

/// <summary>Every kernel of the engine. The conformance suite judges each row.</summary>
public static class KernelTable
{
    /// <summary>All rows.</summary>
    public static IReadOnlyList<KernelRow> Rows { get; } = [.. Clear(), .. FastForThisMachine()];

    /// <summary>Creates the kernel of a layer or a loss for its operands.</summary>
    /// <exception cref="ArgumentException">The table has no such row, or CONFORMANCE_KERNEL names no kernel.</exception>
    internal static Kernel Create<TOperands>(string operation, TOperands operands, KernelChoice? kernels)
    {
        var row = Find<Func<TOperands, Kernel>>(operation, kernels);
        var kernel = row.Kernel(operands);
        kernel.Name = row.Name;
        return kernel;
    }

    /// <summary>The row for an operation and a choice.</summary>
    /// <exception cref="ArgumentException">The table has no such row, or CONFORMANCE_KERNEL names no kernel.</exception>
    internal static KernelRow<T> Find<T>(string operation, KernelChoice? kernels)
    {
        string name = KernelChoice.InForce(kernels).Name;
        return Rows.OfType<KernelRow<T>>().FirstOrDefault(row => row.Operation == operation && row.Name == name)
            ?? throw new ArgumentException($"{operation}: there is no kernel named '{name}'");
    }

    /// <summary>The fast kernels with the widest vectors of this processor. The bits of a result do not depend on the width.</summary>
    private static KernelRow[] FastForThisMachine() =>
        Vector512.IsHardwareAccelerated ? Fast<Simd512>() : Vector256.IsHardwareAccelerated ? Fast<Simd256>() : Fast<Simd128>();

    private static KernelRow[] Clear()
    {
        static KernelRow<Func<T, Kernel>> Row<T>(string operation, Func<T, Kernel> create) => new(operation, "clear", create);
        return
        [
            Row<Conv2dOperands>("conv2d", o => new ClearConv2d(o)),
            Row<MaxPool2dOperands>("max_pool2d", o => new ClearMaxPool2d(o)),
            Row<AveragePoolOperands>("avg_pool2d", o => new ClearAveragePool(o)),
            Row<AveragePoolOperands>("adaptive_avg_pool2d", o => new ClearAveragePool(o)),
            Row<Operands>("relu", o => new ClearElementwise<ClearReLU>(o, new())),
            Row<LeakyReLUOperands>("leaky_relu", o => new ClearElementwise<ClearLeakyReLU>(o, new(o.NegativeSlope))),
            Row<Operands>("tanh", o => new ClearElementwise<ClearTanh>(o, new())),
            Row<Operands>("sigmoid", o => new ClearElementwise<ClearSigmoid>(o, new())),
            Row<SoftmaxOperands>("softmax", o => new ClearSoftmax(o, logarithm: false)),
            Row<SoftmaxOperands>("log_softmax", o => new ClearSoftmax(o, logarithm: true)),
            Row<DropoutOperands>("dropout", o => new ClearDropout(o, Layout.Nchw)),
            Row<LinearOperands>("linear", o => new ClearLinear(o)),
            Row<BatchNormOperands>("batch_norm1d", o => new ClearBatchNorm(o)),
            Row<BatchNormOperands>("batch_norm2d", o => new ClearBatchNorm(o)),
            Row<CrossEntropyOperands>("cross_entropy", o => new ClearCrossEntropy(o)),
            Row<ClassificationOperands>("nll_loss", o => new ClearNll(o)),
            Row<GeneralizedCrossEntropyOperands>("generalized_cross_entropy", o => new ClearGeneralizedCrossEntropy(o)),
            Row<MseOperands>("mse_loss", o => new ClearMse(o)),
            new KernelRow<SgdKernel>("sgd", "clear", new ClearSgd()),
            new KernelRow<AdamKernel>("adam", "clear", new ClearAdam()),
            new KernelRow<AdamKernel>("adamw", "clear", new ClearAdam()),
        ];
    }

    private static KernelRow[] Fast<T>() where T : unmanaged, ISimd<T>
    {
        static KernelRow<Func<TOperands, Kernel>> Row<TOperands>(string operation, Func<TOperands, Kernel> create) => new(operation, "fast", create);
        return
        [
            Row<Conv2dOperands>("conv2d", o => new FastConv2d<T>(o)),
            Row<MaxPool2dOperands>("max_pool2d", o => new FastMaxPool2d<T>(o)),
            Row<AveragePoolOperands>("avg_pool2d", o => new FastAveragePool<T>(o)),
            Row<AveragePoolOperands>("adaptive_avg_pool2d", o => new FastAveragePool<T>(o)),
            Row<Operands>("relu", o => new FastElementwise<T, FastReLU<T>>(o, new())),
            Row<LeakyReLUOperands>("leaky_relu", o => new FastElementwise<T, FastLeakyReLU<T>>(o, new(o.NegativeSlope))),
            Row<Operands>("tanh", o => new FastElementwise<T, FastTanh<T>>(o, new())),
            Row<Operands>("sigmoid", o => new FastElementwise<T, FastSigmoid<T>>(o, new())),
            Row<SoftmaxOperands>("softmax", o => new FastSoftmax<T>(o, logarithm: false)),
            Row<SoftmaxOperands>("log_softmax", o => new FastSoftmax<T>(o, logarithm: true)),
            Row<DropoutOperands>("dropout", o => new ClearDropout(o, Layout.Blocked)), // drawing the mask takes the time; vectors do not help
            Row<LinearOperands>("linear", o => new FastLinear<T>(o)),
            Row<BatchNormOperands>("batch_norm1d", o => new FastBatchNorm<T>(o)),
            Row<BatchNormOperands>("batch_norm2d", o => new FastBatchNorm<T>(o)),
            Row<CrossEntropyOperands>("cross_entropy", o => new FastCrossEntropy<T>(o)),
            // These losses compute a few numbers per image and step, so the clear loops are fast enough.
            Row<ClassificationOperands>("nll_loss", o => new ClearNll(o)),
            Row<GeneralizedCrossEntropyOperands>("generalized_cross_entropy", o => new ClearGeneralizedCrossEntropy(o)),
            Row<MseOperands>("mse_loss", o => new ClearMse(o)),
            new KernelRow<SgdKernel>("sgd", "fast", new FastSgd<T>()),
            new KernelRow<AdamKernel>("adam", "fast", new FastAdam<T>()),
            new KernelRow<AdamKernel>("adamw", "fast", new FastAdam<T>()),
        ];
    }
}
