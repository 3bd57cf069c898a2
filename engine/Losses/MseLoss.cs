using Conformance.Engine.Kernels;
using Conformance.Engine.Kernels.Operations;
using Conformance.Engine.Passes;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Losses;

/// <summary>
/// Squared error, <c>(x − t)²</c> of each element, as <c>torch.nn.MSELoss</c>. The mean is over all elements; it is NaN if there are none.
/// </summary>
public sealed class MseLoss
{
    private const string Name = "mse_loss";
    private readonly MseOperands _operands = new();
    private readonly Kernel _kernel;
    private readonly Reduction _reduction;
    private Tensor? _input;
    private Tensor? _target;
    private Tensor? _losses;
    private Tensor? _lossGradients;
    private Tensor? _inputGradient;
    private bool _ready;

    /// <param name="kernels">The choice of kernel; the fast one if null.</param>
    public MseLoss(Reduction reduction = Reduction.Mean, KernelChoice? kernels = null)
    {
        _reduction = reduction;
        _kernel = KernelTable.Create(Name, _operands, kernels);
    }

    /// <summary>The name of the kernel in use.</summary>
    public string KernelName => _kernel.Name;

    /// <summary>The loss of each element of the last forward pass, row-major, before reduction (PyTorch's <c>reduction="none"</c>).</summary>
    public ReadOnlySpan<float> Losses => _losses is null ? [] : _losses.Span;

    /// <summary>Computes the reduced loss.</summary>
    /// <param name="input">A tensor of any shape; copied.</param>
    /// <param name="target">A tensor of the same shape; copied.</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public float Forward(Tensor input, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(target);
        _ready = false;
        Shapes.Check(Name, "target", input.Shape, target.Shape);
        Tensor.Reuse(ref _input, _kernel.Layout, input.Shape).CopyFrom(input);
        Tensor.Reuse(ref _target, _kernel.Layout, input.Shape).CopyFrom(target);
        (_operands.Input, _operands.Target) = (_input!, _target!);
        _operands.Output = Tensor.Reuse(ref _losses, _kernel.Layout, input.Shape);
        double sum = 0;
        Workers.Alone.Run(input.Blocks, _kernel.Forward);
        foreach (float loss in Losses)
            sum += loss;
        _ready = true;
        return (float)(_reduction == Reduction.Mean ? sum / input.Length : sum);
    }

    /// <summary>Computes ∂loss/∂input of the last forward pass.</summary>
    /// <exception cref="InvalidOperationException">There was no successful forward pass.</exception>
    public Tensor Backward()
    {
        var gradients = LossGradients();
        gradients.Span.Fill(_reduction == Reduction.Mean ? 1f / gradients.Length : 1);
        return BackwardBlocks();
    }

    /// <summary>
    /// Computes the gradient of <c>Σ lossGradients[i] · Losses[i]</c> with respect to the input: the backward pass of the unreduced loss.
    /// </summary>
    /// <exception cref="InvalidOperationException">There was no successful forward pass.</exception>
    /// <exception cref="ArgumentException">The number of gradients is not the number of elements.</exception>
    public Tensor Backward(ReadOnlySpan<float> lossGradients)
    {
        var gradients = LossGradients();
        Shapes.CheckCount(Name, gradients.Length, lossGradients.Length, gradients.Shape);
        lossGradients.CopyTo(gradients.Span);
        return BackwardBlocks();
    }

    private Tensor LossGradients() => _ready
        ? Tensor.Reuse(ref _lossGradients, _kernel.Layout, _operands.Input.Shape)
        : throw new InvalidOperationException($"{Name}: Backward needs a Forward before it");

    private Tensor BackwardBlocks()
    {
        _operands.OutputGradient = _lossGradients!;
        _operands.InputGradient = Tensor.Reuse(ref _inputGradient, _kernel.Layout, _operands.Input.Shape);
        Workers.Alone.Run(_operands.Input.Blocks, _kernel.Backward);
        return _operands.InputGradient.Copy();
    }
}
