using Conformance.Engine.Kernels.Operations;
using Conformance.Engine.Passes;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Losses;

/// <summary>
/// The base class of losses whose targets are class numbers. Input: scores <c>[N, classes]</c>, and one class per image. The mean is PyTorch's: the
/// sum of the losses divided by the sum of the targets' weights (1 each without weights). An ignored image counts in neither sum and has a gradient
/// of 0. The mean is NaN if the divisor is 0.
/// </summary>
/// <remarks>The divisor depends on the targets only, so the blocks of a batch need not wait for each other.</remarks>
public abstract class ClassificationLoss
{
    /// <summary>PyTorch's default for the class to ignore.</summary>
    public const int DefaultIgnoreIndex = -100;

    private readonly Kernel _kernel;
    private readonly ClassificationOperands _operands;
    private readonly Reduction _reduction;
    private Tensor? _input;
    private Tensor? _softmax;
    private Tensor? _inputGradient;
    private bool _ready;

    private protected ClassificationLoss(Kernel kernel, ClassificationOperands operands, Reduction reduction) =>
        (_kernel, _operands, _reduction) = (kernel, operands, reduction);

    /// <summary>The operation, with PyTorch's functional name; used in messages.</summary>
    public abstract string Operation { get; }

    /// <summary>The name of the kernel in use.</summary>
    public string KernelName => _kernel.Name;

    /// <summary>
    /// The loss of each image in the last forward pass, before reduction (PyTorch's <c>reduction="none"</c>); 0 for an ignored image.
    /// </summary>
    public ReadOnlySpan<float> Losses => _operands.Losses.AsSpan(0, _operands.Input?.Images ?? 0);

    internal Layout Layout => _kernel.Layout;

    /// <summary>W, the divisor of the mean: the sum of the weights of the images that are not ignored.</summary>
    internal double Divisor { get; private set; }

    /// <summary>Computes the reduced loss.</summary>
    /// <param name="input">The scores, <c>[N, classes]</c>; copied.</param>
    /// <param name="targets">For each image a class from 0, or the class to ignore.</param>
    /// <exception cref="ArgumentException">The shape is wrong, the number of targets differs, or a target is no class.</exception>
    public float Forward(Tensor input, ReadOnlySpan<int> targets)
    {
        ArgumentNullException.ThrowIfNull(input);
        _ready = false;
        CheckShape(input.Shape);
        Connect(Tensor.Reuse(ref _input, Layout, input.Shape), targets);
        _input!.CopyFrom(input);
        Workers.Alone.Run(input.Blocks, ForwardBlock);
        GC.KeepAlive(this); // kernels hold raw pointers into this loss's tensors
        _ready = true;
        return (float)Reduced(Sum());
    }

    /// <summary>Computes ∂loss/∂input of the last forward pass, <c>[N, classes]</c>.</summary>
    /// <exception cref="InvalidOperationException">There was no successful forward pass.</exception>
    public Tensor Backward()
    {
        CheckReady();
        ConnectBackward();
        return BackwardBlocks();
    }

    /// <summary>
    /// Computes the gradient of <c>Σ lossGradients[n] · Losses[n]</c> with respect to the input: the backward pass of the unreduced loss.
    /// </summary>
    /// <exception cref="InvalidOperationException">There was no successful forward pass.</exception>
    /// <exception cref="ArgumentException">The number of gradients is not the number of images.</exception>
    public Tensor Backward(ReadOnlySpan<float> lossGradients)
    {
        CheckReady();
        Shapes.CheckCount(Operation, _operands.Input.Images, lossGradients.Length, [_operands.Input.Images]);
        ConnectBackward();
        for (int n = 0; n < lossGradients.Length; n++)
            _operands.LossGradients[n] = _operands.Ignores(n) ? 0 : lossGradients[n];
        return BackwardBlocks();
    }

    /// <summary>Prepares passes that read this tensor itself, without a copy.</summary>
    internal void Connect(Tensor input, ReadOnlySpan<int> targets)
    {
        _ready = false; // otherwise a public backward pass would use this tensor as that of its forward pass
        CheckShape(input.Shape);
        int images = input.Images, classes = input.Shape[1];
        if (targets.Length != images)
            throw new ArgumentException($"{Operation}: expected {images} targets, one for each image, got {targets.Length}", nameof(targets));
        for (int n = 0; n < images; n++)
            if ((uint)targets[n] >= (uint)classes && targets[n] != _operands.IgnoreIndex)
                throw new ArgumentException(
                    $"{Operation}: expected targets from 0 to {classes - 1}, got {targets[n]} for image {n}", nameof(targets));
        if (_operands.Weight is { } weight && weight.Length != classes)
            throw new ArgumentException(
                $"{Operation}: expected input of {weight.Length} classes, one for each weight, got {Shapes.Text(input.Shape)}", nameof(input));

        if (_operands.Targets.Length < images)
            GiveRoom(images);
        targets.CopyTo(_operands.Targets);
        _operands.Input = input;
        _operands.Output = Tensor.Reuse(ref _softmax, Layout, input.Shape);
        Divisor = 0;
        for (int n = 0; n < images; n++)
            Divisor += _operands.Ignores(n) ? 0 : _operands.WeightOf(targets[n]);
    }

    internal Tensor ConnectBackward()
    {
        float each = _reduction == Reduction.Mean ? (float)Mean(1) : 1;
        for (int n = 0; n < _operands.Input.Images; n++)
            _operands.LossGradients[n] = _operands.Ignores(n) ? 0 : each;
        return _operands.InputGradient = Tensor.Reuse(ref _inputGradient, Layout, _operands.Input.Shape);
    }

    internal void ForwardBlock(int block) => _kernel.Forward(block);

    internal void BackwardBlock(int block) => _kernel.Backward(block);

    /// <summary>The sum of the images' losses, in order.</summary>
    internal double Sum()
    {
        double sum = 0;
        foreach (float loss in Losses)
            sum += loss;
        return sum;
    }

    /// <summary>The reduced loss for a sum of losses.</summary>
    internal double Reduced(double sum) => _reduction == Reduction.Mean ? Mean(sum) : sum;

    /// <summary>NaN if the divisor is 0, even if the sum is not: with label smoothing, an image whose target has weight 0 has a loss.</summary>
    private double Mean(double sum) => Divisor == 0 ? double.NaN : sum / Divisor;

    /// <summary>Allocates the arrays with one entry per image.</summary>
    private protected virtual void GiveRoom(int images) =>
        (_operands.Targets, _operands.Losses, _operands.LossGradients) = (new int[images], new float[images], new float[images]);

    /// <summary>Copies and checks the weights of the classes.</summary>
    /// <exception cref="ArgumentException">The list is empty, or a weight is negative or not finite.</exception>
    private protected static float[]? Weights(string operation, IReadOnlyList<float>? weight)
    {
        if (weight is null)
            return null;
        float[] copy = [.. weight];
        if (copy.Length == 0)
            throw new ArgumentException($"{operation}: expected a weight for each class, got none", nameof(weight));
        foreach (float value in copy)
            if (!(value >= 0 && float.IsFinite(value)))
                throw new ArgumentException($"{operation}: expected finite weights of 0 or more, got {value}", nameof(weight));
        return copy;
    }

    private Tensor BackwardBlocks()
    {
        Workers.Alone.Run(_operands.Input.Blocks, BackwardBlock);
        GC.KeepAlive(this); // as above
        return _operands.InputGradient!.Copy();
    }

    private void CheckReady()
    {
        if (!_ready)
            throw new InvalidOperationException($"{Operation}: Backward needs a Forward before it");
    }

    private void CheckShape(ReadOnlySpan<int> shape)
    {
        if (shape.Length != 2 || shape[1] < 1)
            throw Shapes.Wrong(Operation, "[N, classes]", shape);
    }
}
