using Conformance.Engine.Kernels;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Losses;

/// <summary>What the squared error and its kernel share. <see cref="Operands.Output"/> holds the losses, <see cref="Operands.OutputGradient"/> their gradients.</summary>
internal sealed class MseOperands : Operands
{
    public Tensor Target = null!;
}

/// <summary>Squared error, <c>(x − t)²</c> of each element, as <c>torch.nn.MSELoss</c>; the mean is over all elements, NaN over none.</summary>
public sealed class MseLoss
{
    private const string Name = "mse_loss";
    private readonly MseOperands _operands = new();
    private readonly Computation _computation;
    private readonly Reduction _reduction;
    private Tensor? _input;
    private Tensor? _target;
    private Tensor? _losses;
    private Tensor? _lossGradients;
    private Tensor? _inputGradient;
    private bool _ready;

    /// <param name="kernels">Which kernel computes it; the fast one if null.</param>
    public MseLoss(Reduction reduction = Reduction.Mean, KernelChoice? kernels = null)
    {
        _reduction = reduction;
        _computation = Computation.Of(Name, kernels, _operands);
    }

    /// <summary>The name of the kernel in use.</summary>
    public string Kernel => _computation.Kernel;

    /// <summary>The loss of each element of the last forward pass, row-major, before reduction (PyTorch's <c>reduction="none"</c>).</summary>
    public ReadOnlySpan<float> Losses => _losses is null ? [] : _losses.Span;

    /// <summary>The reduced loss.</summary>
    /// <param name="input">Of any shape; copied.</param>
    /// <param name="target">Of the same shape; copied.</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public float Forward(Tensor input, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(target);
        _ready = false;
        Shapes.Check(Name, "target", input.Shape, target.Shape);
        Tensor.Reuse(ref _input, _computation.Layout, input.Shape).CopyFrom(input);
        Tensor.Reuse(ref _target, _computation.Layout, input.Shape).CopyFrom(target);
        (_operands.Input, _operands.Target) = (_input!, _target!);
        _operands.Output = Tensor.Reuse(ref _losses, _computation.Layout, input.Shape);
        double sum = 0;
        for (int block = 0; block < input.Blocks; block++)
            _computation.Forward(block);
        foreach (float loss in Losses)
            sum += loss;
        _ready = true;
        return (float)(_reduction == Reduction.Mean ? sum / input.Length : sum);
    }

    /// <summary>∂loss/∂input of the last forward pass.</summary>
    /// <exception cref="InvalidOperationException">There was no (successful) forward pass.</exception>
    public Tensor Backward()
    {
        var gradients = LossGradients();
        gradients.Span.Fill(_reduction == Reduction.Mean ? 1f / gradients.Length : 1);
        return BackwardBlocks();
    }

    /// <summary>∂/∂input of <c>Σ lossGradients[i] · Losses[i]</c>: the backward pass of the unreduced loss.</summary>
    /// <exception cref="InvalidOperationException">There was no (successful) forward pass.</exception>
    /// <exception cref="ArgumentException">Not one gradient for each element.</exception>
    public Tensor Backward(ReadOnlySpan<float> lossGradients)
    {
        var gradients = LossGradients();
        Shapes.CheckCount(Name, gradients.Length, lossGradients.Length, gradients.Shape);
        lossGradients.CopyTo(gradients.Span);
        return BackwardBlocks();
    }

    private Tensor LossGradients() => _ready
        ? Tensor.Reuse(ref _lossGradients, _computation.Layout, _operands.Input.Shape)
        : throw new InvalidOperationException($"{Name}: Backward needs a Forward before it");

    private Tensor BackwardBlocks()
    {
        _operands.OutputGradient = _lossGradients!;
        _operands.InputGradient = Tensor.Reuse(ref _inputGradient, _computation.Layout, _operands.Input.Shape);
        for (int block = 0; block < _operands.Input.Blocks; block++)
            _computation.Backward(block);
        return _operands.InputGradient.Copy();
    }
}
