using Conformance.Engine.Kernels;
using Conformance.Engine.Kernels.Operations;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Layers;

/// <summary>
/// Batch normalisation by channel (Ioffe and Szegedy 2015), with PyTorch's conventions: <c>y = γ·(x − μ)/√(σ² + ε) + β</c>. In training,
/// μ and σ² are the mean and the biased variance of the batch. They also update the running statistics: <c>r ← (1 − m)·r + m·batch</c>, with
/// the unbiased variance. In evaluation, μ and σ² are the running statistics.
/// </summary>
public abstract class BatchNorm : KernelLayer
{
    private readonly BatchNormOperands _operands;
    private Tensor? _output;

    private protected BatchNorm(string operation, int features, double? momentum, double eps, bool affine, KernelChoice? kernels)
        : this(operation, Share(operation, features, momentum, eps, affine), kernels)
    {
    }

    private BatchNorm(string operation, BatchNormOperands operands, KernelChoice? kernels)
        : base(KernelTable.Create(operation, operands, kernels), operands)
    {
        (Operation, _operands) = (operation, operands);
        Features = operands.Mean.Length;
        Parameters = operands.Weight is null ? [] : [operands.Weight, operands.Bias!];
        Buffers =
        [
            new("running_mean", operands.RunningMean), new("running_var", operands.RunningVar),
            new("num_batches_tracked", operands.NumBatchesTracked),
        ];
    }

    public override string Operation { get; }

    /// <summary>The number of channels C.</summary>
    public int Features { get; }

    /// <summary>γ, <c>[C]</c>, initially ones; null without affine.</summary>
    public Parameter? Weight => _operands.Weight;

    /// <summary>β, <c>[C]</c>, initially zeros; null without affine.</summary>
    public Parameter? Bias => _operands.Bias;

    /// <summary>The running mean, <c>[C]</c>, initially zeros.</summary>
    public Tensor RunningMean => _operands.RunningMean;

    /// <summary>The running variance, <c>[C]</c>, initially ones.</summary>
    public Tensor RunningVar => _operands.RunningVar;

    /// <summary>
    /// The number of training batches so far, a scalar. If the momentum is null, the running statistics are the plain mean over them.
    /// </summary>
    public Tensor NumBatchesTracked => _operands.NumBatchesTracked;

    /// <summary>ε, added to the variance.</summary>
    public double Eps => _operands.Eps;

    public override IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>The buffers <c>running_mean</c>, <c>running_var</c> and <c>num_batches_tracked</c>.</summary>
    public override IReadOnlyList<ModuleBuffer> Buffers { get; }

    /// <summary>Whether the layer accepts an input of this rank.</summary>
    private protected abstract bool Takes(int rank);

    /// <summary>The expected shape, for messages.</summary>
    private protected abstract string Expected { get; }

    private protected override Tensor ConnectOutput(Tensor input, Layout layout)
    {
        var o = _operands;
        if (!Takes(input.Shape.Length) || input.Shape[1] != Features)
            throw Shapes.Wrong(Operation, Expected, input.Shape);
        if (Training && o.Count == 1)
            throw Shapes.Wrong(Operation, "with more than one value a channel in training", input.Shape);
        o.Training = Training;
        o.Share = o.Momentum ?? 1.0 / (o.NumBatchesTracked.Span[0] + 1.0);
        return Tensor.Reuse(ref _output, layout, input.Shape);
    }

    private static BatchNormOperands Share(string operation, int features, double? momentum, double eps, bool affine)
    {
        Shapes.AtLeast(1, features, operation, nameof(features));
        if (momentum is { } m && !(m >= 0 && m <= 1))
            throw new ArgumentOutOfRangeException(
                nameof(momentum), momentum, $"{operation}: expected a momentum from 0 to 1, or null, got {momentum}");
        if (!(eps > 0 && double.IsFinite(eps)))
            throw new ArgumentOutOfRangeException(nameof(eps), eps, $"{operation}: expected a finite eps above 0, got {eps}");
        var operands = new BatchNormOperands
        {
            Weight = affine ? new("weight", features) : null,
            Bias = affine ? new("bias", features) : null,
            RunningMean = Tensor.Zeros(features),
            RunningVar = Tensor.Zeros(features),
            NumBatchesTracked = Tensor.Zeros(),
            Momentum = momentum,
            Eps = eps,
            Mean = new float[features],
            InverseDeviation = new float[features],
            GradientSum = new float[features],
            GradientDotNormal = new float[features],
        };
        operands.Weight?.Value.Span.Fill(1);
        operands.RunningVar.Span.Fill(1);
        return operands;
    }
}
