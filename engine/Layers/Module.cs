using Conformance.Engine.Passes;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Layers;

/// <summary>
/// A layer, or a network of layers. It is not thread-safe, because it keeps what its backward pass needs.
/// </summary>
public abstract class Module
{
    private Chain? _chain;
    private Tensor? _input;
    private Tensor? _output;
    private Tensor? _outputGradient;
    private long _connection; // the connection to which _output belongs

    private protected Module()
    {
    }

    /// <summary>The operation, with PyTorch's functional name; used in messages.</summary>
    public abstract string Operation { get; }

    /// <summary>All trained parameters, in PyTorch's order.</summary>
    public abstract IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>State that is saved and not trained, such as running statistics, with PyTorch's names and in PyTorch's order.</summary>
    public virtual IReadOnlyList<ModuleBuffer> Buffers => [];

    /// <summary>
    /// Whether the module is in training mode or in evaluation mode. In training mode dropout drops elements and batch norm uses the batch's
    /// statistics. The default is true, as in PyTorch. A network sets it on all its children.
    /// </summary>
    public virtual bool Training { get; set; } = true;

    /// <summary>Runs the module on a batch. The input is copied, so it may be changed afterwards.</summary>
    /// <param name="input">The batch, <c>[N, C, H, W]</c> or <c>[N, F]</c>.</param>
    /// <returns>A new row-major tensor.</returns>
    /// <exception cref="ArgumentException">The module does not accept the input's shape.</exception>
    public Tensor Forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        Input(input.Shape).CopyFrom(input);
        return RunForward().Copy();
    }

    /// <summary>
    /// Runs the module from one span into another. Nothing is allocated if an earlier call had the same image shape and at least as many images.
    /// </summary>
    /// <param name="input">The batch's elements, row-major.</param>
    /// <param name="shape">The batch's shape: <c>[N, C, H, W]</c> or <c>[N, F]</c>.</param>
    /// <param name="output">Receives the output's elements, row-major.</param>
    /// <exception cref="ArgumentException">The length of a span does not fit its shape, or the module does not accept the shape.</exception>
    public void Forward(ReadOnlySpan<float> input, ReadOnlySpan<int> shape, Span<float> output)
    {
        Shapes.CheckCount(Operation, Shapes.Size(shape), input.Length, shape);
        Input(shape).CopyFrom(input);
        RunForward().CopyTo(output);
    }

    /// <summary>
    /// Propagates the gradient of a loss back through the last <see cref="Forward(Tensor)"/>, and overwrites the <see cref="Parameter.Gradient"/> of
    /// each parameter.
    /// </summary>
    /// <param name="outputGradient">∂loss/∂output, in the output's shape.</param>
    /// <returns>∂loss/∂input, a new row-major tensor.</returns>
    /// <exception cref="InvalidOperationException">There was no successful forward pass.</exception>
    /// <exception cref="ArgumentException">The gradient does not have the output's shape.</exception>
    public Tensor Backward(Tensor outputGradient)
    {
        ArgumentNullException.ThrowIfNull(outputGradient);
        Shapes.Check(Operation, "output gradient", Output.Shape, outputGradient.Shape);
        OutputGradient().CopyFrom(outputGradient);
        return RunBackward().Copy();
    }

    /// <summary>Propagates the gradient from one span into another. Nothing is allocated after the first call.</summary>
    /// <param name="outputGradient">∂loss/∂output, row-major.</param>
    /// <param name="inputGradient">Receives ∂loss/∂input, row-major.</param>
    /// <exception cref="InvalidOperationException">There was no successful forward pass.</exception>
    /// <exception cref="ArgumentException">A span does not have as many elements as the output or the input.</exception>
    public void Backward(ReadOnlySpan<float> outputGradient, Span<float> inputGradient)
    {
        OutputGradient().CopyFrom(outputGradient);
        RunBackward().CopyTo(inputGradient);
    }

    /// <summary>
    /// Returns the shape of the output for one image. Nothing is computed, and the last forward pass can't be continued by a backward pass.
    /// </summary>
    /// <exception cref="ArgumentException">A layer does not accept the shape of its input.</exception>
    internal int[] OutputShapeOf(ReadOnlySpan<int> image)
    {
        _output = null;
        return Chain.Connect(Tensor.Zeros([0, .. image])).Shape[1..].ToArray();
    }

    /// <summary>The layers of a pass, first to last: the layer itself, or all layers of a network.</summary>
    internal abstract IReadOnlyList<IPassStep> Steps { get; }

    /// <summary>The chain that runs passes through these layers.</summary>
    internal Chain Chain => _chain ??= new(Steps);

    /// <summary>
    /// The output of the last forward pass. It is no longer available after a trainer's step on the same network, or another connection.
    /// </summary>
    private Tensor Output => _output is not null && _connection == Chain.Connections
        ? _output
        : throw new InvalidOperationException($"{Operation}: Backward needs a Forward before it");

    /// <summary>Memory for the input, in the layout that the first layer needs.</summary>
    private Tensor Input(ReadOnlySpan<int> shape)
    {
        _output = null;
        if (shape.Length == 0)
            throw Shapes.Wrong(Operation, "with images as its first axis", shape);
        return Tensor.Reuse(ref _input, Chain.InputLayout, shape);
    }

    private Tensor RunForward()
    {
        var output = Chain.Connect(_input!);
        Chain.Forward(Workers.Alone);
        GC.KeepAlive(this); // kernels hold raw pointers into this module's tensors
        _connection = Chain.Connections;
        return _output = output;
    }

    /// <summary>Memory for the output gradient.</summary>
    private Tensor OutputGradient() => Tensor.Reuse(ref _outputGradient, Output.Layout, Output.Shape);

    private Tensor RunBackward()
    {
        var inputGradient = Chain.ConnectBackward(_outputGradient!, wanted: true)!;
        Chain.Backward(Workers.Alone);
        GC.KeepAlive(this); // as above
        return inputGradient;
    }
}
