namespace Conformance.Engine;

/// <summary>What becomes of the losses of a batch.</summary>
public enum Reduction
{
    /// <summary>Their mean over the images.</summary>
    Mean,

    /// <summary>Their sum.</summary>
    Sum,
}

/// <summary>What the loss and its kernels share. <see cref="Operands.Output"/> holds the softmax.</summary>
internal sealed class CrossEntropyOperands : Operands
{
    public int[] Targets = [];
    public float[] Losses = [];

    /// <summary>The factor of each image's gradient: 1/N for the mean, 1 for the sum.</summary>
    public float[] LossGradients = [];

    public int Classes => Input.Shape[1];
}

/// <summary>
/// Softmax cross-entropy, <c>−log(exp(x[t]) / Σ exp(x[c]))</c> in nats, as <c>torch.nn.CrossEntropyLoss</c> with class numbers as targets.
/// The largest logit is subtracted first and the logarithm taken of the sum, so that a hopeless image costs a large, finite loss.
/// </summary>
public sealed class CrossEntropyLoss
{
    private const string Name = "cross_entropy";
    private readonly CrossEntropyOperands _operands = new();
    private readonly Computation _computation;
    private readonly Reduction _reduction;
    private Tensor? _input;
    private Tensor? _softmax;
    private Tensor? _inputGradient;
    private bool _ready;

    /// <param name="kernels">Which kernel computes it; the fast one if null.</param>
    public CrossEntropyLoss(Reduction reduction = Reduction.Mean, Kernels? kernels = null)
    {
        _reduction = reduction;
        _computation = Computation.Of(Name, kernels, _operands);
    }

    /// <summary>The name of the kernel in use.</summary>
    public string Kernel => _computation.Kernel;

    /// <summary>The loss of each image of the last forward pass, before reduction (PyTorch's <c>reduction="none"</c>).</summary>
    public ReadOnlySpan<float> Losses => _operands.Losses.AsSpan(0, _operands.Input?.Images ?? 0);

    internal Layout Layout => _computation.Layout;

    /// <summary>The reduced loss.</summary>
    /// <param name="logits"><c>[N, classes]</c>; copied.</param>
    /// <param name="targets">A class from 0 for each image.</param>
    /// <exception cref="ArgumentException">A wrong shape, another number of targets, or a target that is no class.</exception>
    public float Forward(Tensor logits, ReadOnlySpan<int> targets)
    {
        ArgumentNullException.ThrowIfNull(logits);
        _ready = false;
        CheckShape(logits.Shape);
        Connect(Tensor.Reuse(ref _input, Layout, logits.Shape), targets);
        for (int block = 0; block < logits.Blocks; block++)
        {
            _input!.CopyBlock(logits, block);
            ForwardBlock(block);
        }
        _ready = true;
        double sum = Sum();
        return (float)(_reduction == Reduction.Mean ? sum / logits.Images : sum);
    }

    /// <summary>∂loss/∂logits of the last forward pass, <c>[N, classes]</c>.</summary>
    /// <exception cref="InvalidOperationException">There was no (successful) forward pass.</exception>
    public Tensor Backward()
    {
        CheckReady();
        ConnectBackward();
        return BackwardBlocks();
    }

    /// <summary>∂/∂logits of <c>Σ lossGradients[n] · Losses[n]</c>: the backward pass of the unreduced loss.</summary>
    /// <exception cref="InvalidOperationException">There was no (successful) forward pass.</exception>
    /// <exception cref="ArgumentException">Not one gradient for each image.</exception>
    public Tensor Backward(ReadOnlySpan<float> lossGradients)
    {
        CheckReady();
        Shapes.CheckCount(Name, _operands.Input.Images, lossGradients.Length, [_operands.Input.Images]);
        ConnectBackward();
        lossGradients.CopyTo(_operands.LossGradients);
        return BackwardBlocks();
    }

    /// <summary>Readies the loss for passes over this very tensor.</summary>
    internal void Connect(Tensor logits, ReadOnlySpan<int> targets)
    {
        CheckShape(logits.Shape);
        int images = logits.Images, classes = logits.Shape[1];
        if (targets.Length != images)
            throw new ArgumentException($"{Name}: expected {images} targets, one for each image, got {targets.Length}", nameof(targets));
        for (int n = 0; n < images; n++)
            if ((uint)targets[n] >= (uint)classes)
                throw new ArgumentException($"{Name}: expected targets from 0 to {classes - 1}, got {targets[n]} for image {n}", nameof(targets));

        if (_operands.Targets.Length < images)
            (_operands.Targets, _operands.Losses, _operands.LossGradients) = (new int[images], new float[images], new float[images]);
        targets.CopyTo(_operands.Targets);
        _operands.Input = logits;
        _operands.Output = Tensor.Reuse(ref _softmax, Layout, logits.Shape);
    }

    internal Tensor ConnectBackward()
    {
        int images = _operands.Input.Images;
        _operands.LossGradients.AsSpan(0, images).Fill(_reduction == Reduction.Mean ? 1f / images : 1f);
        return _operands.InputGradient = Tensor.Reuse(ref _inputGradient, Layout, _operands.Input.Shape);
    }

    internal void ForwardBlock(int block) => _computation.Forward(block);

    internal void BackwardBlock(int block) => _computation.Backward(block);

    /// <summary>The sum of the images' losses, in their order.</summary>
    internal double Sum()
    {
        double sum = 0;
        foreach (float loss in Losses)
            sum += loss;
        return sum;
    }

    private Tensor BackwardBlocks()
    {
        for (int block = 0; block < _operands.Input.Blocks; block++)
            BackwardBlock(block);
        GC.KeepAlive(this); // kernels hold bare pointers into this loss's tensors
        return _operands.InputGradient!.Copy();
    }

    private void CheckReady()
    {
        if (!_ready)
            throw new InvalidOperationException($"{Name}: Backward needs a Forward before it");
    }

    private static void CheckShape(ReadOnlySpan<int> shape)
    {
        if (shape.Length != 2 || shape[1] < 1)
            throw Shapes.Wrong(Name, "[N, classes]", shape);
    }
}
